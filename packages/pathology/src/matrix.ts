import { inputNames, type CaseView, type SchemeCell, type SchemeMatrix } from "@hapax/case";
import { bennettScheme } from "./bennett2018.ts";
import { bleekerScheme } from "./bleeker2012.ts";
import { folpeScheme } from "./folpe2005.ts";
import { garzonScheme } from "./garzon2022.ts";
import { modifiedFolpe } from "./modified-folpe.ts";
import { pecProScheme } from "./pec-pro.ts";
import {
  gatherPecoma, highGradeAndCellularity, mitosesOver, positiveMargins, present, male, sizeOver, type Criterion, type Pecoma,
} from "./pecoma.ts";
import { schoolmeesterScheme } from "./schoolmeester2014.ts";
import { answer, braces, countBoxes, siteScope, type Scheme } from "./scheme.ts";
import { whoGynecologicScheme } from "./who-gynecologic-2020.ts";
import { whoSoftTissueScheme } from "./who-soft-tissue-2020.ts";

type Row = SchemeMatrix["features"][number];
interface RowOf {
  readonly key: string;
  readonly name: string;
  readonly tries: Row["tries"];
  recorded(tumor: Pecoma): Pick<Criterion, "says" | "origin">;
}

const yesNo: Row["tries"] = [
  { name: "present", value: true },
  { name: "absent", value: false },
];

/** The rows, in the order a pathologist's report has them; each key is what `suppose` takes. */
const rows: readonly RowOf[] = [
  {
    key: "size",
    name: inputNames.size,
    tries: [3, 5, 6, 9].map((value) => ({ name: `${value} cm`, value: { value, unit: "cm" } })),
    recorded: (t) => ({ ...sizeOver(t, ">", { value: 5, unit: "cm" }), says: t.size === undefined ? "" : `${t.size.value} ${t.size.unit}` }),
  },
  { key: "infiltrative", name: inputNames.infiltrative, tries: yesNo, recorded: (t) => present(t, "infiltrative") },
  {
    key: "gradeAndCellularity",
    name: "Nuclear grade and cellularity",
    tries: [
      { name: "high grade, high cellularity", value: { nuclearGrade: "high", highCellularity: true } },
      { name: "high grade, cellularity not high", value: { nuclearGrade: "high", highCellularity: false } },
      { name: "low grade", value: { nuclearGrade: "low", highCellularity: false } },
    ],
    recorded: highGradeAndCellularity,
  },
  {
    key: "mitoses",
    name: "Mitoses per 50 HPF",
    tries: [0, 1, 3, 6].map((count) => ({ name: `${count} per 50 HPF`, value: { count, hpf: 50 } })),
    recorded: (t) => mitosesOver(t, ">", 1),
  },
  { key: "necrosis", name: inputNames.necrosis, tries: yesNo, recorded: (t) => present(t, "necrosis") },
  { key: "lymphovascularInvasion", name: inputNames.lymphovascularInvasion, tries: yesNo, recorded: (t) => present(t, "lymphovascularInvasion") },
  { key: "pleomorphismOnly", name: inputNames.pleomorphismOnly, tries: yesNo, recorded: (t) => present(t, "pleomorphismOnly") },
  {
    key: "siteGroup",
    name: inputNames.siteGroup,
    tries: [
      { name: "uterus", value: "uterus" },
      { name: "other gynecologic", value: "other gynecologic" },
      { name: "not gynecologic", value: "other" },
    ],
    recorded: (t) => ({
      says: siteScope({ siteGroup: t.siteGroup }, "uterine").says,
      origin: t.origins?.siteGroup ?? { state: t.siteGroup === undefined ? "not recorded" : "recorded", entries: [] },
    }),
  },
  {
    key: "resection",
    name: "Resected; margins",
    tries: [
      { name: "resected, R0", value: { resected: true, margins: "R0" } },
      { name: "resected, R1", value: { resected: true, margins: "R1" } },
      { name: "not resected", value: { resected: false, margins: null } },
    ],
    recorded: (t) => {
      const margins = positiveMargins(t);
      const says = t.resected === undefined ? "" : t.resected ? ["resected", margins.says || "margins not recorded"].join(", ") : "not resected";
      return { says, origin: t.origins?.resected ?? { state: t.resected === undefined ? "not recorded" : "recorded", entries: [] } };
    },
  },
  { key: "sex", name: inputNames.sex, tries: [{ name: "male", value: "male" }, { name: "female", value: "female" }], recorded: male },
];

/** Rows that hold a criterion of another name. */
const rowOf: Readonly<Record<string, string>> = { margins: "resection" };

/** Every scheme of a PEComa, filled in for one case. */
export function schemesOf(tumor: Pecoma, view: Pick<CaseView, "assume">): Scheme<string>[] {
  return [
    folpeScheme(tumor, view.assume),
    whoSoftTissueScheme(tumor, view.assume),
    bleekerScheme(tumor),
    schoolmeesterScheme(tumor),
    bennettScheme(tumor),
    whoGynecologicScheme(tumor),
    garzonScheme(tumor),
    pecProScheme(tumor, view.assume),
  ];
}

/** All schemes side by side: features down, schemes across; what is not used is said. */
export function matrix(view: CaseView): SchemeMatrix {
  const tumor = gatherPecoma(view);
  const schemes = schemesOf(tumor, view);
  const pending = modifiedFolpe();
  return {
    features: rows.map((row) => {
      const { says, origin } = row.recorded(tumor);
      const cells = Object.fromEntries(schemes.map((scheme) => [scheme.rule, cellOf(scheme, row.key)]));
      // Modified Folpe takes features whose list is not known; the place of the tumor and its resection are not among them.
      const featureRow = !["siteGroup", "resection", "sex", "pleomorphismOnly"].includes(row.key);
      return {
        key: row.key,
        name: row.name,
        recorded: says === "" ? undefined : says,
        state: says !== "" || origin.state === "supposed" ? "recorded" : origin.state,
        tries: row.tries,
        cells: { ...cells, [pending.rule]: { role: featureRow ? "pending" : "not used" } satisfies SchemeCell },
      };
    }),
    schemes: [
      ...schemes.map((scheme) => ({
        key: scheme.rule,
        name: scheme.name,
        edition: scheme.edition,
        group: scheme.group,
        count: countBoxes(scheme),
        finding: answer(scheme),
        ...(scheme.scope?.holds === false ? { ifForced: forced(scheme) } : {}),
      })),
      { key: pending.rule, name: "Folpe", edition: "modified", group: "modified Folpe", finding: pending },
    ],
  };
}

function cellOf(scheme: Scheme<string>, row: string): SchemeCell {
  if (scheme.scope?.row === row && (row !== "resection" || scheme.scope.holds !== true)) {
    return { role: "condition", asks: scheme.scope.asks, met: scheme.scope.holds };
  }
  const entry = Object.entries({ ...scheme.features, ...scheme.besides }).find(([key]) => (rowOf[key] ?? key) === row);
  return entry === undefined ? { role: "not used" } : { role: "used", asks: entry[1].asks, met: entry[1].met };
}

/** What a scheme would say if its condition were taken as met. */
function forced(scheme: Scheme<string>): string {
  const { scope: _scope, ...rest } = scheme;
  const finding = answer(rest);
  if (finding.value !== undefined) return `${finding.text}`;
  return finding.possible === undefined ? finding.text : `open: ${finding.status === "undecided" ? finding.text : braces(finding.possible.map(String))}`;
}
