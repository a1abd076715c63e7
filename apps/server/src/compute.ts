import type { CaseRecord, Finding, RuleInfo, ViewOptions } from "@hapax/case";

export type ReportKind = "html" | "pdf" | "docx";
export type FigureKind = "svg" | "png" | "tsv";

/** A case worked up, as far as it is told over the wire. */
export interface Worked {
  readonly findings: readonly Finding[];
  readonly lead: string;
  readonly open: readonly unknown[];
}

/** A rule, and the file in which it is written. */
export interface RuleRow extends RuleInfo {
  readonly file: string;
}

/** What the server and the command line let the packages of the house compute. */
export interface Compute {
  workup(record: CaseRecord, options?: ViewOptions): Worked;
  /** A case in one row. */
  summary(record: CaseRecord): Readonly<Record<string, string | number | boolean | null>>;
  readonly rules: readonly RuleRow[];
  report(record: CaseRecord, kind: ReportKind, options?: ViewOptions): Promise<Uint8Array>;
  readonly figures: readonly string[];
  /** @throws server/figure when there is none of that name */
  figure(record: CaseRecord, name: string, kind: FigureKind, options?: ViewOptions): Promise<Uint8Array>;
}
