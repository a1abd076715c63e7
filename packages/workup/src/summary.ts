import { show } from "@hapax/base";
import { known, type CaseRecord } from "@hapax/case";
import type { Workup } from "./workup.ts";

/** A case in one row: what the list of cases and a cohort filter use. */
export interface CaseSummary {
  readonly name: string;
  readonly who: string;
  readonly what: string;
  readonly now: string;
  readonly tumor: string;
  readonly sex: string | null;
  readonly ageYears: number | null;
  readonly undecided: number;
  readonly contradictory: number;
}

const sexes = { male: "Man", female: "Woman", other: "Person" } as const;

/** "Man, 59 years", with what is not recorded said. */
export function whoIs(record: CaseRecord): string {
  const sex = known(record.patient.sex);
  const age = known(record.patient.age);
  return `${sex === undefined ? "Sex not recorded" : sexes[sex]}, ${age === undefined ? "age not recorded" : show(age)}`;
}

/** Where the case stands: its outcome, or the last of its time points. */
export function whereNow(record: CaseRecord): string {
  const outcome = record.entries.findLast((e) => e.kind === "outcome");
  if (outcome?.kind === "outcome") {
    const place = known(outcome.place);
    const when = outcome.when?.date ?? "date not recorded";
    return `${outcome.status}${place === undefined ? "" : `, ${place}`}, ${when}`;
  }
  const last = record.timePoints.at(-1);
  return last === undefined ? "no time point recorded" : `${last.id}, ${last.label}`;
}

export function summaryOf({ view, findings }: Workup): CaseSummary {
  const { record } = view;
  return {
    name: record.name,
    who: whoIs(record),
    what: record.title,
    now: whereNow(record),
    tumor: record.tumor,
    sex: known(record.patient.sex) ?? null,
    ageYears: known(record.patient.age)?.value ?? null,
    undecided: findings.filter((f) => f.status === "undecided").length,
    contradictory: findings.filter((f) => f.rule.startsWith("audit/") && f.status === "contradiction").length,
  };
}
