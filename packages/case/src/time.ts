import { z } from "zod";
import { Id } from "./facts.ts";

const days = z.number().min(0).max(100_000);

/** A bound to another event or time point of the case. */
export const Bound = z.strictObject({
  of: Id.describe("Event or time point"),
  atLeastDays: days.optional().describe("Smallest distance, days"),
  atMostDays: days.optional().describe("Largest distance, days"),
});

/** How long an event lasted, as far as it is known. */
export const Length = z.strictObject({
  atLeastDays: days.optional(),
  atMostDays: days.optional(),
});

/**
 * When an event happened, as exactly as its documents say and no more: a date of any precision (EDTF), a day
 * counted from the anchor of the case, or its order among other events. Everything given holds together; where it
 * cannot, the solver names the constraints that clash.
 */
export const When = z.strictObject({
  date: z.string().max(60).optional().describe("EDTF: 2024-03-07, 2024-03, 2024-03~, 2024-03-07/2024-04-20"),
  day: z.number().int().min(-100_000).max(100_000).optional().describe("Days from the anchor"),
  endDay: z.number().int().min(-100_000).max(100_000).optional(),
  at: Id.optional().describe("At this time point"),
  after: z.array(Bound).max(20).optional(),
  before: z.array(Bound).max(20).optional(),
  during: z.array(Id).max(20).optional(),
  startsWith: Id.optional().describe("Begins when this event begins"),
  lasts: Length.optional(),
});
export type When = z.infer<typeof When>;
export type Bound = z.infer<typeof Bound>;

/** A time point of the case: a dot of the spine, at which the record can be asked. */
export const TimePoint = z.strictObject({
  id: Id,
  label: z.string().min(1).max(120),
  when: When.optional(),
});
export type TimePoint = z.infer<typeof TimePoint>;
