import { show } from "@hapax/base";
import type { Entry } from "./entries.ts";
import { known } from "./facts.ts";

/** Short name of an entry for rows, lanes and links; its own label where it has one. */
export function titleOf(entry: Entry): string {
  if (entry.label !== undefined) return entry.label;
  switch (entry.kind) {
    case "complaint":
    case "examination":
    case "observation":
    case "procedure":
    case "decision":
    case "complication":
    case "encounter":
      return entry.what;
    case "lesion":
    case "drug":
      return entry.name;
    case "imaging":
      return `${entry.modality} ${entry.region}`;
    case "measurement":
      return `${entry.diameters.map((d) => d.value).join(" × ")} ${entry.diameters[0]?.unit ?? ""}`;
    case "specimen":
      return `${entry.method}, ${entry.site}`;
    case "histology":
      return entry.diagnosis;
    case "stain":
      return entry.marker;
    case "molecular":
      return entry.gene;
    case "stage":
      return `${entry.system} ${known(entry.group) ?? ""}`.trim();
    case "lab": {
      const value = known(entry.value);
      return value === undefined ? entry.analyte : `${entry.analyte} ${show(value)}`;
    }
    case "transfusion":
      return "transfusion";
    case "drugLevel": {
      const value = known(entry.value);
      return value === undefined ? "drug level" : `level ${show(value)}`;
    }
    case "radiotherapy": {
      const doses = entry.volumes.flatMap((v) => known(v.dose)?.value ?? []);
      const fractions = known(entry.fractions);
      if (doses.length === 0) return entry.technique;
      return `${entry.technique} ${doses.join(" and ")} Gy${fractions === undefined ? "" : ` in ${fractions}`}`;
    }
    case "outcome":
      return entry.status;
    case "statement":
      return entry.topic;
    case "claim":
      return `${entry.reference}: ${entry.topic}`;
  }
}
