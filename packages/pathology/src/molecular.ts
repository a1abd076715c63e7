import { known, stateOf, type CaseView, type Finding, type Reason } from "@hapax/case";
import { cite, type CitationKey } from "@hapax/references";
import { stainsOf } from "./ihc-profile.ts";

/** One test of a tumor and what its result would change. */
interface Test {
  readonly subject: "tfe3" | "tsc" | "pd-l1";
  readonly name: string;
  readonly genes: RegExp;
  readonly stain?: string;
  readonly changes: readonly string[];
  readonly leaves: string;
  readonly source: readonly CitationKey[];
  readonly unverified?: readonly string[];
  readonly decides: string;
}

const tests: readonly Test[] = [
  {
    subject: "tfe3",
    name: "TFE3",
    genes: /^TFE3\b/i,
    stain: "TFE3",
    decides: "molecular subgroup; evidence of VEGFR and mTOR inhibitors; prognosis",
    changes: [
      "subgroup: tumors with altered TFE3 stand apart from those with altered TSC1 or TSC2",
      "evidence of VEGFR inhibitors: single patients with TFE3 rearrangement (apatinib, pazopanib)",
      "prognosis: over-expression went with death in 29 patients of one institution (hazard ratio 11.8, P = 0.04)",
      "what to expect of mTOR inhibitors, through the TSC genes",
    ],
    leaves: "every count of features, the grade and the stage",
    source: ["testa2023", "apatinib2020"],
    unverified: ["that TFE3 and TSC alterations largely exclude each other is recalled"],
  },
  {
    subject: "tsc",
    name: "TSC1 and TSC2",
    genes: /^TSC[12]?\b|^TSC1\/(TSC)?2/i,
    decides: "which responses of the AMPECT trial apply",
    changes: [
      "evidence of mTOR inhibitors: in AMPECT 8 of 9 tumors with altered TSC2 responded, 2 of 16 without (P < 0.001)",
      "altered TSC1: 1 of 5 responded; neither altered: 1 of 11",
      "tuberous sclerosis would come into question",
    ],
    leaves: "risk class, grade and stage",
    source: ["wagner2021"],
  },
  {
    subject: "pd-l1",
    name: "PD-L1",
    genes: /^(PD-?L1|CD274)\b/i,
    stain: "PD-L1",
    decides: "whether the evidence of immunotherapy applies",
    changes: ["evidence of immunotherapy: single patients with PD-L1 on the tumor"],
    leaves: "risk class, grade and stage",
    source: ["mcbride2021"],
  },
];

type Result = "altered" | "not altered" | "positive" | "negative" | "uncertain";

/** What TFE3, TSC1/2 and PD-L1 say or, where not tested, would change: one finding each. */
export function molecular(view: CaseView): Finding<Result>[] {
  return tests.map((test) => {
    const entries = view.all("molecular").filter((m) => test.genes.test(m.gene.trim()));
    const stain = test.stain === undefined ? undefined : stainsOf(view).find((s) => s.marker.marker === test.stain);
    const because: Reason[] = [];
    const values: Result[] = [];
    for (const entry of entries) {
      const result = entry.state === "recorded" ? known(entry.result) : undefined;
      const how = [known(entry.method), known(entry.variant)].filter((w) => w !== undefined).join(", ");
      because.push({ text: `${entry.gene}: ${result ?? stateOfEntry(entry)}${how === "" ? "" : ` (${how})`}`, entries: [entry.id] });
      if (result !== undefined) values.push(result === "uncertain significance" ? "uncertain" : result);
    }
    if (stain !== undefined) {
      because.push({ text: `stain: ${stain.result}`, entries: stain.entries });
      if (stain.result === "positive" || stain.result === "focal") values.push("positive");
      if (stain.result === "negative") values.push("negative");
      if (stain.result === "equivocal") values.push("uncertain");
    }
    const cathepsin = test.subject === "tfe3" ? stainsOf(view).find((s) => s.marker.marker === "Cathepsin K") : undefined;
    if (cathepsin?.result === "positive" && values.length === 0) {
      because.push({ text: "cathepsin K is positive; TFE3 drives it, but it is positive in other PEComas too", entries: cathepsin.entries });
    }
    const abnormal = values.find((v) => v === "altered" || v === "positive");
    const value = abnormal ?? values.find((v) => v !== "uncertain") ?? values[0];
    const states = [...entries.map(stateOfEntry), ...(stain === undefined ? [] : [stain.result])];
    const notDone = value === undefined && states.includes("not performed") ? "not performed" : value === undefined && states.includes("uncertain") ? "uncertain" : "not recorded";
    const normal = values.some((v) => v === "not altered" || v === "negative");
    return {
      rule: "pathology/molecular",
      subject: test.subject,
      question: test.name,
      status: value === undefined ? "not recorded" : abnormal !== undefined && normal && test.subject !== "tsc" ? "contradiction" : value === "uncertain" ? "undecided" : "determined",
      ...(value === undefined || value === "uncertain" ? {} : { value }),
      text: value ?? notDone,
      brief: value === undefined ? `would change: ${test.decides}` : `bears on: ${test.decides}`,
      because: [
        ...because,
        ...test.changes.map((text) => ({ text })),
        { text: `it would not change ${test.leaves}` },
      ],
      missing: value === undefined || value === "uncertain" ? [{ input: test.name, decides: test.decides, state: value === undefined ? notDone : "uncertain" }] : [],
      assumptions: [],
      source: cite(...test.source),
      ...(test.unverified === undefined ? {} : { unverified: test.unverified }),
      table: { columns: [`What ${test.name} ${value === undefined ? "would change" : "bears on"}`], rows: test.changes.map((c) => [c]) },
    };
  });
}

function stateOfEntry(entry: { state: string; result?: Parameters<typeof stateOf>[0] }): string {
  return entry.state === "recorded" ? stateOf(entry.result) : entry.state === "planned, not given" ? "not performed" : entry.state;
}
