import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import type { Structure } from "@hapax/case";
import { sharedPath } from "./shared-data.ts";

const folder = "rt/slicerrt-dosimetry-reference/";

/** The two cases of SlicerRT's dosimetry tests, and how many structures each has. */
export const slicerCases = { EclipseEnt: 16, EclipseProstate: 6 } as const;
export type SlicerCase = keyof typeof slicerCases;

/** Path of a file of the set. */
export const slicerPath = (file: string): string => sharedPath(folder + file);

/** The structures of a case. Slicer saved them as they were drawn: closed lines in axial planes, no surface between. */
export function slicerStructures(name: SlicerCase): Structure[] {
  return Array.from({ length: slicerCases[name] }, (_, i) => readContours(slicerPath(`${name}_Structures.seg/${name}_Structures.seg_${i}.vtp`), i + 1));
}

/** The planar contours of a VTK XML file (inline base64, zlib), LPS, mm: Slicer's own frame is RAS, right and front are positive. */
function readContours(path: string, number: number): Structure {
  const text = readFileSync(path, "latin1");
  const name = Buffer.from(bytesOf(text, "Segment_Name")).toString("latin1").replaceAll("\0", "").trim();
  const points = numbersOf(text, "Points").map((value, i) => (i % 3 === 2 ? value : -value));
  const kind = numbersOf(partOf(text, "Lines"), "offsets").length > 0 ? "Lines" : "Polys";
  return {
    number,
    name,
    contours: runs(partOf(text, kind)).map((run) => ({ type: "CLOSED_PLANAR", points: Float64Array.from(opened(run).flatMap((p) => points.slice(3 * p, 3 * p + 3))) })),
  };
}

/** A line that comes back to its start names that point twice. */
const opened = (run: readonly number[]) => (run[0] === run.at(-1) ? run.slice(0, -1) : run);

function runs(part: string): number[][] {
  const corners = numbersOf(part, "connectivity");
  const ends = numbersOf(part, "offsets");
  return ends.map((end, i) => corners.slice(ends[i - 1] ?? 0, end));
}

const partOf = (text: string, kind: string) => text.slice(text.indexOf(`<${kind}>`), text.indexOf(`</${kind}>`));

function arrayOf(text: string, name: string): { type: string; data: string } {
  const found = new RegExp(`<(?:Data)?Array type="(\\w+)" Name="${name}"[^>]*>([A-Za-z0-9+/=\\s]*)`).exec(text);
  return { type: found?.[1] ?? "", data: (found?.[2] ?? "").replace(/\s/g, "") };
}

/** A compressed array: the number of its blocks, their size, the last size and each compressed size stand before them. */
function bytesOf(text: string, name: string): Uint8Array {
  const { data } = arrayOf(text, name);
  const count = data === "" ? 0 : Buffer.from(data.slice(0, 8), "base64").readUInt32LE(0);
  if (count === 0) return new Uint8Array();
  const headLength = 4 * Math.ceil((4 * (3 + count)) / 3);
  const head = Buffer.from(data.slice(0, headLength), "base64");
  const body = Buffer.from(data.slice(headLength), "base64");
  let at = 0;
  return Uint8Array.from(Buffer.concat(Array.from({ length: count }, (_, block) => {
    const size = head.readUInt32LE(12 + 4 * block);
    at += size;
    return inflateSync(body.subarray(at - size, at));
  })));
}

function numbersOf(text: string, name: string): number[] {
  const { buffer } = bytesOf(text, name);
  const { type } = arrayOf(text, name);
  if (type === "Float32") return [...new Float32Array(buffer)];
  if (type === "Float64") return [...new Float64Array(buffer)];
  if (type === "Int64") return [...new BigInt64Array(buffer)].map(Number);
  return [...new Int32Array(buffer)];
}

/** A DVH as another system made it. */
export interface PublishedDvh {
  readonly name: string;
  readonly volumeCc: number;
  /** Gy. */
  readonly gy: readonly number[];
  /** Share of the volume that receives at least this dose, %. */
  readonly percent: readonly number[];
}

/** The tables of a case: two columns for each structure. */
export function publishedDvhs(name: SlicerCase, by: "Eclipse" | "CERR"): PublishedDvh[] {
  const [head = [], ...rows] = readFileSync(slicerPath(`${name}_DvhTable_${by}.csv`), "latin1").trim().split(/\r?\n/).map((line) => line.split(","));
  return head.flatMap((title, column): PublishedDvh[] => {
    const volume = /Value \(% of ([\d.]+) cc\)/.exec(title)?.[1];
    if (volume === undefined) return [];
    const drawn = rows.filter((row) => row[column] !== undefined && row[column].trim() !== "" && row[column - 1] !== "");
    return [{
      name: (head[column - 1] as string).replace(/_DvhArray.*/, ""),
      volumeCc: Number(volume),
      gy: drawn.map((row) => Number(row[column - 1])),
      percent: drawn.map((row) => Number(row[column])),
    }];
  });
}
