import { Gy, showNumber } from "@hapax/base";
import { standardNameOf, type DoseGrid } from "@hapax/case";
import { dvhResponse, organData, otherOrganAlphaBeta, responseSetsOf, type DvhResponse, type ResponseSet } from "@hapax/radiobiology";
import type { Dvh } from "@hapax/radiotherapy";
import { whyNoCourse } from "./dose-courses.ts";
import { referenceLine } from "./reference-line.ts";

/** What a set says of a structure, or why it cannot tell. */
export interface ResponseRow {
  readonly structure: string;
  readonly set: ResponseSet;
  readonly response?: DvhResponse;
  readonly alphaBeta?: { readonly gy: number; readonly from: string };
  readonly why?: string;
}

/**
 * Complication probabilities of a structure by every set that there is for it. Doses become EQD2 first: at the α/β of the
 * set, else of the organ table, else 3 Gy.
 */
export function responsesOf(name: string, dvh: Dvh | undefined, dose: DoseGrid, fractions: number | undefined): ResponseRow[] {
  const standard = standardNameOf(name);
  return responseSetsOf(standard).map((set): ResponseRow => {
    const why = whyNoResponse(dvh, dose, fractions);
    if (dvh === undefined || fractions === undefined || why !== undefined) return { structure: name, set, ...(why === undefined ? {} : { why }) };
    const alphaBeta = alphaBetaOf(set, standard);
    const { doseGy, sampleMm3 } = dvh.samples;
    const response = dvhResponse({ doseGy, volumes: sampleMm3 }, set, { from: "physical dose", fractions, alphaBeta: Gy(alphaBeta.gy) });
    return { structure: name, set, alphaBeta, response };
  });
}

function whyNoResponse(dvh: Dvh | undefined, dose: DoseGrid, fractions: number | undefined): string | undefined {
  const other = whyNoCourse(dose);
  if (other !== undefined) return other.what;
  if (fractions === undefined) return "the number of fractions is not known; give --fractions";
  if (dvh === undefined) return "it is not drawn";
  return dvh.coverage === 1 ? undefined : `the dose is known in ${showNumber(100 * dvh.coverage, 1)} % of it`;
}

function alphaBetaOf(set: ResponseSet, organ: string): { readonly gy: number; readonly from: string } {
  if (set.alphaBeta !== undefined) return { gy: set.alphaBeta, from: "of the set" };
  const tabled = organData(organ)?.alphaBeta;
  return tabled === undefined ? { gy: otherOrganAlphaBeta, from: "late effects" } : { gy: tabled, from: "organ table" };
}

const heads = ["structure", "set", "endpoint", "NTCP", "gEUD Gy EQD2", "a", "α/β Gy", "reading of the set", "source"];

/** Rows of a table, with their head. */
export function responseTable(rows: readonly ResponseRow[]): string[][] {
  return [heads, ...rows.map((row) => {
    const { structure, set, response, alphaBeta, why = "" } = row;
    const numbers = response === undefined || alphaBeta === undefined
      ? [`cannot tell: ${why}`, "", "", ""]
      : [percentText(response.probability), showNumber(response.geud, 2), showNumber(Number(response.a.toFixed(2))), `${showNumber(alphaBeta.gy)}, ${alphaBeta.from}`];
    return [structure, set.name, set.endpoint ?? "not stated", ...numbers, set.verified, sourceOf(row)];
  })];
}

/** What speaks against a number, once. */
export const responseNotes = (rows: readonly ResponseRow[]): string[] => [...new Set(rows.flatMap(({ response }) => [...(response?.unverified ?? []), ...(response?.conflicts ?? [])]))];

function percentText(share: number): string {
  return share < 0.001 ? "< 0.1 %" : share > 0.999 ? "> 99.9 %" : `${showNumber(100 * share, 1)} %`;
}

const sourceOf = ({ set, response }: ResponseRow): string => (response?.source[0] === undefined ? set.source : referenceLine(response.source[0], "short"));

/** The same for programs. */
export function responseJson({ set, response, alphaBeta, why }: ResponseRow): unknown {
  const { key, name, endpoint, model, source, verified } = set;
  const about = { set: key, name, endpoint, model, source, verified };
  if (response === undefined) return { ...about, problem: why };
  const { probability, geud, a, mean, method, unverified, conflicts } = response;
  return { ...about, probability, geud, a, alphaBeta: alphaBeta?.gy, alphaBetaFrom: alphaBeta?.from, mean, method, unverified, conflicts };
}
