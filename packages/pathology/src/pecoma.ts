import { convert, show, showNumber, type Quantity } from "@hapax/base";
import {
  allOf, atDiagnosis, describeSize, inputNames, moreThan, atLeast,
  type AtDiagnosis, type CaseView, type DiagnosisInputs, type DiagnosisKey, type Origin, type Tri,
} from "@hapax/case";

/** A PEComa as the schemes see it. Every input may be undefined: not recorded, which is never absent. */
export interface Pecoma extends DiagnosisInputs {
  /** Where each input comes from. */
  readonly origins?: AtDiagnosis["origins"];
  /** Sizes by other methods, in words and centimeters. */
  readonly otherSizes?: readonly { readonly says: string; readonly cm: number }[];
  readonly conflicts?: readonly string[];
  /** Where it is, in the words of the record. */
  readonly place?: string | undefined;
  /** Names of lesions recorded as nodal or metastatic. */
  readonly spread?: readonly string[];
}

/** Collects the inputs of the schemes from a case, with what the reader supposes in the place of what is recorded. */
export function gatherPecoma(view: CaseView): Pecoma {
  const { inputs, origins, conflicts, otherSizes } = atDiagnosis(view);
  const role = (l: ReturnType<typeof lesions>[number]) => (l.role?.state === "recorded" ? l.role.value : undefined);
  const lesions = () => view.all("lesion");
  return {
    ...inputs,
    origins,
    conflicts,
    otherSizes: otherSizes.map((p) => ({ says: describeSize(p), cm: p.diametersCm[0] ?? 0 })),
    place: lesions().find((l) => role(l) === "primary")?.site,
    spread: lesions().filter((l) => role(l) === "nodal" || role(l) === "metastasis").map((l) => l.name),
  };
}

/** One criterion of a scheme: what it asks, whether it is met, and what it rests on. */
export interface Criterion {
  /** As a reason names it: "size > 5 cm". */
  readonly name: string;
  /** As a cell of the matrix names it: "> 5 cm". */
  readonly asks: string;
  readonly met: Tri;
  /** What to record where it is undefined. */
  readonly input: string;
  /** The value as recorded. */
  readonly says: string;
  readonly origin: Origin;
  /** A value that lies on the cut, or measurements on both of its sides. */
  readonly caveats: readonly string[];
}

/** Which side of a cut a value on it belongs to. */
export type Comparator = ">" | "≥";

const nothing: Origin = { state: "not recorded", entries: [] };

function originOf(tumor: Pecoma, key: DiagnosisKey): Origin {
  return tumor.origins?.[key] ?? (tumor[key] === undefined ? nothing : { state: "recorded", entries: [] });
}

const passes = (value: number, comparator: Comparator, cut: number) => (comparator === ">" ? value > cut : value >= cut);

/** Size against a cut. */
export function sizeOver(tumor: Pecoma, comparator: Comparator, cut: Quantity): Criterion {
  const asks = `${comparator} ${show(cut)}`;
  const met = (comparator === ">" ? moreThan : atLeast)(tumor.size, cut);
  const origin = originOf(tumor, "size");
  const caveats: string[] = [];
  if (tumor.size !== undefined && convert(tumor.size, cut.unit) === cut.value) {
    caveats.push(`boundary: the size is exactly ${show(cut)}, where > and ≥ differ`);
  }
  for (const other of tumor.otherSizes ?? []) {
    if (met !== undefined && passes(other.cm, comparator, convert(cut, "cm")) !== met) {
      caveats.push(`by another measurement (${other.says}) the size ${met ? "is not" : "is"} ${asks}`);
    }
  }
  const range = (tumor.otherSizes ?? []).map((o) => o.says).join("; ");
  const how = [origin.says ?? "", range === "" ? "" : `also ${range}`].filter((w) => w !== "").join("; ");
  const says = tumor.size === undefined ? "" : `${show(tumor.size)}${how === "" ? "" : ` (${how})`}`;
  return { name: `size ${asks}`, asks, met, input: inputNames.size, says, origin, caveats };
}

/** Mitoses scaled to 50 high-power fields; undefined when not counted. */
export function mitosesPer50(tumor: Pecoma): number | undefined {
  // Twelve digits, so that 1 in 50 stays exactly on the cut of 1.
  return tumor.mitoses && Number(((tumor.mitoses.count * 50) / tumor.mitoses.hpf).toPrecision(12));
}

