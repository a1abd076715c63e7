import type { Finding } from "@hapax/case";
import { alphaBetaScale, type Figure } from "@hapax/figures";

/** A finding whose answer depends on α/β as dots along a scale, with the stated value in its place; undefined for any other. */
export function choiceScale({ table, stated }: Finding): Figure | undefined {
  const alphaBeta = table?.columns.findIndex((c) => c.startsWith("α/β")) ?? -1;
  const eqd2 = table?.columns.findIndex((c) => c.startsWith("EQD2")) ?? -1;
  if (table === undefined || alphaBeta === -1 || eqd2 === -1) return undefined;
  const points = table.rows
    .map((row) => ({ alphaBeta: Number(row[alphaBeta]), eqd2: Number(row[eqd2]) }))
    .filter((p) => Number.isFinite(p.alphaBeta) && Number.isFinite(p.eqd2));
  if (points.length < 2) return undefined;
  const says = stated === undefined || stated.agrees ? Number.NaN : Number.parseFloat(stated.text.replace(/^[^\d]*/, ""));
  if (!Number.isFinite(says)) return alphaBetaScale({ points });
  const reached = points.find((p) => Math.abs(p.eqd2 - says) < 0.05);
  return alphaBetaScale({ points: points.filter((p) => p !== reached), stated: { eqd2: says, alphaBeta: reached?.alphaBeta } });
}
