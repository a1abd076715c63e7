import { z } from "zod";
import { isUcum, sameKind, type Quantity } from "@hapax/base";

/**
 * What is known of a fact or an event. None of these is a zero or an empty string.
 *
 * `recorded` a document says so · `not recorded` nobody wrote it down · `not performed` the test, procedure or
 * treatment was not done · `planned, not given` it was decided and did not happen · `completion not recorded` it
 * began and its end is not in the documents · `uncertain` the document itself doubts it.
 */
export const states = [
  "recorded",
  "uncertain",
  "not recorded",
  "not performed",
  "planned, not given",
  "completion not recorded",
] as const;
export type State = (typeof states)[number];

const text = (max: number) => z.string().min(1).max(max);

/** An identifier within a case: what a person can read in a diff. */
export const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, "Use letters, digits, dot, hyphen; at most 80.");

/** Which document says so, where in it, and its wording kept to a few words. */
export const Provenance = z.strictObject({
  document: Id.describe("Document of this case"),
  place: text(160).describe("Section, page or figure"),
  wording: text(240).optional().describe("The document's own words, kept short"),
});
export type Provenance = z.infer<typeof Provenance>;

export const QuantitySchema = z.strictObject({
  value: z.number(),
  unit: z.string().refine(isUcum, "Not a UCUM code; cm, g/dL, Gy, mg, d, [lb_av] are some."),
}) satisfies z.ZodType<Quantity>;

/**
 * A quantity of one kind, 0 or more.
 *
 * @param unit  a UCUM code of that kind, such as cm for a length
 * @param kind  what it is, in words for the person who typed another
 */
export const quantityOf = (unit: string, kind: string) =>
  QuantitySchema.refine((q) => q.value >= 0, "Give 0 or more.").refine((q) => sameKind(q.unit, unit), `Give ${kind} in a unit such as ${unit}.`);

const from = z.array(Provenance).max(20).optional();
const reason = text(400).optional();

/** A fact: its state, its value where there is one, and who says so. Leaving the key out means not recorded. */
export const fact = <T extends z.ZodType>(value: T) =>
  z
    .discriminatedUnion("state", [
      z.strictObject({ state: z.literal("recorded"), value, from }),
      z.strictObject({ state: z.literal("uncertain"), value: value.optional(), reason, from }),
      z.strictObject({ state: z.literal("not recorded"), reason, from }),
      z.strictObject({ state: z.literal("not performed"), reason, from }),
    ])
    .optional();

export type Fact<T> =
  | { state: "recorded"; value: T; from?: Provenance[] | undefined }
  | { state: "uncertain"; value?: T | undefined; reason?: string | undefined; from?: Provenance[] | undefined }
  | { state: "not recorded"; reason?: string | undefined; from?: Provenance[] | undefined }
  | { state: "not performed"; reason?: string | undefined; from?: Provenance[] | undefined }
  | undefined;

/** The value of a recorded fact; undefined for every other state, so that no rule can take a doubt for a value. */
export function known<T>(fact: Fact<T>): T | undefined {
  return fact?.state === "recorded" ? fact.value : undefined;
}

/** The state of a fact, where a missing key means not recorded. */
export function stateOf<T>(fact: Fact<T>): State {
  return fact?.state ?? "not recorded";
}

export const recorded = <T>(value: T, ...from: Provenance[]): Fact<T> =>
  from.length > 0 ? { state: "recorded", value, from } : { state: "recorded", value };