/** Mitotic count in words: "3 in 10 HPF = 15 per 50 HPF". */
export function sayMitoses(tumor: Pecoma): string {
  const { mitoses } = tumor;
  if (mitoses === undefined) return "";
  const area = mitoses.hpfAreaMm2 === undefined ? "" : `, ${showNumber(mitoses.hpfAreaMm2)} mm² each`;
  const scaled = mitoses.hpf === 50 ? "" : ` = ${showNumber(Number((mitosesPer50(tumor) ?? 0).toPrecision(3)))} per 50 HPF, scaled`;
  return `${showNumber(mitoses.count)} in ${showNumber(mitoses.hpf)} HPF${area}${scaled}`;
}

/** Mitoses per 50 high-power fields against a cut. */
export function mitosesOver(tumor: Pecoma, comparator: Comparator, cut: number): Criterion {
  const rate = mitosesPer50(tumor);
  const asks = `${comparator} ${cut}`;
  const met = rate === undefined ? undefined : passes(rate, comparator, cut);
  const caveats: string[] = [];
  if (rate === cut) caveats.push(`boundary: mitoses are exactly ${cut} per 50 HPF, where > and ≥ differ`);
  if (met === false && tumor.atypicalMitoses === true) {
    caveats.push("atypical mitoses are recorded; a secondary list (PathologyOutlines) counts them whatever their number");
  }
  return {
    name: `mitoses ${asks} per 50 HPF`, asks, met, input: inputNames.mitoses, says: sayMitoses(tumor),
    origin: originOf(tumor, "mitoses"), caveats,
  };
}

/** A feature that is present, absent or not recorded. */
export function present(tumor: Pecoma, key: "infiltrative" | "necrosis" | "lymphovascularInvasion" | "pleomorphismOnly"): Criterion {
  const met = tumor[key];
  const origin = originOf(tumor, key);
  const name = inputNames[key].toLowerCase();
  const how = origin.state !== "recorded" || origin.says === undefined ? "" : ` (${origin.says})`;
  return { name, asks: "present", met, input: inputNames[key], says: met === undefined ? "" : `${met ? "present" : "absent"}${how}`, origin, caveats: [] };
}

/** High nuclear grade: low and intermediate do not count. */
export function highGrade(tumor: Pecoma): Criterion {
  const { nuclearGrade } = tumor;
  return {
    name: "high nuclear grade", asks: "high grade", met: nuclearGrade === undefined ? undefined : nuclearGrade === "high",
    input: inputNames.nuclearGrade, says: nuclearGrade === undefined ? "" : `grade ${nuclearGrade}`, origin: originOf(tumor, "nuclearGrade"), caveats: [],
  };
}

/** High nuclear grade and high cellularity together: one feature. */
export function highGradeAndCellularity(tumor: Pecoma): Criterion {
  const grade = highGrade(tumor);
  const { highCellularity } = tumor;
  const says = [grade.says, highCellularity === undefined ? "" : highCellularity ? "high cellularity" : "cellularity not high"].filter((s) => s !== "");
  const input =
    grade.met === undefined && highCellularity === undefined ? "Nuclear grade and cellularity"
    : grade.met === undefined ? inputNames.nuclearGrade
    : inputNames.highCellularity;
  const origins = [grade.origin, originOf(tumor, "highCellularity")];
  return {
    name: "high nuclear grade and cellularity", asks: "both", met: allOf(grade.met, highCellularity), input,
    says: says.join(", "), caveats: [],
    origin: { state: origins.find((o) => o.state !== "recorded")?.state ?? "recorded", entries: [...new Set(origins.flatMap((o) => o.entries))] },
  };
}

/** Male sex; a sex that is neither male nor female leaves the item open. */
export function male(tumor: Pecoma): Criterion {
  const met = tumor.sex === "male" ? true : tumor.sex === "female" ? false : undefined;
  return { name: "male sex", asks: "male", met, input: inputNames.sex, says: tumor.sex ?? "", origin: originOf(tumor, "sex"), caveats: [] };
}

/** Positive margins, R1 or R2. */
export function positiveMargins(tumor: Pecoma): Criterion {
  const { margins } = tumor;
  return {
    name: "margins R1 or R2", asks: "R1, R2", met: margins === undefined ? undefined : margins !== "R0", input: inputNames.margins,
    says: margins ?? "", origin: originOf(tumor, "margins"), caveats: [],
  };
}

/** Any mitotic figure at all. */
export function mitoticActivity(tumor: Pecoma): Criterion {
  const met = tumor.atypicalMitoses === true ? true : tumor.mitoses && tumor.mitoses.count > 0;
  return {
    name: "mitotic activity", asks: "> 0", met, input: inputNames.mitoses,
    says: tumor.mitoses === undefined && met ? "atypical mitoses" : sayMitoses(tumor), origin: originOf(tumor, "mitoses"), caveats: [],
  };
}
