import { audit } from "@hapax/audit";
import {
  keyOf,
  viewOf,
  type CaseRecord,
  type CaseView,
  type Entry,
  type EntryOf,
  type Finding,
  type TumorProfile,
  type ViewOptions,
} from "@hapax/case";
import { evidence } from "@hapax/evidence";
import { imaging } from "@hapax/imaging";
import { labs } from "@hapax/labs";
import { radiobiology } from "@hapax/radiobiology";
import { radiotherapy } from "@hapax/radiotherapy";
import { staging } from "@hapax/staging";
import { systemic } from "@hapax/systemic";
import { leadSentence } from "./lead.ts";
import { openQuestions, type OpenQuestion } from "./open.ts";
import { timing } from "./timing.ts";
import { tumors as knownTumors } from "./tumors.ts";
import { computed } from "./uncomputed.ts";

export interface WorkupOptions extends ViewOptions {
  /** Tumors known; the list of the house unless a test brings another. */
  readonly tumors?: readonly TumorProfile[];
}

/** A treatment or test that was decided on or considered and did not happen. */
export interface NotDone {
  readonly entry: Entry;
  readonly reason: string | undefined;
}

/** A decision as recorded, with the findings that bear on it. */
export interface DecisionBeside {
  readonly decision: EntryOf<"decision">;
  readonly findings: readonly Finding[];
}

/** Everything that a board reads of a case. */
export interface Workup {
  readonly view: CaseView;
  readonly tumor: TumorProfile | undefined;
  /** Every finding, in the order a board reads them. */
  readonly findings: readonly Finding[];
  readonly byKey: Readonly<Record<string, Finding>>;
  /** The case in one sentence, from the record and its findings. */
  readonly lead: string;
  readonly open: readonly OpenQuestion[];
  readonly notDone: readonly NotDone[];
  readonly decisions: readonly DecisionBeside[];
}

/**
 * Works a case up: every rule, in the order a board reads them, and then the audit of what the documents state.
 *
 * @param record   the case
 * @param options  known up to (`asOf`), assumptions changed, inputs tried
 * @throws         case/time-point when `asOf` is not a time point of the case
 */
export function workup(record: CaseRecord, options: WorkupOptions = {}): Workup {
  const { tumors = knownTumors, ...viewOptions } = options;
  const view = viewOf(record, viewOptions);
  const tumor = tumors.find((t) => t.key === record.tumor);
  const studies = tumor?.studies ?? [];
  const inOrder: readonly (readonly [part: string, find: () => readonly Finding[]])[] = [
    ["Pathology", () => tumor?.findings(view) ?? []],
    ["Stage", () => staging(view, tumor)],
    ["Response", () => imaging(view)],
    ["Radiotherapy", () => radiotherapy(view)],
    ["Radiobiology", () => radiobiology(view, studies)],
    ["Drugs", () => systemic(view, tumor?.drugs ?? [])],
    ["Labs", () => labs(view)],
    ["Time", () => timing(view)],
    ["Evidence", () => evidence(view, studies)],
  ];
  const found = inOrder.flatMap(([part, find]) => computed(part, find));
  const findings = [...found, ...computed("Audit", () => audit(view, found, studies))];
  return {
    view,
    tumor,
    findings,
    byKey: Object.fromEntries(findings.map((f) => [keyOf(f), f])),
    lead: leadSentence(view, tumor, findings),
    open: openQuestions(findings),
    notDone: view.record.entries
      .filter((e) => e.state === "planned, not given" || e.state === "not performed")
      .map((entry) => ({ entry, reason: entry.reason })),
    decisions: view.all("decision").map((decision) => ({
      decision,
      findings: findings.filter((f) => decision.bears?.some((id) => id === f.rule || id === keyOf(f))),
    })),
  };
}
