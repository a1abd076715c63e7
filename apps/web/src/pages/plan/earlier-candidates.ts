import type { PlanMade, PlanRequest } from "@hapax/planning";
import { isCalculated } from "../images/calculated-doses.ts";
import { between } from "../images/in-frame.ts";
import type { DoseInfo, ScanSummary, SeriesInfo } from "../images/scan-summary.ts";

/** A dose of the case that a plan may reckon with as given before. */
export interface EarlierCandidate {
  readonly dose: DoseInfo;
  /** What it is called in the request; no two are called alike. */
  readonly label: string;
  /** Of its plan; undefined is not recorded. */
  readonly fractions: number | undefined;
  /** How it comes onto the scan that is planned on; undefined where nothing ties the two. */
  readonly registration: string | undefined;
}

/** Doses of whole plans, those that came with a plan first. */
export function earlierCandidates({ doses, plans, registrations }: ScanSummary, { frameOfReference }: SeriesInfo): EarlierCandidate[] {
  const labels = new Map<string, number>();
  return doses
    .filter(({ type, summation }) => type !== "ERROR" && summation !== "BEAM" && summation !== "FRACTION")
    .sort((a, b) => Number(isCalculated(a)) - Number(isCalculated(b)))
    .map((dose): EarlierCandidate => {
      const plan = plans.find(({ uid }) => uid === dose.planUid);
      const name = dose.comment ?? plan?.label ?? dose.label;
      const times = (labels.get(name) ?? 0) + 1;
      labels.set(name, times);
      return { dose, label: times === 1 ? name : `${name}, ${times}`, fractions: plan?.fractions, registration: between(dose.grid.frameOfReference, frameOfReference, registrations)?.because };
    });
}

/** The request of a made plan with its earlier doses called as this page calls them: they are the same by their UIDs. */
export function knownHere({ request, madeFrom }: Pick<PlanMade, "request" | "madeFrom">, candidates: readonly EarlierCandidate[]): PlanRequest {
  if (request.earlier === undefined) return request;
  const labelOf = (label: string) => {
    const uid = madeFrom.earlier.find((one) => one.label === label)?.dose;
    return candidates.find(({ dose }) => dose.uid === uid)?.label ?? label;
  };
  return { ...request, earlier: request.earlier.map((one) => ({ ...one, label: labelOf(one.label) })) };
}
