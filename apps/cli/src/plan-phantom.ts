import { HapaxError } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { instanceUidOf, seriesUidOf, writeRtStruct } from "@hapax/dicom";
import { phantomRegistration, phantomSpec, phantomStudies, studyStructures, studyVolume, type PhantomOptions, type PhantomStudy } from "@hapax/imaging/phantom";
import { contextOf, joiningOf } from "@hapax/server/phantom-context";
import type { ScanToPlan, ScanToPlanChoice } from "./scan-to-plan.ts";

const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const share = { ct: 0.6, structures: 0.4 };

/**
 * A study of a phantom as a scan to plan on, with the UIDs that its files have in the workbench.
 *
 * @param json  the parsed `phantom.json`
 * @throws      cli/study where the one that is named is not there, or none or several fit; imaging/phantom
 */
export function phantomScan(json: unknown, choice: ScanToPlanChoice, { quality }: Pick<PhantomOptions, "quality"> = {}): ScanToPlan {
  const studies = phantomStudies(phantomSpec(json));
  const n = chosenStudy(studies, choice);
  const study = studies[n] as PhantomStudy;
  const { onProgress } = choice;
  const made = { ...(quality === undefined ? {} : { quality }) };
  const ct = studyVolume(study, { ...made, progress: (done) => onProgress?.(share.ct * done) });
  const structures = studyStructures(study, { ...made, progress: (done) => onProgress?.(share.ct + share.structures * done) });
  const context = contextOf(study, n);
  const images = { seriesUid: seriesUidOf(context, "CT"), sopClass: ctImageStorage, instances: Array.from({ length: ct.grid.size[2] }, (_, k) => instanceUidOf(context, "CT", k + 1)) };
  return {
    scan: { ct, structures, patientPosition: "HFS", uids: { ct: images.seriesUid, structureSet: instanceUidOf(context, "RTSTRUCT", 1) }, synthetic: true },
    context: joiningOf(context),
    structureFile: writeRtStruct({ frameOfReference: study.frameOfReference, structures, images }, context).bytes,
    patientIds: [context.patient.id],
    registrations: studies.filter((other) => other !== study).map((other) => byConstruction(other, study)),
    // Its tissues are as bright as with contrast medium; this curve rises evenly there.
    curve: "matrad-default",
    ...(study.spec.treatment === undefined ? {} : { course: study.spec.treatment }),
    notes: [study.notice, `Planned on ${study.spec.id}, ${context.label}.`],
  };
}

function chosenStudy(studies: readonly PhantomStudy[], { study: id, fits }: ScanToPlanChoice): number {
  const wanted = studies.flatMap(({ spec }, n) => ((id === undefined ? fits(spec.treatment) : spec.id === id) ? [n] : []));
  if (wanted.length === 1) return wanted[0] as number;
  const list = studies.map(({ spec }) => `${spec.id}${spec.treatment === undefined ? "" : ` (${spec.treatment})`}`).join(", ");
  const what = id !== undefined ? `The phantom has no study ${JSON.stringify(id)}.` : `${wanted.length === 0 ? "No study" : "More than one study"} of the phantom has the volumes of this plan.`;
  throw new HapaxError("cli/study", what, `Give --study with one of ${list}.`);
}

/** Points of one time point are the same points at another. */
function byConstruction(from: PhantomStudy, to: PhantomStudy): Registration {
  return {
    uid: "", studyUid: to.studyUid, seriesUid: "", files: [], synthetic: true, problems: [],
    label: `of ${from.spec.timePoint} ${phantomRegistration}`,
    from: from.frameOfReference, to: to.frameOfReference, rows: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
  };
}
