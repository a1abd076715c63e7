import type { PatientPosition } from "@hapax/base";
import type { Structure } from "@hapax/case";
import { addScans } from "../images/add-scans.ts";
import { askWorker } from "../images/ask-worker.ts";
import type { ScanPatient, SeriesInfo } from "../images/scan-summary.ts";
import { keepPlan } from "./plan-door.ts";
import type { PlanFileAnswer, PlanFileWork } from "./plan-file-worker.ts";
import { notePlanKept, type MadeHere } from "./plan-runs.ts";

interface Given {
  readonly id: string;
  readonly one: MadeHere;
  readonly patient: ScanPatient;
  readonly series: SeriesInfo;
  readonly structures: readonly Structure[];
  readonly patientPosition: PatientPosition;
}

const begin = () => new Worker(new URL("./plan-file-worker.ts", import.meta.url), { type: "module" });

/** Keeps a plan with its case: first its RTPLAN and RTDOSE among the scans, then the plan, which names them. */
export async function keepWithCase({ id, one: { made, dose, place, at }, patient, series, structures, patientPosition }: Given): Promise<void> {
  const files = await askWorker<PlanFileWork, PlanFileAnswer>(begin, {
    made, dose, structures,
    patientPosition,
    joined: {
      // The server tells the page no name, and the archive goes by PatientID.
      patient: { id: patient.id ?? "", name: "", ...(patient.sex !== undefined && { sex: patient.sex }) },
      // When it was made, and not when it is kept: kept twice, it has the same files.
      date: at,
      synthetic: made.madeFrom.synthetic,
      study: { uid: series.studyUid },
    },
  });
  const dropped = [files.plan, files.dose].map(({ uid, bytes }) => ({ path: `${uid}.dcm`, file: new File([bytes], `${uid}.dcm`) }));
  await addScans(dropped, id, { signal: new AbortController().signal, told: () => undefined });
  const { revision } = await keepPlan(id, { made, planUid: files.plan.uid, doseUid: files.dose.uid });
  notePlanKept(id, place, revision);
}
