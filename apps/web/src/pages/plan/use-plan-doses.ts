import { useMemo } from "react";
import type { Volume } from "@hapax/base";
import type { Structure } from "@hapax/case";
import type { PlanRequest } from "@hapax/planning";
import { askWorker } from "../images/ask-worker.ts";
import { readVolume } from "../images/scan-door.ts";
import { useDoor, type Coming } from "../images/use-door.ts";
import type { PlanColumn } from "./plan-columns.ts";
import type { NumbersOfPlan, PlanAsked } from "./plan-work.ts";

/** The dose of a plan, and what its structures receive. */
export interface PlanDose {
  readonly dose: Volume;
  readonly numbers: NumbersOfPlan;
}

/** Structures that are worth a curve: targets, and organs that have a goal; the outline of the body says little and takes long. */
export const curvedStructures = ({ goals, prescriptions }: PlanRequest): ReadonlySet<string> => new Set([...prescriptions, ...goals].map(({ structure }) => structure).filter((name) => !/^(body|external|skin)/i.test(name)));

const begin = () => new Worker(new URL("./plan-worker.ts", import.meta.url), { type: "module" });
const read = new Map<string, Promise<PlanDose>>();
/** Of a few plans; a dose is some megabytes. */
const atMostRead = 6;

/** The doses of some plans with their histograms, each read and computed once while the page is open; undefined where a plan was kept without its dose. */
export function usePlanDoses(id: string, plans: readonly PlanColumn[], structures: readonly Structure[]): Coming<ReadonlyMap<string, PlanDose | undefined>> {
  const key = structures.length === 0 ? undefined : `${id} ${plans.map((plan) => plan.key).join("; ")}`;
  const coming = useDoor(key, async () => new Map(await Promise.all(plans.map(async (plan) => [plan.key, await doseOf(id, plan, structures)] as const))));
  return useMemo(() => coming, [coming.state, coming]);
}

function doseOf(id: string, plan: PlanColumn, structures: readonly Structure[]): Promise<PlanDose> | undefined {
  const { dose, doseUid } = plan;
  if (dose === undefined && doseUid === undefined) return undefined;
  const key = `${id} ${plan.key}`;
  const before = read.get(key);
  if (before !== undefined) return before;
  const coming = (async (): Promise<PlanDose> => {
    const volume = dose ?? (await readVolume(id, doseUid ?? ""));
    const wanted = curvedStructures(plan.made.request);
    const numbers = await askWorker<PlanAsked, NumbersOfPlan>(begin, { numbersOf: { dose: volume, structures: structures.filter(({ name }) => wanted.has(name)), frameOfReference: volume.grid.frameOfReference } });
    return { dose: volume, numbers };
  })();
  for (const old of [...read.keys()].slice(0, Math.max(0, read.size + 1 - atMostRead))) read.delete(old);
  read.set(key, coming);
  coming.catch(() => read.delete(key));
  return coming;
}
