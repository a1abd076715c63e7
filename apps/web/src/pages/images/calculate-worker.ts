import "../../no-eval.ts";
import type { TreatmentPlan } from "@hapax/case";
import { uidOf } from "@hapax/dicom/uid";
import { beamSegments, curveNamed, densityCurves, machineNamed, machines, mediumOf, planDose, type Machine } from "@hapax/dose";
import type { Crew } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-web";
import { answerWith, type OnTheWay } from "./answer-with.ts";
import type { CalculationAnswer, CalculationAsked, CalculationChoices, CalculationProgress, CalculationWork } from "./calculation-work.ts";

self.addEventListener("message", ({ data }: MessageEvent<CalculationAsked>) => {
  if (data === "choices") void answerWith(choices, () => []);
  else void answerWith(() => calculated(data), ({ dose }) => [dose.values.buffer]);
});

const choices = (): CalculationChoices => ({
  machines: machines().map(({ id, name, version, energyMv, origin: { kind } }) => ({ id, name, version, energyMv, kind })),
  curves: densityCurves.map(({ id, name, source, verified }) => ({ id, name, source, verified })),
});

async function calculated(work: CalculationWork): Promise<CalculationAnswer> {
  const began = performance.now();
  const plan: TreatmentPlan = { ...work.plan, files: [], problems: [] };
  const machine = machineNamed(work.machine);
  const beamAt = beamsBy(plan, machine);
  tell({ share: 0, of: plan.beams.length });
  const crew = await openCrew();
  try {
    const { ct, curve, gridMm, body, overrides, cones, patientPosition } = work;
    const medium = await mediumOf({ ct, curve: curveNamed(curve), grid: gridMm, overrides, ...(body !== undefined && { body }) });
    const onProgress = (share: number) => tell({ share, beam: beamAt(share), of: plan.beams.length });
    const dose = await planDose({ plan, medium, machine, patientPosition, cones, crew, onProgress });
    const name = `calculated: ${machine.id}, ${cones} cones, ${gridMm} mm`;
    const seed = seedOf(work, machine);
    return {
      // As `instanceUidOf` has it for the file.
      uid: uidOf(`${seed} RTDOSE ${name} 1`), seed, name, plan: { uid: plan.uid, studyUid: plan.studyUid, synthetic: plan.synthetic },
      dose: { grid: dose.grid, values: dose.doseGy, slope: 1, intercept: 0, unit: "Gy" },
      making: {
        machine: { id: machine.id, name: machine.name, version: machine.version },
        curve, cones, gridMm, size: dose.grid.size, form: formOf(crew), seconds: (performance.now() - began) / 1000,
        fractions: dose.fractions, absolute: dose.absolute, beams: dose.beams, notes: dose.notes,
      },
    };
  } finally {
    await crew.close();
  }
}

/** The same plan, images and choices give the same file, and another choice another. */
function seedOf({ plan, series, curve, gridMm, cones, body, overrides }: CalculationWork, { id, version }: Machine): string {
  const set = overrides.map(({ structure, density }) => [structure.number, density]);
  return `calculated ${JSON.stringify([plan.uid, series, id, version, curve, gridMm, cones, body?.number ?? "", set])}`;
}

/** Which beam a share of the work lies in: each of its directions takes about as long as any other. */
function beamsBy({ beams }: TreatmentPlan, machine: Machine): (share: number) => number {
  const parts = beams.flatMap((beam, i) => beamSegments(beam, machine).segments.map(() => i + 1));
  return (share) => parts[Math.min(parts.length - 1, Math.floor(share * parts.length))] ?? 1;
}

const formOf = ({ gpu, form, threads }: Crew): string =>
  gpu !== undefined ? `the graphics card ${gpu.name}` : form === "plain" ? "one thread, in plain form" : `${threads} thread${threads === 1 ? "" : "s"}, compiled`;

let toldAt = 0;
/** Often enough for an eye, and no more. */
function tell(progress: CalculationProgress): void {
  const now = performance.now();
  if (now - toldAt < 60 && progress.share < 1) return;
  toldAt = now;
  postMessage({ progress } satisfies OnTheWay<CalculationProgress>);
}
