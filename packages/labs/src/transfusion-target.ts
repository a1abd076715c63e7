import { show, showNumber } from "@hapax/base";
import { known, type CaseView, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { analytes, inUnit, labsOf, valueOf, whenClause } from "./analytes.ts";

export const transfusionTargetInfo: RuleInfo = {
  id: "labs/transfusion-target",
  question: "Hemoglobin to be kept",
  about: "The hemoglobin that a case decided to keep, and every value below it. The target is of the case, not of this program; CTCAE sets the border of grade 3 at 8.0 g/dL.",
  source: cite("ctcae5"),
};

/** Whether hemoglobin is at or above the target of the case; values recorded before the target are shown, not judged. */
export function transfusionTarget(view: CaseView): Finding<string>[] {
  const targets = view.all("transfusion").flatMap((t) => {
    const keep = known(t.keepAbove);
    const gPerDl = inUnit(keep, analytes.hemoglobin);
    return keep === undefined || gPerDl === undefined || t.state !== "recorded" ? [] : [{ entry: t, keep, gPerDl }];
  });
  const target = targets.at(-1);
  if (target === undefined) return [];
  const values = labsOf(view, analytes.hemoglobin).flatMap((lab) => {
    const value = valueOf(lab, analytes.hemoglobin);
    return value === undefined ? [] : [{ lab, value, later: (view.timing.gap(target.entry.id, lab.id).atLeastDays ?? -1) >= 0 }];
  });
  const since = values.filter((v) => v.later);
  const below = since.filter((v) => v.value < target.gPerDl);
  const last = values.at(-1);
  const status = since.length === 0 ? "not recorded" : "determined";
  const lastText = last === undefined ? "no value" : `${showNumber(last.value, 1)} ${whenClause(view, last.lab.id)}`;
  return [{
    rule: transfusionTargetInfo.id,
    question: `Hemoglobin kept above ${show(target.keep)}`,
    status,
    ...(status === "determined" ? { value: below.length > 0 ? "below" : "kept" } : {}),
    text: status === "not recorded" ? "later values not recorded" : below.length > 0 ? `below ${show(target.keep)}: ${below.map((v) => `${showNumber(v.value, 1)} ${whenClause(view, v.lab.id)}`).join(", ")}` : "kept",
    brief: `${lastText}${status === "not recorded" ? "; no value since the target was set" : ""}`,
    because: [
      { text: `To be kept above ${show(target.keep)}.`, entries: [target.entry.id] },
      ...values.map((v) => ({
        text: `${showNumber(v.value, 1)} g/dL ${whenClause(view, v.lab.id)}${v.later ? (v.value < target.gPerDl ? ": below the target" : ": above or at the target") : ": not known to be after the target was set"}.`,
        entries: [v.lab.id],
        ...(v.later ? { met: v.value >= target.gPerDl } : {}),
      })),
    ],
    missing: status === "not recorded" ? [{ input: "Hemoglobin after the first transfusion", decides: "whether the target was kept" }] : [],
    assumptions: [],
    source: transfusionTargetInfo.source,
  }];
}
