import { show, showNumber } from "@hapax/base";
import { atDiagnosis, known, type Assumption, type CaseView, type Finding, type Missing, type Stated, type TumorProfile } from "@hapax/case";
import { cite } from "@hapax/references";
import type { G } from "./chapter.ts";

export type Grade = Exclude<G, "GX">;
type Tumor = Pick<TumorProfile, "differentiation">;

/** Scores that each component can have with what is known. */
export interface FnclccScores {
  readonly differentiation: readonly number[];
  readonly mitoses: readonly number[];
  readonly necrosis: readonly number[];
}

/** Score of a mitotic rate per 10 high-power fields: below 10, 10 to below 20, 20 or more. */
export function mitoticScore(per10Hpf: number): 1 | 2 | 3 {
  return per10Hpf < 10 ? 1 : per10Hpf < 20 ? 2 : 3;
}

/** Score of necrosis: none, less than half, half or more of the tumor. */
export function necrosisScore(percent: number): 0 | 1 | 2 {
  return percent <= 0 ? 0 : percent < 50 ? 1 : 2;
}

/** Grade of a total score: 2 and 3 are G1, 4 and 5 G2, 6 to 8 G3. */
export function gradeOf(total: number): Grade {
  return total <= 3 ? "G1" : total <= 5 ? "G2" : "G3";
}

/** Every total that the components can add up to, lowest first. */
export function totals(scores: FnclccScores): number[] {
  const sums = scores.differentiation.flatMap((d) => scores.mitoses.flatMap((m) => scores.necrosis.map((n) => d + m + n)));
  return [...new Set(sums)].sort((a, b) => a - b);
}

const gradeNames: readonly Grade[] = ["G1", "G2", "G3"];
const rangeOf = (scores: readonly number[]) => (scores.length > 1 ? `${scores[0]} to ${scores.at(-1)}` : `${scores[0]}`);

/** The grade as a document states it, as the set that it can mean; "high" is G2 or G3. */
export function statedGrade(view: CaseView): { grades: readonly Grade[]; text: string; from: Stated["from"]; entry: string } | undefined {
  for (const stage of view.all("stage").reverse()) {
    const text = known(stage.g)?.trim();
    if (text === undefined) continue;
    // "G2", "grade 3", "2/3" (of three), "G2-3", "G2 or G3".
    const [, from, to = from] = /^(?:FNCLCC\s*)?(?:grade\s*|G\s*)?([123])(?:\s*(?:-|–|to|or)\s*G?\s*([123]))?\b/i.exec(text) ?? [];
    const grades = from !== undefined ? gradeNames.filter((g) => g >= `G${from}` && g <= `G${to}`) : /^(H\b|GH\b|high)/i.test(text) ? gradeNames.slice(1) : [];
    return { grades, text, from: stage.g?.from, entry: stage.id };
  }
  return undefined;
}

/** Component scores of a case, with the assumption on differentiation. */
export function fnclccScores(view: CaseView, tumor: Tumor | undefined): { scores: FnclccScores; assumption: Assumption | undefined; recorded: boolean } {
  const { inputs } = atDiagnosis(view);
  const { differentiation, mitoses, necrosis, necrosisPercent } = inputs;
  const expected = tumor?.differentiation;
  const assumption =
    differentiation !== undefined
      ? undefined
      : view.assume({
          key: "staging/fnclcc/differentiation",
          name: "Differentiation scores that are possible",
          value: rangeOf(expected?.scores ?? [1, 2, 3]),
          why: expected?.why ?? "not recorded, and nothing is known of this histology",
          options: ["1 to 3", "2 to 3", "1", "2", "3"],
        } as Assumption);
  const [low = 1, high = low] = String(assumption?.value ?? differentiation).split(" to ").map(Number);
  const allowed = [1, 2, 3].filter((s) => s >= low && s <= high);
  const per10 = mitoses && (mitoses.count * 10) / mitoses.hpf;
  return {
    assumption,
    recorded: differentiation !== undefined || mitoses !== undefined || necrosis !== undefined,
    scores: {
      // A range that a reader wrote and that holds no score leaves all three.
      differentiation: allowed.length > 0 ? allowed : [1, 2, 3],
      mitoses: per10 === undefined ? [1, 2, 3] : [mitoticScore(per10)],
      necrosis:
        necrosis === false ? [0]
        : necrosisPercent !== undefined ? [necrosisScore(necrosisPercent)]
        : necrosis === true ? [1, 2]
        : [0, 1, 2],
    },
  };
}

