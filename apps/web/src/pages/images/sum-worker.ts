import { Gy, HapaxError, type Volume } from "@hapax/base";
import type { Registration, Structure } from "@hapax/case";
import { cumulativeDose, leastDose, type CumulativeDose, type DoseCourse } from "@hapax/radiobiology";
import { constraints, cumulativeConstraints, dvhOf, isFor, judge, withLeast, type Dvh } from "@hapax/radiotherapy";
import type { Goal } from "./structure-work.ts";
import { answerWith } from "./answer-with.ts";

/** Courses that are added up on the grid of the first. */
export interface SumWork {
  readonly courses: readonly DoseCourse[];
  readonly measure: "EQD2" | "physical dose";
  /** Of the tissue that the picture is for, Gy; of no meaning for physical dose. */
  readonly alphaBeta: number;
  readonly structures: readonly Structure[];
  readonly registrations: readonly Registration[];
}

export interface SumAnswer extends Pick<CumulativeDose, "covered" | "highest" | "highestIncomplete" | "method" | "measure" | "alphaBeta"> {
  readonly sum: Volume<Float32Array>;
  /** Limits of cumulative EQD2, each at the α/β that it is published for. */
  readonly goals: readonly Goal[];
}

self.addEventListener("message", ({ data }: MessageEvent<SumWork>) => void answerWith(() => summed(data), ({ sum }) => [sum.values.buffer]));

function summed(work: SumWork): SumAnswer {
  const { sum, covered, highest, highestIncomplete, method, measure, alphaBeta } = sumAt(work, work.alphaBeta);
  return {
    sum, covered, method, measure, alphaBeta,
    ...(highest && { highest }),
    ...(highestIncomplete && { highestIncomplete }),
    goals: measure === "EQD2" ? goalsOf(work) : [],
  };
}

function sumAt({ courses, measure, registrations }: SumWork, alphaBeta: number): CumulativeDose {
  const grid = (courses[0] as DoseCourse).dose.grid;
  return cumulativeDose(courses, grid, measure === "EQD2" ? Gy(alphaBeta) : undefined, { measure, registrations });
}

function goalsOf(work: SumWork): Goal[] {
  const drawn = work.structures.filter((s) => s.contours.length > 0);
  const tissues = [...new Set(constraints.flatMap(({ alphaBeta }) => (alphaBeta === undefined ? [] : [alphaBeta])))];
  return tissues.flatMap((tissue) => {
    const asked = cumulativeConstraints(tissue).flatMap((limit) => drawn.filter(({ name }) => isFor(limit, name)).map((structure) => ({ limit, structure })));
    if (asked.length === 0) return [];
    const found = sumAt(work, tissue);
    return asked.map(({ limit, structure }): Goal => {
      try {
        return { name: structure.name, ...judge(limit, histogramOf(structure, found)) };
      } catch (error) {
        if (!(error instanceof HapaxError)) throw error;
        return { name: structure.name, ...judge(limit, undefined, error.what) };
      }
    });
  });
}

/** With what is certain at least where a course is not known. */
function histogramOf(structure: Structure, found: CumulativeDose): Dvh {
  const { frameOfReference } = found.sum.grid;
  const known = dvhOf(structure, found.sum, { frameOfReference });
  return known.coverage === 1 ? known : withLeast(known, dvhOf(structure, leastDose(found), { frameOfReference }));
}
