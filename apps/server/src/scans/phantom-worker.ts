import { parentPort, workerData } from "node:worker_threads";
import { transform, type Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import { instanceUidOf, seriesUidOf, writeCtSeries, writePetSeries, writePlanAndDose, writeRegistration, writeRtDose, writeRtPlan, writeRtStruct, type WriteContext, type WrittenFile } from "@hapax/dicom";
import { phantomRegistration, phantomSpec, phantomStudies, studyPet, studyPlan, studyStructures, studyVolume, type PhantomStudy } from "@hapax/imaging/phantom";
import { openCrew } from "@hapax/kernels/crew-node";
import { calculatePlan, planInFiles, type PlanMade } from "@hapax/planning";
import { putLoose, type LooseFile } from "./archive.ts";
import { contextOf, joiningOf, phantomWeightKg, planContextOf } from "./phantom-context.ts";
import { calculatedPlan } from "./phantom-dose.ts";
import { planFolderOf, plansOfStudy } from "./phantom-plans.ts";
import type { PhantomReply, PhantomTask } from "./phantom.ts";

const { spec, plans, folder, quality } = workerData as PhantomTask;
const tell = (reply: PhantomReply) => parentPort?.postMessage(reply);

/** Of a study, about: the CT takes most of it. */
const shares = { ct: 60, structures: 30, rest: 10 };
const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
/** Made up with the rest: activity, times and weight of a usual examination. */
const tracer = { name: "Fluorodeoxyglucose", injectedBq: 350e6, halfLifeS: 6586.2, waitS: 3600 };

const isTreated = ({ spec }: PhantomStudy): boolean => spec.treatment !== undefined;
const identity = transform<"patient", "patient">([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]);

/** A study as it was made, with the objects that its plans refer to. */
interface MadeStudy {
  readonly context: WriteContext;
  readonly ct: Volume;
  readonly structures: readonly Structure[];
  readonly structureSetUid: string;
}

const files: LooseFile[] = [];
const work = phantomStudies(phantomSpec(JSON.parse(spec))).map((study) => ({ study, planned: plansOfStudy(plans, study) }));
const of = work.reduce((sum, { planned }) => sum + 100 * (1 + planned.length), 0);
let before = 0;
const telling = (step: string) => (share: number) => tell({ step, done: Math.round(before + share), of });
const crew = await openCrew();
for (const [n, { study, planned }] of work.entries()) {
  const { made, written } = await filesOfStudy(study, n, planned.length === 0, telling(study.spec.title));
  const ties = work.slice(0, n).flatMap(({ study: from }) => (isTreated(from) && isTreated(study) ? [tie(from, study, made.context)] : []));
  for (const { name, bytes } of [...written, ...ties]) files.push(await putLoose(folder, { name: `${study.spec.id}/${name}`, bytes }));
  before += 100;
  for (const plan of planned) {
    for (const { name, bytes } of await filesOfPlan(plan, made, telling(`Planning dose of ${plan.request.name}`))) files.push(await putLoose(folder, { name: `${planFolderOf(study, plan)}/${name}`, bytes }));
    before += 100;
  }
}
await crew.close();
tell({ files });

/** @param fielded  whether a plan of fields that are chosen here stands in where none was made */
async function filesOfStudy(study: PhantomStudy, n: number, fielded: boolean, told: (share: number) => void): Promise<{ made: MadeStudy; written: WrittenFile[] }> {
  const context = contextOf(study, n);
  const options = { ...(quality === undefined ? {} : { quality }) };
  const ct = studyVolume(study, { ...options, progress: (share) => told(share * shares.ct) });
  const structures = studyStructures(study, { ...options, progress: (share) => told(shares.ct + share * shares.structures) });
  told(shares.ct + shares.structures);
  const slices = writeCtSeries(ct, context);
  const images = { seriesUid: seriesUidOf(context, "CT"), sopClass: ctImageStorage, instances: slices.map((_, k) => instanceUidOf(context, "CT", k + 1)) };
  const structureSetUid = instanceUidOf(context, "RTSTRUCT", 1);
  const pet = studyPet(study);
  const plan = fielded ? studyPlan(study) : undefined;
  const calculated = plan === undefined ? undefined : await calculatedPlan(plan, ct, structures, { crew });
  const written = [
    ...slices,
    writeRtStruct({ frameOfReference: study.frameOfReference, structures, images }, context),
    ...(pet === undefined ? [] : writePetSeries(activityOf(pet), context, tracer)),
    ...(calculated === undefined ? [] : [
      writeRtPlan({ ...calculated.plan, name: context.label, structureSetUid }, context),
      writeRtDose(calculated.dose, context, { planUid: instanceUidOf(context, "RTPLAN", 1), comment: calculated.comment, notes: calculated.notes.join("\n") }),
    ]),
  ];
  return { made: { context, ct, structures, structureSetUid }, written };
}

/** The registration by which an earlier course is reckoned with on a later scan. */
function tie(from: PhantomStudy, to: PhantomStudy, context: WriteContext): WrittenFile {
  const because = `of ${from.spec.timePoint} ${phantomRegistration}`;
  const { bytes } = writeRegistration({ from: from.frameOfReference, to: to.frameOfReference, map: identity, because }, { ...joiningOf(context), seed: context.seed, label: `registration of ${from.spec.timePoint}` });
  return { name: `registrations/${from.spec.id}.dcm`, bytes };
}

/** RTPLAN and RTDOSE of a plan that comes with the case, its dose calculated from its beams. */
async function filesOfPlan(made: PlanMade, { context, ct, structures, structureSetUid }: MadeStudy, told: (share: number) => void): Promise<WrittenFile[]> {
  told(0);
  const scan = { ct, structures, patientPosition: "HFS", uids: { ct: seriesUidOf(context, "CT"), structureSet: structureSetUid }, synthetic: true } as const;
  const dose = await calculatePlan(made, scan, { crew, onProgress: ({ share }) => told(100 * share) });
  const { plan, dose: about } = planInFiles(made, scan);
  const files = writePlanAndDose(plan, dose, about, planContextOf(context, made));
  return [files.plan, files.dose];
}

/** SUVbw to Bq/mL at the start of the scan: C = SUV · A · 2^(−t/T½) / W. */
function activityOf(pet: Volume<Float32Array>): Volume<Float32Array> {
  const perSuv = (tracer.injectedBq * 2 ** (-tracer.waitS / tracer.halfLifeS)) / (phantomWeightKg * 1000);
  return { ...pet, values: pet.values.map((suv) => suv * perSuv), unit: "Bq/mL" };
}
