import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { parseCase, type CaseRecord } from "@hapax/case";
import { figures, toSvg, type FigureName } from "@hapax/figures";
import { figureDataOf, report, toHtml } from "@hapax/report";
import { workup } from "@hapax/workup";
import leach from "../cases/leach2025/case.json" with { type: "json" };

/** Any case that the schema lets in can be worked up, drawn and written: here the Leach case, broken in many ways. */

const record = parseCase(leach, "cases/leach2025");
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value that holds a number or an object with a state, as a path. */
function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, v]) => places(v, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function changed(value: Json, path: readonly (string | number)[], change: (old: Json) => Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return change(value) ?? null;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, Json>;
  const old = copy[key];
  if (old === undefined) return copy as unknown as Json;
  const next = rest.length === 0 ? change(old) : changed(old, rest, change);
  if (next === undefined) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
  } else copy[key] = next;
  return copy as unknown as Json;
}

const everywhere = places(record as unknown as Json).filter((p) => p.length > 0);
const changes: readonly ((old: Json) => Json | undefined)[] = [
  () => undefined,
  (old) => (typeof old === "number" ? 0 : old),
  (old) => (typeof old === "number" ? old * 1000 : old),
  (old) => (typeof old === "number" ? -old : old),
  (old) => (typeof old === "object" && old !== null && !Array.isArray(old) && "state" in old ? { state: "not recorded" } : old),
  (old) => (typeof old === "object" && old !== null && !Array.isArray(old) && "unit" in old ? { ...old, unit: "kg" } : old),
  (old) => (typeof old === "string" ? "=cmd|' /C calc'!A0 <script>alert(1)</script>" : old),
  (old) => (Array.isArray(old) ? [] : old),
];

/** Which change at which place; a counterexample is then a list of numbers and not a whole case. */
const breaks = fc.array(fc.tuple(fc.nat(everywhere.length - 1), fc.nat(changes.length - 1)), { minLength: 1, maxLength: 25 });
const brokenBy = (list: readonly (readonly [number, number])[]) =>
  list.reduce<Json>((value, [place, change]) => changed(value, everywhere[place] ?? [], changes[change] ?? ((old) => old)), record as unknown as Json);

/** The record, where the schema still lets it in. */
function admitted(value: Json): CaseRecord | undefined {
  try {
    return parseCase(value, "broken");
  } catch {
    return undefined;
  }
}

const whole = JSON.stringify(record);
const kinds = [...new Set(record.entries.map((e) => e.kind))];

test.prop([fc.subarray(record.entries.map((_, i) => i)), fc.constantFrom(undefined, ...record.timePoints.map((t) => t.id))], { numRuns: 40 })(
  "any part of the case at any time point has its findings in words",
  (kept, asOf) => {
    const part = admitted({ ...record, entries: kept.map((i) => record.entries[i]) } as unknown as Json);
    if (part === undefined) return;
    check(part, asOf);
  },
);

test.each(kinds)("the case without any %s is worked up and written", (kind) => {
  const entries = record.entries.filter((e) => e.kind !== kind);
  const ids = new Set(entries.map((e) => e.id));
  const rest = entries.filter((e) => !JSON.stringify(e).match(/"(?:lesion|drug|specimen|of|at|study)":"([^"]+)"/g)?.some((m) => {
    const id = m.split('"')[3] ?? "";
    return record.entries.some((x) => x.id === id) && !ids.has(id);
  }));
  const part = admitted({ ...record, entries: rest } as unknown as Json);
  if (part !== undefined) check(part, undefined);
});

test.prop([breaks], { numRuns: 150 })("a case changed in any place is refused with its place, or worked up", (list) => {
  const part = admitted(brokenBy(list));
  if (part !== undefined) check(part, undefined);
});

test.each(changes.slice(1, 6).map((change, i) => [["zero", "a thousand times as much", "negative", "not recorded", "in kilograms"][i], change] as const))(
  "every number and fact of the case in its turn %s is refused or worked up",
  (_, change) => {
    let worked = 0;
    for (const place of everywhere) {
      const value = changed(record as unknown as Json, place, change);
      const part = JSON.stringify(value) === whole ? undefined : admitted(value);
      if (part === undefined) continue;
      worked += 1;
      workup(part);
    }
    expect(worked).toBeGreaterThan(20);
  },
  120_000,
);

function check(part: CaseRecord, asOf: string | undefined) {
  const worked = workup(part, { asOf });
  for (const f of worked.findings) expect(`${f.rule}: ${f.text} ${f.brief}`).not.toMatch(/undefined|NaN|\[object|Infinity/);
  const data = figureDataOf(worked);
  const drawn = (Object.keys(figures) as FigureName[]).map((name) => figures[name](worked.view, worked.findings, data));
  for (const figure of drawn) expect(toSvg(figure, "light")).not.toMatch(/NaN|undefined|<script/);
  const html = toHtml(report(worked.view, worked.findings, drawn, { tumor: worked.tumor }), drawn);
  expect(html).not.toMatch(/<script|\bNaN\b|>undefined</);
}
