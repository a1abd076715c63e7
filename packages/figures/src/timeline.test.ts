import { fc, test } from "@fast-check/vitest";
import { newCase, viewOf } from "@hapax/case";
import { expect } from "vitest";
import { anyRecord, dated, leach, unreadable } from "./samples.fixture.ts";
import { toSvg, type SvgNode } from "./svg.ts";
import { lanes, timelineRows } from "./timeline-rows.ts";
import { timeline } from "./timeline.ts";

const nodesOf = (node: SvgNode): SvgNode[] => [node, ...node.children.flatMap((c) => (typeof c === "string" ? [] : nodesOf(c)))];
const textsOf = (node: SvgNode) => nodesOf(node).filter((n) => n.tag === "text").map((n) => n.children.join(""));
const entriesOf = (node: SvgNode) => new Set(nodesOf(node).map((n) => n.attrs["data-entry"]).filter((id) => id !== undefined));

test("leach2025: no label meets another or leaves the picture, at any width and detail", () => {
  const view = viewOf(leach());
  for (const detail of ["overview", "all"] as const) {
    for (const width of [700, 980, 1220, 1800]) expect(unreadable(timeline(view, [], { detail, width })), `${detail} ${width}`).toEqual([]);
  }
});

test("leach2025: the picture says that it is order, not time, and that the IMRT took at least 39 days", () => {
  const texts = textsOf(timeline(viewOf(leach()), []).root);
  expect(texts).toContain("Order, not time");
  expect(texts).toContain("at least 39 days: 30 fractions on weekdays");
  expect(texts).toContain("length not recorded");
  expect(texts).toContain("at least 4 days, if completed");
});

test("leach2025: what was planned and not given stands at its place, with its reason, and has no bar", () => {
  const { root } = timeline(viewOf(leach()), []);
  const group = nodesOf(root).find((n) => n.attrs["data-entry"] === "re-irradiation");
  expect(group).toBeDefined();
  const parts = group === undefined ? [] : nodesOf(group);
  expect(parts.some((n) => n.attrs["stroke-dasharray"] === "7 2 1.5 2")).toBe(true);
  expect(parts.some((n) => n.tag === "rect" && n.attrs["fill"] === "var(--radiotherapy)")).toBe(false);
  expect(textsOf(root).some((t) => t.includes("respiratory failure"))).toBe(true);
});

test("leach2025: sizes by PET and palpation are hollow", () => {
  const { root } = timeline(viewOf(leach()), []);
  for (const id of ["size-neck-t2", "size-neck-exam"]) {
    const ellipse = nodesOf(root).filter((n) => n.attrs["data-entry"] === id).flatMap(nodesOf).find((n) => n.tag === "ellipse");
    expect(ellipse?.attrs["fill"], id).toBe("none");
  }
});

test("leach2025: known up to T2 there is no radiotherapy and no outcome", () => {
  const seen = entriesOf(timeline(viewOf(leach(), { asOf: "T2" }), []).root);
  expect(seen.has("size-neck-t2")).toBe(true);
  expect(seen.has("imrt-sib")).toBe(false);
  expect(seen.has("outcome")).toBe(false);
});

test("leach2025: the table has every event once, in the order of the picture", () => {
  const view = viewOf(leach());
  const rows = timelineRows(view);
  expect(new Set(rows.map((r) => r.id)).size).toBe(rows.length);
  expect(rows.map((r) => r.order)).toEqual(rows.map((_, i) => i + 1));
  const imrt = rows.find((r) => r.id === "imrt-sib");
  expect(imrt?.bounds).toContain("at least 39 days");
  expect(rows.find((r) => r.id === "admission-2")?.bounds).toBe(`within ${imrt?.order}`);
  expect(rows.findIndex((r) => r.id === "pet-ct")).toBeLessThan(rows.findIndex((r) => r.id === "imrt-sib"));
});

test("lanes and a part of the record can be chosen", () => {
  const view = viewOf(leach());
  const only = timeline(view, [], { lanes: ["radiotherapy"] });
  expect(textsOf(only.root)).not.toContain("Imaging");
  const part = entriesOf(timeline(view, [], { zoom: { from: "T3", to: "T4" } }).root);
  expect(part.has("imrt-sib")).toBe(true);
  expect(part.has("pet-ct")).toBe(false);
  expect(part.has("ct-body-t5")).toBe(false);
});

test("counted from the first CT, T4 is 39 days later or more and T2 only later", () => {
  const texts = textsOf(timeline(viewOf(leach()), [], { anchor: "T1" }).root);
  expect(texts).toContain("day 0");
  expect(texts).toContain("day ≥ 39");
  expect(texts).toContain("later");
});

test("dates give a true axis: twice the days are twice as far", () => {
  const figure = timeline(viewOf(dated()), [], {});
  expect(textsOf(figure.root)).toContain("Date");
  expect(unreadable(figure)).toEqual([]);
  const x = (id: string) => Number(nodesOf(nodesOf(figure.root).find((n) => n.attrs["data-time-point"] === id) as SvgNode).find((n) => n.tag === "circle")?.attrs["cx"]);
  // T1 2023-01-10, T2 2023-04-02 is 82 days later; T3 is in February 2024, its middle day 400.
  expect((x("T3") - x("T1")) / (x("T2") - x("T1"))).toBeCloseTo(400 / 82, 1);
});

test("an event known in order only stands after a break of the true axis", () => {
  const figure = timeline(viewOf(dated()), [], {});
  expect(textsOf(figure.root)).toContain("order only");
});

test("an event without any time is not placed, and the picture says that the table has it", () => {
  const record = newCase("x", "X", "pecoma");
  const view = viewOf({ ...record, entries: [{ kind: "procedure", id: "p", what: "Biopsy", state: "recorded" }] });
  const figure = timeline(view, []);
  expect(entriesOf(figure.root).has("p")).toBe(false);
  expect(textsOf(figure.root)).toContain("1 event has no time in the record; the table has it.");
  expect(figure.table.rows).toHaveLength(1);
  expect(figure.table.rows[0]).toContain("time not recorded");
});

test("an empty case has its lanes and no event", () => {
  const figure = timeline(viewOf(newCase("x", "X", "pecoma")), []);
  expect(figure.table.rows).toEqual([]);
  expect(unreadable(figure)).toEqual([]);
});

test.prop([fc.oneof(anyRecord(false), anyRecord(true)), fc.constantFrom("overview", "all"), fc.integer({ min: 640, max: 1800 })], { numRuns: 60 })(
  "whatever the record, its labels can be read and its file is text",
  (record, detail, width) => {
    const figure = timeline(viewOf(record), [], { detail: detail === "all" ? "all" : "overview", width });
    expect(unreadable(figure)).toEqual([]);
    expect(toSvg(figure, "light")).not.toMatch(/NaN|Infinity|undefined|<script/);
  },
);

test.prop([anyRecord(false)], { numRuns: 30 })("every event with a time is in the full picture", (record) => {
  const view = viewOf(record);
  const seen = entriesOf(timeline(view, [], { detail: "all", width: 1400 }).root);
  const sized = new Set(view.record.entries.filter((e) => e.kind === "measurement").map((e) => e.lesion));
  for (const entry of record.entries) {
    // Groups of more than seven at one place draw seven and say how many more.
    if (entry.kind !== "radiotherapy" && entry.kind !== "drug" && entry.kind !== "measurement") continue;
    if (view.timing.has(entry.id)) expect(seen.has(entry.id), `${entry.kind} ${entry.id} ${sized.size}`).toBe(true);
  }
});

test("there are six lanes", () => {
  expect(lanes).toHaveLength(6);
});
