import { useMemo } from "react";
import type { Grid, Vec3, Volume } from "@hapax/base";
import { closedLoops, readName, type Structure } from "@hapax/case";
import { levelOf, looksOf, structureLook, type OutlinedStructure, type StructureLook } from "@hapax/figures";
import { readStructures } from "./scan-door.ts";
import type { ScanSummary, SeriesInfo, StructureSetInfo } from "./scan-summary.ts";
import type { Course, Goal } from "./structure-work.ts";
import type { ShownStructure } from "./shown.ts";
import { there, useDoor, type Coming } from "./use-door.ts";
import { useStructureWork, type StructureAnswers } from "./use-structure-work.ts";

export interface StudyStructures {
  readonly set: StructureSetInfo | undefined;
  readonly among: readonly StructureSetInfo[];
  /** As read, targets first. */
  readonly drawn: readonly Structure[];
  readonly list: readonly ShownStructure[];
  readonly outlined: readonly OutlinedStructure[];
  /** Closed contours by number: x, y, z of each point, LPS, mm. */
  readonly loops: ReadonlyMap<number, readonly Float64Array[]>;
  readonly answers: StructureAnswers;
  readonly goals: readonly Goal[] | undefined;
  readonly coming: Coming<unknown>;
  /** Whether what lies inside each of them is known. */
  readonly inside: boolean;
}

const none: readonly Structure[] = [];

/** The structure set that belongs to a series: drawn on it, or else in its frame of reference. */
export const structureSetsOf = ({ structureSets }: ScanSummary, { uid, frameOfReference }: SeriesInfo): StructureSetInfo[] =>
  structureSets
    .filter((s) => s.frameOfReference === frameOfReference)
    .sort((a, b) => Number(b.referencedSeries === uid) - Number(a.referencedSeries === uid));

/** The structures of a study: contours, their outlines in every plane, and their numbers under a dose. */
export function useStructures(id: string, among: readonly StructureSetInfo[], wanted: string | undefined, grid: Grid, dose: Volume | undefined, course: Course, hidden: ReadonlySet<number>): StudyStructures {
  const set = among.find((s) => s.uid === wanted) ?? among[0];
  const coming = useDoor(set === undefined ? undefined : `${id} ${set.uid}`, () => readStructures(id, set?.uid ?? ""));
  const read = there(coming) ?? none;
  const structures = useMemo(() => [...read].sort((a, b) => rankOf(a) - rankOf(b) || doseRank(a, b)), [read]);
  const work = useMemo(
    () => (set === undefined || structures.length === 0 ? undefined : { structures, frameOfReference: set.frameOfReference, grid, dose }),
    [set, structures, grid, dose],
  );
  const { answers, boxes, goals } = useStructureWork(work, course);
  const looks = useMemo(() => looksOf(structures), [structures]);
  const list = useMemo(() => structures.map((s) => shownOf(s, looks.get(s.number) ?? structureLook(s.name), !hidden.has(s.number))), [structures, looks, hidden]);
  const loops = useMemo(() => new Map(structures.map((s) => [s.number, closedLoops(s)])), [structures]);
  const outlined = useMemo(
    () =>
      list
        .filter((s) => s.visible)
        .map((s): OutlinedStructure => {
          const occupancy = boxes.get(s.number);
          return { name: s.name, color: s.color, loops: loops.get(s.number) ?? [], open: s.openLines, points: s.points, ...(occupancy && { occupancy }) };
        }),
    [list, loops, boxes],
  );
  const inside = list.every((s) => s.lacks !== undefined || boxes.has(s.number) || answers.get(s.number)?.problem !== undefined);
  return { set, among, drawn: structures, list, outlined, loops, answers, goals, coming, inside };
}

/** Targets first, from the gross tumor on; the outline of the body last. */
const ranks = [/^gtv/i, /^ctv/i, /^itv/i, /^ptv/i];
function rankOf({ name, type }: Structure): number {
  const target = ranks.findIndex((prefix) => prefix.test(name));
  if (target !== -1) return target;
  return type === "EXTERNAL" || /^(body|external|skin)/i.test(name) ? ranks.length + 1 : ranks.length;
}

/** Among targets the one with the higher dose in its name first. */
const doseRank = (a: Structure, b: Structure): number => (rankOf(a) < ranks.length ? levelOf(b.name) - levelOf(a.name) : 0);

function shownOf({ number, name, contours }: Structure, look: StructureLook, visible: boolean): ShownStructure {
  const triples = (points: Float64Array): Vec3[] => Array.from({ length: points.length / 3 }, (_, i) => [points[3 * i], points[3 * i + 1], points[3 * i + 2]] as unknown as Vec3);
  const { fine, faults } = readName(name);
  return {
    number,
    name,
    ...look,
    visible,
    points: contours.filter((c) => c.type === "POINT").flatMap((c) => triples(c.points)),
    openLines: contours.filter((c) => c.type === "OPEN_PLANAR" || c.type === "OPEN_NONPLANAR").map((c) => c.points),
    lacks: contours.length === 0 ? "no contours in the file" : undefined,
    hint: fine ? undefined : faults.join("; "),
  };
}
