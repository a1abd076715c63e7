import { useSyncExternalStore } from "react";
import type { Volume } from "@hapax/base";
import type { CalculationAnswer, DoseMaking } from "./calculation-work.ts";
import type { DoseInfo, ScanSummary } from "./scan-summary.ts";

/** A dose that was calculated in this page, and is gone with it unless it is kept with the case. */
export interface CalculatedDose {
  readonly info: DoseInfo;
  readonly volume: Volume<Float32Array>;
  readonly making: DoseMaking;
  /** All UIDs of its file come from it. */
  readonly seed: string;
  readonly kept: boolean;
}

const none: readonly CalculatedDose[] = [];
const byCase = new Map<string, readonly CalculatedDose[]>();
const hearing = new Set<() => void>();

function set(id: string, doses: readonly CalculatedDose[]): void {
  byCase.set(id, doses);
  for (const hear of hearing) hear();
}

/** Holds a dose beside those of the case; one of the same making takes the place of the earlier. */
export function hold(id: string, { uid, seed, name, plan, dose, making }: CalculationAnswer): CalculatedDose {
  const { size, patientFromVoxel: { rows }, frameOfReference } = dose.grid;
  const info: DoseInfo = {
    uid, studyUid: plan.studyUid, seriesUid: uid, label: name, synthetic: plan.synthetic, files: 0, problems: [],
    type: "PHYSICAL", summation: "PLAN", planUid: plan.uid, grid: { size, rows, frameOfReference },
  };
  const one: CalculatedDose = { info, volume: dose, making, seed, kept: false };
  set(id, [...(byCase.get(id) ?? none).filter((d) => d.info.uid !== uid), one]);
  return one;
}

/** Notes that a dose lies in the archive now. */
export function markKept(id: string, uid: string): void {
  set(id, (byCase.get(id) ?? none).map((one) => (one.info.uid === uid ? { ...one, kept: true } : one)));
}

/** The doses that were calculated for a case while this page is open. */
export const useCalculatedDoses = (id: string): readonly CalculatedDose[] => useSyncExternalStore(listen, () => byCase.get(id) ?? none);

function listen(hear: () => void): () => void {
  hearing.add(hear);
  return () => hearing.delete(hear);
}

/** The voxels of one, Gy; undefined where it was not calculated here. */
export const calculatedVolume = (id: string, uid: string): Volume<Float32Array> | undefined => byCase.get(id)?.find(({ info }) => info.uid === uid)?.volume;

/** Whether a dose was calculated here, also where it comes from the archive. */
export const isCalculated = ({ label, comment }: Pick<DoseInfo, "label" | "comment">): boolean => (comment ?? label).startsWith("calculated: ");

/** The scans with what was calculated from them; one that is kept by now is not there twice. */
export function withCalculated(scans: ScanSummary, calculated: readonly CalculatedDose[]): ScanSummary {
  if (calculated.length === 0) return scans;
  const own = new Set(calculated.map(({ info }) => info.uid));
  return { ...scans, doses: [...scans.doses.filter(({ uid }) => !own.has(uid)), ...calculated.map(({ info }) => info)] };
}
