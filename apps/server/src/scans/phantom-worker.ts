import { parentPort, workerData } from "node:worker_threads";
import type { Volume } from "@hapax/base";
import { instanceUidOf, seriesUidOf, writeCtSeries, writePetSeries, writeRtDose, writeRtPlan, writeRtStruct, type WriteContext, type WrittenFile } from "@hapax/dicom";
import { phantomSpec, phantomStudies, studyPet, studyPlan, studyStructures, studyVolume, type PhantomStudy } from "@hapax/imaging/phantom";
import { openCrew } from "@hapax/kernels/crew-node";
import { putLoose, type LooseFile } from "./archive.ts";
import { calculatedPlan } from "./phantom-dose.ts";
import type { PhantomReply, PhantomTask } from "./phantom.ts";

const { spec, folder, quality } = workerData as PhantomTask;
const tell = (reply: PhantomReply) => parentPort?.postMessage(reply);

/** Of a study, about: the CT takes most of it. */
const shares = { ct: 60, structures: 30, rest: 10 };
const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
/** Made up with the rest: activity, times and weight of a usual examination. */
const tracer = { name: "Fluorodeoxyglucose", injectedBq: 350e6, halfLifeS: 6586.2, waitS: 3600 };
const weightKg = 75;

const files: LooseFile[] = [];
const studies = phantomStudies(phantomSpec(JSON.parse(spec)));
const crew = await openCrew();
for (const [n, study] of studies.entries()) {
  const told = (share: number) => tell({ step: study.spec.title, done: Math.round(100 * n + share), of: 100 * studies.length });
  for (const { name, bytes } of await filesOfStudy(study, n, told)) files.push(await putLoose(folder, { name: `${study.spec.id}/${name}`, bytes }));
}
await crew.close();
tell({ files });

async function filesOfStudy(study: PhantomStudy, n: number, told: (share: number) => void): Promise<WrittenFile[]> {
  const context: WriteContext = {
    patient: { id: "SYNTHETIC", name: "SYNTHETIC^PHANTOM", sex: "male", weightKg, heightM: 1.75 },
    seed: study.studyUid,
    label: `${study.spec.timePoint} ${study.spec.title}`,
    // The report gives no date; these are no dates of a person and only keep the order.
    date: `1900-01-${String(n + 1).padStart(2, "0")}`,
    studyDescription: "SYNTHETIC phantom",
    synthetic: true,
  };
  const options = { ...(quality === undefined ? {} : { quality }) };
  const ct = studyVolume(study, { ...options, progress: (share) => told(share * shares.ct) });
  const structures = studyStructures(study, { ...options, progress: (share) => told(shares.ct + share * shares.structures) });
  told(shares.ct + shares.structures);
  const slices = writeCtSeries(ct, context);
  const images = { seriesUid: seriesUidOf(context, "CT"), sopClass: ctImageStorage, instances: slices.map((_, k) => instanceUidOf(context, "CT", k + 1)) };
  const pet = studyPet(study);
  const plan = studyPlan(study);
  const calculated = plan === undefined ? undefined : await calculatedPlan(plan, ct, structures, { crew });
  return [
    ...slices,
    writeRtStruct({ frameOfReference: study.frameOfReference, structures, images }, context),
    ...(pet === undefined ? [] : writePetSeries(activityOf(pet), context, tracer)),
    ...(calculated === undefined ? [] : [
      writeRtPlan({ ...calculated.plan, structureSetUid: instanceUidOf(context, "RTSTRUCT", 1) }, context),
      writeRtDose(calculated.dose, context, { planUid: instanceUidOf(context, "RTPLAN", 1), comment: calculated.comment, notes: calculated.notes.join("\n") }),
    ]),
  ];
}

/** SUVbw to Bq/mL at the start of the scan: C = SUV · A · 2^(−t/T½) / W. */
function activityOf(pet: Volume<Float32Array>): Volume<Float32Array> {
  const perSuv = (tracer.injectedBq * 2 ** (-tracer.waitS / tracer.halfLifeS)) / (weightKg * 1000);
  return { ...pet, values: pet.values.map((suv) => suv * perSuv), unit: "Bq/mL" };
}
