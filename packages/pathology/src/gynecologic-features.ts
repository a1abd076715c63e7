import { highGrade, mitosesOver, present, sizeOver, type Criterion, type Pecoma } from "./pecoma.ts";

/** The five features of the gynecologic schemes: Folpe's without infiltration, and nuclear grade without cellularity. */
export function gynecologicFeatures(tumor: Pecoma): Record<string, Criterion> {
  return {
    size: sizeOver(tumor, "≥", { value: 5, unit: "cm" }),
    gradeAndCellularity: highGrade(tumor),
    mitoses: mitosesOver(tumor, ">", 1),
    necrosis: present(tumor, "necrosis"),
    lymphovascularInvasion: present(tumor, "lymphovascularInvasion"),
  };
}
