import { z } from "zod";
import { HapaxError } from "@hapax/base";
import type { CaseRecord, Entry } from "@hapax/case";
import { decodeText, parseJson } from "@hapax/files";
import type { PlanMade } from "@hapax/planning";
import { planMadeOf } from "@hapax/planning/read";
import type { StoredFile } from "@hapax/store";
import type { House } from "../route.ts";
import { plansFolder, summarize } from "../take-in.ts";

/** A plan that lies with a case. What was kept stays: keeping it again makes another revision. */
export interface KeptPlan {
  readonly id: string;
  /** Of this plan, from 1. */
  readonly revision: number;
  readonly name: string;
  /** When it was kept, ISO 8601 in UTC. */
  readonly kept: string;
  readonly who: string;
  readonly made: PlanMade;
  /** SOPInstanceUIDs of its RTPLAN and RTDOSE among the scans of the case. */
  readonly planUid?: string;
  readonly doseUid?: string;
}

/** A plan to be kept. */
export interface PlanToKeep {
  readonly made: PlanMade;
  readonly planUid?: string | undefined;
  readonly doseUid?: string | undefined;
  /** The revision of the case that the writer saw; left out, another change in between does no harm. */
  readonly expected?: number | undefined;
}

/** Characters of an id that names a file. */
const longestId = 80;
/** In the folder of plans, `<id>.<revision>.json` is the plan and `<id>.<revision>.kept.json` how it was kept. */
const planFile = /^plans\/([A-Za-z0-9-]+)\.([1-9]\d{0,5})\.json$/;
const fileOf = (id: string, revision: number) => `${plansFolder}${id}.${revision}.json`;
const keptFileOf = (id: string, revision: number) => `${plansFolder}${id}.${revision}.kept.json`;

export const Uid = z.string().regex(/^[0-9.]{1,64}$/, "Give a DICOM UID: digits and dots, at most 64");
const Keeping = z.strictObject({ kept: z.iso.datetime(), who: z.string().max(100), planUid: Uid.optional(), doseUid: Uid.optional() });

/** Plans, and what is there and cannot be read. */
export interface PlansFound {
  readonly plans: readonly KeptPlan[];
  readonly problems: readonly HapaxError[];
}

/** The plans of a case, each revision of each; those that cannot be read are told, and keep no other from being read. */
export async function keptPlans({ store }: Pick<House, "store">, id: string): Promise<PlansFound> {
  return plansAmong(await store.files(id, plansFolder));
}

function plansAmong(files: readonly StoredFile[]): PlansFound {
  const problems: HapaxError[] = [];
  const plans = files.flatMap((file): KeptPlan[] => {
    const [, planId, revision] = planFile.exec(file.name) ?? [];
    if (planId === undefined) return [];
    try {
      return [keptPlanOf(planId, Number(revision), file, files)];
    } catch (error) {
      if (!(error instanceof HapaxError)) throw error;
      problems.push(error);
      return [];
    }
  });
  return { plans: plans.sort((a, b) => (a.id === b.id ? a.revision - b.revision : a.id < b.id ? -1 : 1)), problems };
}

/**
 * Keeps a plan as a change of its case: its files, the revision of the case and the RTPLAN named by its course come
 * together or not at all. What is kept already, equal, is not kept twice.
 *
 * @param now      ISO 8601 in UTC
 * @param atLeast  revisions of this plan that are there without lying in the store
 * @returns        the revision of the plan
 * @throws         store/not-found, store/conflict; plans/id for one too long to name a file by
 */
