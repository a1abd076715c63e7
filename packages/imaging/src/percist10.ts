import { known, type CaseView, type EntryOf, type Finding, type Missing, type RuleInfo } from "@hapax/case";
import { showNumber } from "@hapax/base";
import { cite } from "@hapax/references";

export type MetabolicResponse = "PMR" | "PMD" | "SMD";

/** Cut-offs of PERCIST 1.0: 30 % and 0.8 SUL, how far liver uptake may differ, and the least baseline in livers. */
export const percistCutoffs = { ratio: 0.3, sul: 0.8, liverRatio: 0.2, liverSul: 0.3, baselineOfLiver: 1.5 } as const;

/**
 * Metabolic response of the hottest lesion: PMR at −30 % and −0.8 SUL, PMD beyond +30 % and +0.8 SUL, SMD between.
 * CMR is a judgment on the pictures and is not given here.
 *
 * @param baseline  SULpeak at baseline, above 0
 * @param now       SULpeak now
 * @source          percist10
 */
export function metabolicResponse(baseline: number, now: number): MetabolicResponse {
  const change = now - baseline;
  if (change <= -percistCutoffs.sul && change / baseline <= -percistCutoffs.ratio) return "PMR";
  return change > percistCutoffs.sul && change / baseline > percistCutoffs.ratio ? "PMD" : "SMD";
}

export const percist10Info: RuleInfo = {
  id: "imaging/percist10",
  question: "Metabolic response, PERCIST 1.0",
  about: "SULpeak of the hottest lesion on two scans made alike; without it there is no answer, whatever the words of the report.",
  source: cite("percist10"),
};

/** One answer for a case that has a PET/CT. */
export function percist10(view: CaseView): Finding<MetabolicResponse>[] {
  const scans = view.all("imaging").filter((s) => s.modality === "PET/CT" && s.state === "recorded");
  const [first] = scans;
  if (first === undefined) return [];
  const last = scans.at(-1) ?? first;
  const sul = (s: EntryOf<"imaging">) => known(s.sulPeak);
  const [before, after] = [sul(first), sul(last)];
  const missing: Missing[] = [];
  for (const scan of new Set([first, last])) {
    const where = `PET/CT ${view.timePointOf(scan.id) ?? ""}`.trim();
    if (sul(scan) === undefined) missing.push({ input: `SULpeak of the hottest lesion, ${where}`, decides: "metabolic response" });
    if (known(scan.liverSul) === undefined) missing.push({ input: `SUL of the liver, ${where}`, decides: "whether the scans may be compared" });
  }
  if (scans.length < 2) missing.push({ input: "A second PET/CT", decides: "metabolic response" });
  const comparable = scans.length > 1 && before !== undefined && before > 0 && after !== undefined;
  const [liver, liverAfter] = [known(first.liverSul), known(last.liverSul)];
  const apart = liver === undefined || liverAfter === undefined ? 0 : Math.abs(liver - liverAfter);
  const liverDiffers = liver !== undefined && liverAfter !== undefined && (apart > percistCutoffs.liverRatio * Math.max(liver, liverAfter) || apart > percistCutoffs.liverSul);
  // The standard deviation of the liver comes on top; without it a baseline can only be shown to be too low.
  const tooLow = before !== undefined && liver !== undefined && before < percistCutoffs.baselineOfLiver * liver;
  const value = comparable && !liverDiffers && !tooLow ? metabolicResponse(before, after) : undefined;
  const words = scans.flatMap((s) => known(s.result) ?? []);
  return [{
    rule: percist10Info.id,
    question: "Metabolic response, PERCIST",
    status: value !== undefined ? "determined" : comparable ? "not applicable" : "not recorded",
    ...(value === undefined ? {} : { value }),
    text: value ?? "not evaluable",
    brief:
      value !== undefined && before !== undefined && after !== undefined
        ? `SULpeak ${showNumber(before)} → ${showNumber(after)}`
        : comparable
          ? tooLow ? `Baseline SULpeak ${showNumber(before ?? 0)} is below 1.5 times the liver` : "Liver uptake differs between the scans"
          : `${scans.length === 1 ? "One PET/CT" : `${scans.length} PET/CT`}; ${before === undefined ? "SULpeak not recorded" : "no second SULpeak"}`,
    because:
      value !== undefined && before !== undefined && after !== undefined
        ? [{ text: `SULpeak ${showNumber(before)} to ${showNumber(after)}: ${showNumber(100 * (after / before - 1), 1)} %, ${showNumber(after - before, 2)} SUL.`, entries: [first.id, last.id] }]
        : scans.map((s, i) => ({ text: `${view.timePointOf(s.id) ?? "PET/CT"}: ${words[i] ?? "no figures"}; SULpeak ${sul(s) ?? "not recorded"}.`, entries: [s.id] })),
    missing,
    assumptions: [],
    source: percist10Info.source,
    caveats: ["Uptake time (within 15 min of each other), injected activity (within 20 %) and scanner are not kept in the record: check them before comparing.", "Baseline SULpeak of at least 1.5 times liver SUL + 2 SD is asked for; the SD of the liver is not kept in the record.", "Total lesion glycolysis (more than 75 % up) and new lesions are progression too; they are not judged here."],
  }];
}
