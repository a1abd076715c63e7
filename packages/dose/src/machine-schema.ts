import { HapaxError } from "@hapax/base";
import { z } from "zod";
import artiste from "../machines/artiste-6mv.json" with { type: "json" };
import generic from "../machines/generic-6mv.json" with { type: "json" };
import synergy from "../machines/synergy-6mv.json" with { type: "json" };
import type { Machine } from "./machine.ts";

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, "goes from the lesser to the greater");
const rising = z.array(z.number()).refine((values) => values.every((value, i) => i === 0 || value > (values[i - 1] as number)), "rises");

const spectrum = z
  .strictObject({ energiesMev: z.array(positive).min(1), energyFluence: z.array(z.number().min(0)) })
  .refine(({ energiesMev, energyFluence }) => energiesMev.length === energyFluence.length, "has a share for each energy")
  .refine(({ energyFluence }) => Math.abs(energyFluence.reduce((sum, value) => sum + value, 0) - 1) < 1e-3, "has shares that sum to 1");

const jawPair = z.strictObject({ distanceMm: positive, travelMm: range, transmission: share });

const origin = z.strictObject({ kind: z.enum(["fitted", "generic", "assumed"]), statement: z.string().min(1), sources: z.array(z.string()) });

const machine = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1),
  version: z.string().min(1),
  energyMv: positive,
  filter: z.enum(["flattened", "FFF"]),
  sadMm: positive,
  primary: z.strictObject({
    spectrum,
    horns: z
      .strictObject({ radiiMm: rising, values: z.array(z.number().min(0)) })
      .refine(({ radiiMm, values }) => radiiMm[0] === 0 && radiiMm.length === values.length, "begins on the axis and has a value for each radius"),
    softeningPer100Mm: z.number().min(0),
    blurMm: z.tuple([positive, positive]),
  }),
  extraFocal: z.strictObject({ weight: share, distanceMm: positive, sigmaMm: positive, spectrum }),
  contamination: z.strictObject({ weight: share, ratePerMm: positive, sigmaMm: positive }),
  jaws: z.strictObject({ x: jawPair.optional(), y: jawPair.optional() }),
  mlc: z
    .strictObject({
      axis: z.enum(["x", "y"]),
      leafEdgesMm: rising.min(2),
      distanceMm: positive,
      travelMm: range,
      transmission: share,
      tipOffsetMm: z.number().min(0),
      tongueMm: z.number().min(0),
      tongueTransmission: share,
    })
    .optional(),
  calibration: z.strictObject({ gyPerMu: positive, fieldMm: positive, ssdMm: positive, depthMm: positive, engineGy: positive, origin }),
  origin,
});

/**
 * A machine from its JSON.
 *
 * @throws dose/machine, naming the field at fault
 */
export function machineOf(json: unknown): Machine {
  const parsed = machine.safeParse(json);
  if (parsed.success) return parsed.data as Machine;
  const of = typeof json === "object" && json !== null && "id" in json ? ` "${String(json.id)}"` : "";
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "its whole" : issue.path.join(".");
  throw new HapaxError("dose/machine", `The machine${of} cannot be read: ${where}: ${issue?.message ?? "not as it should be"}.`, "Correct that field; the machines that Hapax brings are examples.");
}

const own: readonly Machine[] = [generic, synergy, artiste].map(machineOf);

/** The machines that Hapax brings. */
export const machines = (): readonly Machine[] => own;

/**
 * The machine of an id, such as "synergy-6mv".
 *
 * @throws dose/machine-unknown, listing those there are
 */
export function machineNamed(id: string): Machine {
  const found = own.find((candidate) => candidate.id === id);
  if (found === undefined) {
    throw new HapaxError("dose/machine-unknown", `There is no machine "${id}".`, `There are ${own.map((candidate) => candidate.id).join(", ")}.`);
  }
  return found;
}

/** The machine with what the engine gives at its calibration's conditions per unit of fluence and MU, which then divides out. */
export function calibrated(of: Machine, engineGy: number): Machine {
  return { ...of, calibration: { ...of.calibration, engineGy } };
}