/**
 * Grade by the French system (FNCLCC): differentiation, mitoses and necrosis added up. What is not recorded stays a
 * range, and a differentiation is never inferred.
 *
 * @source fnclcc1984
 */
export function fnclcc(view: CaseView, tumor: Tumor | undefined): Finding<Grade> {
  const { inputs, origins } = atDiagnosis(view);
  const { scores, assumption, recorded } = fnclccScores(view, tumor);
  const sums = totals(scores);
  const possible = [...new Set(sums.map(gradeOf))];
  const value = possible.length === 1 ? possible[0] : undefined;
  const low = sums[0] ?? 2;
  const high = sums.at(-1) ?? 8;
  const stated = statedGrade(view);
  const agrees = stated === undefined || stated.grades.length === 0 || stated.grades.some((g) => possible.includes(g));
  const per10 = inputs.mitoses && (inputs.mitoses.count * 10) / inputs.mitoses.hpf;
  const entries = (key: "differentiation" | "mitoses" | "necrosis") => origins[key]?.entries ?? [];
  const narrowed = (part: Partial<FnclccScores>) => new Set(totals({ ...scores, ...part }).map(gradeOf)).size;
  const missing: Missing[] = [];
  const ask = (part: keyof FnclccScores, input: string) => {
    if (scores[part].length > 1 && scores[part].some((s) => narrowed({ [part]: [s] }) < possible.length)) {
      missing.push({ input, decides: `FNCLCC grade, now ${possible.join(" or ")}` });
    }
  };
  ask("differentiation", "Differentiation score");
  ask("mitoses", "Mitotic count");
  ask("necrosis", inputs.necrosis === true ? "Extent of necrosis" : "Necrosis");
  const arithmetic = `differentiation ${rangeOf(scores.differentiation)} + mitoses ${rangeOf(scores.mitoses)} + necrosis ${rangeOf(scores.necrosis)} = ${rangeOf(sums)}`;
  return {
    rule: "staging/fnclcc",
    question: "Grade, FNCLCC",
    status: !agrees ? "contradiction" : !recorded ? "not recorded" : value === undefined ? "undecided" : "determined",
    ...(value === undefined ? { possible } : { value }),
    bounds: { low, high, unit: "1" },
    text: recorded ? (value ?? `{${possible.join(", ")}}`) : "not recorded",
    brief: recorded ? `score ${rangeOf(sums)}${stated === undefined ? "" : `; stated ${stated.text}`}` : "no component of the score is recorded",
    because: [
      { text: `differentiation: ${inputs.differentiation === undefined ? "not recorded" : `score ${inputs.differentiation}`}`, entries: entries("differentiation"), met: inputs.differentiation === undefined ? undefined : true },
      {
        text: `mitoses: ${per10 === undefined ? "not recorded" : `${showNumber(Number(per10.toPrecision(3)))} per 10 HPF, score ${scores.mitoses[0]}`}`,
        entries: entries("mitoses"),
        met: per10 === undefined ? undefined : true,
      },
      {
        text: `necrosis: ${inputs.necrosis === undefined ? "not recorded" : inputs.necrosis ? (inputs.necrosisPercent === undefined ? "present, extent not recorded" : show({ value: inputs.necrosisPercent, unit: "%" })) : "absent"}`,
        entries: entries("necrosis"),
        met: inputs.necrosis,
      },
      { text: `${arithmetic}; 2 to 3 is G1, 4 to 5 G2, 6 to 8 G3` },
    ],
    missing: value === undefined ? missing : [],
    assumptions: assumption === undefined ? [] : [assumption],
    source: cite("fnclcc1984"),
    ...(stated === undefined ? {} : { stated: { text: stated.text, from: stated.from, agrees } }),
    caveats: [
      ...(stated !== undefined && agrees && value === undefined && stated.grades.length > 0 ? [`${stated.text} is stated; it is possible and cannot be derived from what is recorded`] : []),
      ...(inputs.mitoses !== undefined && inputs.mitoses.hpf !== 10 ? [`mitoses counted in ${inputs.mitoses.hpf} fields, scaled to 10`] : []),
    ],
    table: {
      columns: ["Component", "Possible scores"],
      rows: [
        ["Differentiation", scores.differentiation.join(", ")],
        ["Mitoses", scores.mitoses.join(", ")],
        ["Necrosis", scores.necrosis.join(", ")],
        ["Total", sums.join(", ")],
      ],
    },
  };
}
