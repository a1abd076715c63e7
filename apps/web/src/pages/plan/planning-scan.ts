import { HapaxError, type PatientPosition, type Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { EarlierAsked, EarlierDose, PlanningScan } from "@hapax/planning";
import { inFrame } from "../images/in-frame.ts";
import { readVolume } from "../images/scan-door.ts";
import type { ScanSummary, SeriesInfo, StructureSetInfo } from "../images/scan-summary.ts";
import type { EarlierCandidate } from "./earlier-candidates.ts";
import { inGray } from "./in-gray.ts";

interface Given {
  readonly id: string;
  readonly scans: ScanSummary;
  readonly series: SeriesInfo;
  readonly set: StructureSetInfo;
  readonly ct: Volume;
  readonly structures: readonly Structure[];
  readonly patientPosition: PatientPosition;
  readonly candidates: readonly EarlierCandidate[];
  readonly earlier: readonly EarlierAsked[];
}

/**
 * What a plan is made on, with the earlier doses brought into the frame of the CT.
 *
 * @throws web/earlier-away where a dose is not among those of the case, or nothing ties it to the CT
 */
export async function planningScan({ id, scans, series, set, ct, structures, patientPosition, candidates, earlier }: Given): Promise<PlanningScan> {
  const doses = await Promise.all(
    earlier.map(async ({ label }): Promise<EarlierDose> => {
      const uid = candidates.find((one) => one.label === label)?.dose.uid;
      const volume = uid === undefined ? undefined : await readVolume(id, uid);
      const here = volume === undefined ? undefined : inFrame(volume, series.frameOfReference, scans.registrations);
      if (here === undefined) throw new HapaxError("web/earlier-away", `The earlier dose ${label} is not among the doses of this case, or no registration ties it to this CT.`, "Choose another, or add its files to the case.");
      return { label, ...(uid !== undefined && { uid }), dose: inGray(here) };
    }),
  );
  return {
    ct, structures, patientPosition,
    uids: { ct: series.uid, structureSet: set.uid },
    synthetic: series.synthetic,
    ...(doses.length > 0 && { earlier: doses }),
  };
}
