import { HapaxError, apply, voxelFromPatient, type BeamPosition, type Grid, type PatientPosition, type Vec3 } from "@hapax/base";
import type { PlanBeam, TreatmentPlan } from "@hapax/case";
import type { Crew, WorkOptions } from "@hapax/kernels";
import { beamSegments, type BeamSegment } from "./aperture.ts";
import { beamDose, entryNotes, entryOf } from "./beam-dose.ts";
import type { ConeCount } from "./cone-kernel.ts";
import { headFluence } from "./head.ts";
import { machineNamed, machines } from "./machine-schema.ts";
import type { Machine } from "./machine.ts";
import type { Medium } from "./medium.ts";

export interface PlanDoseOptions extends WorkOptions {
  readonly plan: Pick<TreatmentPlan, "label" | "beams" | "fractions">;
  readonly medium: Medium;
  /** The machine that all beams are calculated with; left out, each beam's own by its name in the plan. */
  readonly machine?: Machine;
  /** DICOM PatientPosition of the images. */
  readonly patientPosition: PatientPosition;
  /** Left out, 72. */
  readonly cones?: ConeCount;
  /** Threads; left out, the plain form runs in slices of time on the caller's. */
  readonly crew?: Crew;
}

/** What a beam of the plan gives, all fractions together. */
export interface PlannedBeamDose {
  readonly number: number;
  readonly name: string;
  readonly machine: string;
  /** Monitor units of one fraction; undefined is not recorded. */
  readonly mu?: number;
  /** Dose at its isocenter, Gy, all fractions; undefined where the isocenter lies outside the grid. */
  readonly isocenterGy?: number;
}

/** Dose of a plan, and everything that it was made from. */
export interface PlanDose {
  readonly grid: Grid;
  /** Gy of all fractions, x fastest; per MU of each beam and fraction where `absolute` is false. */
  readonly doseGy: Float32Array;
  /** False where a beam has no meterset: doses are then relative, and each beam has the same weight. */
  readonly absolute: boolean;
  /** Those of the plan; 1 where it does not say, with a note. */
  readonly fractions: number;
  readonly beams: readonly PlannedBeamDose[];
  readonly machines: readonly Machine[];
  readonly curve: string;
  readonly cones: ConeCount;
  /** Approximations and assumptions, in words. */
  readonly notes: readonly string[];
}

/** A part of a beam from one direction, ready to be calculated. */
interface Part {
  readonly beam: PlanBeam;
  readonly machine: Machine;
  readonly segment: BeamSegment;
}

/**
 * Dose of a photon plan in absolute gray: the monitor units of every beam by the calibration of its machine, times the fractions.
 *
 * @throws dose/no-beams, dose/machine-missing for a machine that we lack, dose/energy where the machine's is another; as `beamSegments`,
 *         `headFluence` and `beamDose`; the signal's reason when it is aborted
 */
export async function planDose({ plan, medium, machine, patientPosition, cones = 72, crew, signal, onProgress }: PlanDoseOptions): Promise<PlanDose> {
  if (plan.beams.length === 0) throw new HapaxError("dose/no-beams", `The plan ${plan.label} has no beam.`, "Give a plan of external beams.");
  const notes = new Set(medium.notes);
  const parts = plan.beams.flatMap((beam): Part[] => {
    const by = machine ?? ownMachine(beam);
    if (machine !== undefined && beam.machine !== undefined && beam.machine !== machine.id) notes.add(`planned for ${beam.machine}, calculated with ${machine.name}, as chosen`);
    requireEnergy(beam, by);
    const { segments, notes: said } = beamSegments(beam, by);
    said.forEach((note) => notes.add(note));
    return segments.map((segment) => ({ beam, machine: by, segment }));
  });
  const absolute = plan.beams.every(({ meterset }) => meterset !== undefined);
  if (!absolute) notes.add("a beam has no monitor units: doses are relative, each beam weighs the same");
  if (plan.fractions === undefined) notes.add("the plan does not say how many fractions: the dose is that of one");
  const fractions = plan.fractions ?? 1;

  const doseGy = new Float32Array(medium.density.length);
  const isocenterGy = new Map<PlanBeam, number | undefined>();
  for (const [n, { beam, machine: by, segment }] of parts.entries()) {
    const position: BeamPosition = { ...segment, patientPosition };
    const head = headFluence(by, segment.apertures);
    for (const note of entryNotes(entryOf(by, medium, position, head))) notes.add(`beam ${beam.number}: ${note}`);
    const given = await beamDose({
      machine: by, medium, position, head, cones, signal,
      meterset: (absolute ? (beam.meterset as number) : 1) * fractions,
      ...(crew === undefined ? {} : { crew }),
      onProgress: (share) => onProgress?.((n + share) / parts.length),
    });
    for (let i = 0; i < doseGy.length; i++) doseGy[i] = (doseGy[i] as number) + (given[i] as number);
    const here = doseAtPoint(medium.grid, given, segment.isocenter);
    const before = isocenterGy.has(beam) ? isocenterGy.get(beam) : 0;
    isocenterGy.set(beam, here === undefined || before === undefined ? undefined : before + here);
  }
  const doses = plan.beams.map((beam): PlannedBeamDose => {
    const at = isocenterGy.get(beam);
    return {
      number: beam.number,
      name: beam.name,
      machine: (parts.find((part) => part.beam === beam) as Part).machine.id,
      ...(beam.meterset === undefined ? {} : { mu: beam.meterset }),
      ...(at === undefined ? {} : { isocenterGy: at }),
    };
  });
  return { grid: medium.grid, doseGy, absolute, fractions, beams: doses, machines: [...new Set(parts.map((part) => part.machine))], curve: medium.curve, cones, notes: [...notes] };
}

/** The machine that a beam was planned for, where it is one of ours. */
function ownMachine({ number, machine }: PlanBeam): Machine {
  const known = machines().map(({ id }) => id);
  if (machine === undefined || !known.includes(machine)) {
    throw new HapaxError(
      "dose/machine-missing",
      `Beam ${number} is planned for ${machine === undefined ? "a machine that the plan does not name" : `the machine "${machine}"`}, which is none of ours.`,
      `Choose one to calculate with (${known.join(", ")}), or fit yours: hapax beam fit.`,
    );
  }
  return machineNamed(machine);
}

function requireEnergy({ number, energyMv }: PlanBeam, machine: Machine): void {
  if (energyMv === undefined || energyMv === machine.energyMv) return;
  throw new HapaxError("dose/energy", `Beam ${number} is of ${energyMv} MV; ${machine.name} is of ${machine.energyMv} MV.`, `Choose a machine of ${energyMv} MV, or fit one: hapax beam fit.`);
}

/** Dose at a point of the patient, between the voxel centers; undefined outside the grid. */
function doseAtPoint(grid: Grid, doseGy: Float32Array, point: Vec3): number | undefined {
  const at = apply(voxelFromPatient(grid), point);
  const from = at.map(Math.floor) as unknown as Vec3;
  if (at.some((v, a) => v < 0 || v > (grid.size[a] as number) - 1)) return undefined;
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    let voxel = 0;
    for (const [a, stride] of [1, grid.size[0], grid.size[0] * grid.size[1]].entries()) {
      const up = (corner >> a) & 1;
      const within = (at[a] as number) - (from[a] as number);
      weight *= up === 1 ? within : 1 - within;
      voxel += ((from[a] as number) + up) * stride;
    }
    if (weight > 0) sum += weight * (doseGy[voxel] as number);
  }
  return sum;
}
