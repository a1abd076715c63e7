import type { Provenance } from "./facts.ts";
import type { Reference } from "@hapax/references";

/** `discipline/rule`: its file, its test, its citation key, and what `hapax explain` prints. */
export type RuleId = `${string}/${string}`;

/**
 * `determined` the inputs recorded suffice · `undecided` several values are possible · `not recorded` nothing to
 * begin with · `contradiction` two readings, or stated against computed · `out of scope` the rule is not for this
 * case · `not applicable` its conditions do not hold · `pending` its definition has not been found
 */
export type Status =
  | "determined"
  | "undecided"
  | "not recorded"
  | "contradiction"
  | "out of scope"
  | "not applicable"
  | "pending";

/** One step of the reasoning, in words, with the entries of the record that it rests on. */
export interface Reason {
  readonly text: string;
  readonly entries?: readonly string[];
  /** For a feature or criterion: met, not met, or undefined when not recorded. */
  readonly met?: boolean | undefined;
}

/** An input that is not recorded, and what it would settle. */
export interface Missing {
  readonly input: string;
  readonly decides: string;
  /** Why it is missing, where the record says; not recorded otherwise. */
  readonly state?: "not recorded" | "not performed" | "uncertain";
}

/** Something taken as given that the record does not say; the reader can change it. */
export interface Assumption {
  /** Stable key, `rule/name`; `workup(record, { assume: { [key]: value } })` changes it. */
  readonly key: string;
  readonly name: string;
  readonly value: string | number | boolean;
  readonly unit?: string;
  readonly why: string;
  /** Other values worth trying. */
  readonly options?: readonly (string | number | boolean)[];
}

/** What a document states, beside what was computed. */
export interface Stated {
  readonly text: string;
  readonly from?: readonly Provenance[] | undefined;
  readonly agrees: boolean;
}

/** A small table that belongs to a finding: alternatives, doses, hypotheses. Cells are text, ready to read. */
export interface FindingTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * A conclusion: what, why, what is missing, where from. `value` is set when one value is determined; with too
 * little recorded it is undefined and `possible` or `bounds` say what remains.
 */
export interface Finding<T = unknown> {
  readonly rule: RuleId;
  /** Distinguishes several findings of one rule: a study, a course, an organ. */
  readonly subject?: string;
  /** What it answers, as a row label: "Risk, Bleeker 2012". */
  readonly question: string;
  readonly status: Status;
  readonly value?: T | undefined;
  readonly possible?: readonly T[];
  readonly bounds?: { readonly low: number; readonly high: number; readonly unit: string };
  /** The value for the eye, with unit and conditions; braces for sets: "{G2, G3}". */
  readonly text: string;
  /** One line for a closed row. */
  readonly brief: string;
  readonly because: readonly Reason[];
  readonly missing: readonly Missing[];
  readonly assumptions: readonly Assumption[];
  readonly source: readonly Reference[];
  readonly stated?: Stated | undefined;
  readonly caveats?: readonly string[];
  /** What rests on memory and not on a source that was read; shown with a dotted underline. */
  readonly unverified?: readonly string[];
  readonly table?: FindingTable;
}

/** Key of a finding among findings: its rule, and its subject where one rule answers several times. */
export function keyOf(finding: Pick<Finding, "rule" | "subject">): string {
  return finding.subject === undefined ? finding.rule : `${finding.rule}#${finding.subject}`;
}

/** A rule as the table of all rules shows it. */
export interface RuleInfo {
  readonly id: RuleId;
  readonly question: string;
  readonly about: string;
  readonly source: readonly Reference[];
}
