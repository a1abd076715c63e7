import { z } from "zod";
import { HapaxError } from "@hapax/base";
import { planMadeOf } from "@hapax/planning/read";
import { requestJson } from "../request-json.ts";
import type { House, Route } from "../route.ts";
import { keepPlan, keptPlans, Uid, type PlansFound } from "./kept-plans.ts";

const json = "application/json";
const mebibyte = 1024 * 1024;
/** Largest plan, bytes: some hundred segments of a hundred leaves are a fiftieth of it. */
const largest = 16 * mebibyte;

const Keep = z.strictObject({
  made: z.unknown(),
  planUid: Uid.optional(),
  doseUid: Uid.optional(),
  expected: z.number().int().min(0).optional(),
});

/** Plans of a case: those that come with it, and those that were kept. */
export const planRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/api/cases/{id}/plans",
    summary: "The plans of a case, every revision, and how far those are that come with it",
    gives: [json, "{ plans: [{ id, revision, name, kept, who, made, planUid?, doseUid? }], problems, preparing?: { step, done, of } }"],
    problems: [404],
    handle: async (house, { parameters }) => {
      const { store, scans } = house;
      const { record } = await store.get(parameters["id"] ?? "");
      const preparing = await scans.phantoms.prepare(record.id);
      const kept = await keptPlans(house, record.id), offered = await offeredPlans(house, record.id);
      // A plan that was kept before one of its id came with the case has the first revision.
      const others = offered.plans.filter(({ id, revision }) => !kept.plans.some((plan) => plan.id === id && plan.revision === revision));
      return { json: { plans: [...others, ...kept.plans], problems: [...offered.problems, ...kept.problems], ...(preparing === undefined ? {} : { preparing }) } };
    },
  },
  {
    method: "post",
    path: "/api/cases/{id}/plans",
    summary: `Keeps a plan with a case, as a revision of both; up to ${largest / mebibyte} MiB. Its RTPLAN and RTDOSE come as scans, before`,
    takes: { [json]: { about: "made: the plan; planUid and doseUid: its objects among the scans; expected: the revision of the case that was read", schema: Keep } },
    largest,
    gives: [json, "{ id, revision } of the plan"],
    status: 201,
    problems: [400, 404, 409, 413],
    handle: async (house, { parameters, body }) => {
      const { made: given, ...more } = requestJson(Keep, body);
      const made = planMadeOf(given);
      const { record } = await house.store.get(parameters["id"] ?? "");
      const atLeast = (await offeredPlans(house, record.id)).plans.some(({ id }) => id === made.request.id) ? 1 : 0;
      const { id, revision, isNew } = await keepPlan(house, record.id, { made, ...more }, new Date().toISOString(), atLeast);
      return { status: isNew ? 201 : 200, json: { id, revision } };
    },
  },
];

/** The plans that come with a case, as kept when the case came: their first revision. */
async function offeredPlans({ store, scans }: House, id: string): Promise<PlansFound> {
  try {
    const offered = await scans.phantoms.plans(id);
    const kept = offered.length === 0 ? "" : ((await store.history(id))[0]?.when ?? "");
    return { plans: offered.map(({ made, ...uids }) => ({ id: made.request.id, revision: 1, name: made.request.name, kept, who: "Hapax", made, ...uids })), problems: [] };
  } catch (error) {
    if (!(error instanceof HapaxError)) throw error;
    return { plans: [], problems: [error] };
  }
}
