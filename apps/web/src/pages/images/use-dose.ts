import { useMemo } from "react";
import type { Volume } from "@hapax/base";
import type { DoseScheme } from "@hapax/figures";
import { isCalculated } from "./calculated-doses.ts";
import { grayScheme, percentScheme, type SchemeName } from "./dose-levels.ts";
import type { DoseView } from "./dose-view.ts";
import { planOf, referenceDoses, type ReferenceDose } from "./reference-dose.ts";
import { highestOf } from "./sample.ts";
import { readVolume } from "./scan-door.ts";
import type { DoseInfo, PlanInfo, ScanSummary, StructureInfo } from "./scan-summary.ts";
import { there, useDoor, type Coming } from "./use-door.ts";

/** The dose of a study as it is drawn. */
export interface StudyDose {
  readonly info: DoseInfo | undefined;
  /** Every dose in the frame of reference of the study. */
  readonly among: readonly DoseInfo[];
  /** Doses that lie in another frame of reference and are not drawn here. */
  readonly elsewhere: readonly DoseInfo[];
  readonly plan: PlanInfo | undefined;
  readonly volume: Coming<unknown>;
  /** Gy. */
  readonly values: Volume | undefined;
  readonly second: Volume | undefined;
  readonly references: readonly ReferenceDose[];
  readonly reference: ReferenceDose | undefined;
  readonly schemeName: SchemeName;
  readonly scheme: DoseScheme;
  /** Dose of 100 % of the scheme, Gy; 100 where its levels are in Gy themselves. */
  readonly schemeGy: number;
  readonly highest: { readonly gy: number; readonly at: readonly [number, number, number] } | undefined;
}

/** The dose that belongs to a frame of reference: chosen, fetched, with what its plan says of 100 %. */
export function useDose(id: string, scans: ScanSummary, frameOfReference: string, structures: readonly StructureInfo[], view: DoseView): StudyDose {
  const among = useMemo(
    // What came with the plan is shown first.
    () => scans.doses.filter((d) => d.grid.frameOfReference === frameOfReference && d.type !== "ERROR").sort((a, b) => Number(isCalculated(a)) - Number(isCalculated(b))),
    [scans, frameOfReference],
  );
  const elsewhere = useMemo(() => scans.doses.filter((d) => d.grid.frameOfReference !== frameOfReference), [scans, frameOfReference]);
  const info = among.find((d) => d.uid === view.uid) ?? among[0];
  const volume = useDoor(info === undefined ? undefined : `${id} ${info.uid}`, (signal) => readVolume(id, info?.uid ?? "", { signal }));
  const second = there(useDoor(view.secondUid === undefined ? undefined : `${id} ${view.secondUid}`, (signal) => readVolume(id, view.secondUid ?? "", { signal })));
  const plan = planOf(info, scans);
  const references = useMemo(() => referenceDoses(plan, structures), [plan, structures]);
  const reference = useMemo((): ReferenceDose | undefined => {
    const stated = view.statedGy;
    const among = references.find((r) => r.gy === stated) ?? references[0];
    return among ?? (stated === undefined ? undefined : { gy: stated, because: "stated by you" });
  }, [references, view.statedGy]);
  const values = there(volume);
  const highest = useMemo(() => {
    const found = values === undefined ? undefined : highestOf(values);
    return found === undefined ? undefined : { gy: found.value, at: found.at };
  }, [values]);
  // A course with several dose levels has no one dose around which its hot spots lie.
  const schemeName = view.scheme ?? (references.length > 1 ? "30 to 110 %" : "hot spots");
  const scheme = useMemo(() => (reference === undefined ? grayScheme(highest?.gy ?? 1) : percentScheme(schemeName)), [reference, highest, schemeName]);
  return { info, among, elsewhere, plan, volume, values, second, references, reference, schemeName, scheme, schemeGy: reference?.gy ?? 100, highest };
}
