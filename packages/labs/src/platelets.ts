import { show } from "@hapax/base";
import type { CaseView, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { analytes, whenClause, latest } from "./analytes.ts";

export const plateletsInfo: RuleInfo = {
  id: "labs/platelets",
  question: "Thrombocytosis",
  about: "Whether the platelets are high, and why a high count does not tell iron deficiency from inflammation or tumor.",
  source: cite("anemiaThresholds"),
};

/** Thrombocytosis and what it cannot decide. */
export function thrombocytosis(view: CaseView): Finding<boolean>[] {
  const count = latest(view, analytes.platelets);
  if (count === undefined) return [];
  const threshold = view.assume({
    key: "labs/platelets/threshold",
    name: "Platelets above which a count is high",
    value: 450,
    unit: "10*9/L",
    why: "A common threshold (recalled); laboratories differ.",
    options: [400, 450],
  });
  const high = count.value > Number(threshold.value);
  const shown = show({ value: count.value, unit: "10*9/L" });
  return [{
    rule: plateletsInfo.id,
    question: "Thrombocytosis",
    status: "determined",
    value: high,
    text: high ? "Yes, not discriminating" : "No",
    brief: high ? `${shown}; fits iron deficiency, inflammation and tumor alike` : `${shown}, not above ${threshold.value}`,
    because: [
      { text: `Platelets ${shown} ${whenClause(view, count.lab.id)}; high above ${threshold.value}.`, entries: [count.lab.id] },
      ...(high ? [{ text: "A high count goes with iron deficiency and with inflammation or tumor: it does not tell them apart.", entries: [count.lab.id] }] : []),
    ],
    missing: [],
    assumptions: [threshold],
    source: plateletsInfo.source,
    unverified: ["threshold recalled"],
  }];
}