export async function keepPlan(house: Pick<House, "store" | "compute" | "who">, id: string, { made, planUid, doseUid, expected }: PlanToKeep, now: string, atLeast = 0): Promise<{ readonly id: string; readonly revision: number; readonly isNew: boolean }> {
  const { store, compute, who } = house;
  const { id: planId, name, course } = made.request;
  if (planId.length > longestId) throw new HapaxError("plans/id", `The id of the plan has ${planId.length} characters; it may have ${longestId}.`, "Give it a shorter one.");
  const keeping: z.infer<typeof Keeping> = { kept: now, who: who.slice(0, 100), ...(planUid === undefined ? {} : { planUid }), ...(doseUid === undefined ? {} : { doseUid }) };
  for (let attempt = 1; ; attempt++) {
    const there = await store.get(id);
    const files = await store.files(id, `${plansFolder}${planId}.`);
    const last = Math.max(0, ...files.map((file) => Number(planFile.exec(file.name)?.[2] ?? 0)));
    const before = plansAmong(files).plans.find((one) => one.revision === last);
    const isNew = before === undefined || !isSame(before, { made, planUid, doseUid });
    const revision = isNew ? Math.max(last, atLeast) + 1 : last;
    const record = withPlan(there.record, course, planUid);
    if (!isNew && record === there.record) return { id: planId, revision, isNew };
    try {
      await store.put(record, summarize(compute, record), {
        who, what: `Plan ${name}, revision ${revision}, kept`, expected: expected ?? there.revision,
        files: isNew ? [jsonFile(fileOf(planId, revision), made), jsonFile(keptFileOf(planId, revision), keeping)] : [],
      });
      return { id: planId, revision, isNew };
    } catch (error) {
      const taken = error instanceof HapaxError && error.code === "store/conflict";
      if (!taken || expected !== undefined || attempt === 5) throw error;
    }
  }
}

function keptPlanOf(id: string, revision: number, file: StoredFile, files: readonly StoredFile[]): KeptPlan {
  const made = planMadeOf(jsonOf(file));
  const beside = fileNamed(files, keptFileOf(id, revision));
  const keeping = Keeping.safeParse(jsonOf(beside));
  if (!keeping.success) throw new HapaxError("plans/damaged", `${beside.name} does not say when and by whom the plan was kept.`, "Keep the plan again.");
  const { kept, who, planUid, doseUid } = keeping.data;
  return { id, revision, name: made.request.name, kept, who, made, ...(planUid === undefined ? {} : { planUid }), ...(doseUid === undefined ? {} : { doseUid }) };
}

function isSame(there: KeptPlan, { made, planUid, doseUid }: PlanToKeep): boolean {
  return there.planUid === planUid && there.doseUid === doseUid && JSON.stringify(there.made) === JSON.stringify(made);
}

const madeHere = "Planned with Hapax, which is no medical device";

/**
 * The record with the plan among those of its course; a course that is not there keeps no plan from being kept. What the
 * door of scans made of the RTPLAN, a course of its own, is that course, and goes where nothing refers to it. Where it
 * stays, it is a plan: of a dose in the files one cannot know whether it was given, and of this one one can.
 */
function withPlan(record: CaseRecord, course: string | undefined, planUid: string | undefined): CaseRecord {
  if (planUid === undefined) return record;
  const planned = record.entries.find((entry) => entry.kind === "radiotherapy" && entry.id === course);
  const ofScans = `plan-${planUid}`;
  if (planned?.kind !== "radiotherapy") {
    const isOpen = (entry: Entry) => entry.id === ofScans && entry.kind === "radiotherapy" && entry.state === "uncertain";
    return record.entries.some(isOpen) ? { ...record, entries: record.entries.map((entry) => (isOpen(entry) ? { ...entry, state: "planned, not given", reason: madeHere } : entry)) } : record;
  }
  const goes = ofScans !== course && JSON.stringify(record).split(JSON.stringify(ofScans)).length === 2;
  if (planned.plans?.includes(planUid) === true && !goes) return record;
  const plans = [...new Set([...(planned.plans ?? []), planUid])];
  return { ...record, entries: record.entries.filter(({ id }) => !goes || id !== ofScans).map((entry) => (entry === planned ? { ...planned, plans } : entry)) };
}

function fileNamed(files: readonly StoredFile[], name: string): StoredFile {
  const file = files.find((one) => one.name === name);
  if (file === undefined) throw new HapaxError("plans/damaged", `${name} is not among the files of the case.`, "Bring it back from an export of the case, or keep the plan again.");
  return file;
}

function jsonOf({ name, bytes }: StoredFile): unknown {
  return parseJson(decodeText(bytes, name), name);
}

function jsonFile(name: string, value: unknown): StoredFile {
  return { name, bytes: new TextEncoder().encode(`${JSON.stringify(value)}\n`) };
}
