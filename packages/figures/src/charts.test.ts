import { fc, test } from "@fast-check/vitest";
import { newCase, viewOf } from "@hapax/case";
import { expect } from "vitest";
import { alphaBetaScale } from "./alpha-beta-scale.ts";
import { fnclccBoxes, schemeBoxes } from "./boxes.ts";
import { spread, ticksTo } from "./chart.ts";
import { diameterChart } from "./diameter-chart.ts";
import { drugLevelChart } from "./drug-level-chart.ts";
import { hemoglobinChart } from "./hemoglobin-chart.ts";
import { cordChart, ledgerBars, ledgerFigure, type LedgerBar } from "./ledger-figure.ts";
import { mark, markNode, type MarkKind } from "./marks.ts";
import { figures } from "./registry.ts";
import { anyRecord, cord, course, dated, leach, unreadable } from "./samples.fixture.ts";
import { spine } from "./spine.ts";
import { frame, serialize, toSvg, type SvgNode } from "./svg.ts";
import { label } from "./text.ts";

const nodesOf = (node: SvgNode): SvgNode[] => [node, ...node.children.flatMap((c) => (typeof c === "string" ? [] : nodesOf(c)))];
const textsOf = (node: SvgNode) => nodesOf(node).filter((n) => n.tag === "text").map((n) => n.children.join(""));

test("leach2025: every chart can be read, small and large", () => {
  const view = viewOf(leach());
  for (const width of [202, 220, 320, 640, 836]) {
    for (const figure of [
      diameterChart(view, [], { width, sum: width > 400 }),
      drugLevelChart(view, [], { width, course }),
      drugLevelChart(view, [], { width }),
      hemoglobinChart(view, [], { width }),
      cordChart(view, [], { width, ledger: [cord] }),
    ]) {
      expect(unreadable(figure), `${figure.name} ${width}`).toEqual([]);
    }
  }
  for (const width of [640, 836, 1220]) expect(unreadable(ledgerFigure(view, [], { width, ledger: [cord, cord] })), `ledger ${width}`).toEqual([]);
});

test("leach2025: the sum of longest diameters is 20.5, 21.6, 29.7 and 30 cm; PET and palpation are not in it", () => {
  // 14.3 + 6.2; 13.2 + 8.4; 17.1 + 12.6; 14 + 16
  const { table } = diameterChart(viewOf(leach()), [], { width: 640, sum: true });
  expect(table.rows.filter((r) => r[0] === "sum of targets").map((r) => [r[1], r[2]])).toEqual([["T1", "20.5"], ["T3", "21.6"], ["T4", "29.7"], ["T5", "30"]]);
});

test("a size by PET is hollow and the line does not pass through it", () => {
  const { root } = diameterChart(viewOf(leach()), []);
  const circle = nodesOf(root).filter((n) => n.attrs["data-entry"] === "size-neck-t2").flatMap(nodesOf).find((n) => n.tag === "circle");
  expect(circle?.attrs["fill"]).toBe("var(--paper)");
  const lines = nodesOf(root).filter((n) => n.tag === "path" && n.attrs["stroke"] === "var(--data-1)");
  // Four comparable sizes: one move and three lines.
  expect(String(lines[0]?.attrs["d"]).match(/[ML]/g)).toEqual(["M", "L", "L", "L"]);
});

test("what is not recorded is said in a dashed box, never left blank", () => {
  const view = viewOf(newCase("x", "X", "pecoma"));
  expect(textsOf(hemoglobinChart(view, []).root)).toContain("hemoglobin not recorded");
  expect(textsOf(diameterChart(view, []).root)).toContain("no size recorded");
  expect(textsOf(drugLevelChart(view, []).root)).toContain("no drug recorded");
  expect(textsOf(cordChart(view, []).root)).toContain("no course near the cord");
  expect(textsOf(ledgerFigure(view, []).root)).toContain("no course with a dose");
});

test("leach2025: after the one hemoglobin the chart says that later values are not recorded", () => {
  const texts = textsOf(hemoglobinChart(viewOf(leach()), []).root);
  expect(texts).toContain("10.0");
  expect(texts).toContain("later values not recorded");
  expect(texts).toContain("keep above 8");
});

test("a planned course stands at its place in the ledger and moves nothing after it", () => {
  const { root } = ledgerFigure(viewOf(leach()), [], { ledger: [cord] });
  const xOf = (id: string) => nodesOf(root).filter((n) => n.attrs["data-entry"] === id).flatMap(nodesOf).find((n) => n.tag === "rect")?.attrs["x"];
  expect(xOf("palliative-3d")).toBe(xOf("re-irradiation"));
  // 32.175 + 75 = 107.175
  expect(textsOf(root)).toContain("60 Gy in 20, planned, not given: up to 107.2");
});

test("rows of a ledger become bars: bounds hatched, the plan after the courses before it", () => {
  const bounds = (low: number, high: number) => ({ low, high });
  const [bar] = ledgerBars([
    {
      name: "Spinal cord", alphaBeta: 2, metric: "maximum",
      contributions: [
        { course: "a", label: "39 Gy in 30", known: "recorded", eqd2: bounds(32.175, 32.175) },
        { course: "c", label: "20 Gy in 5", known: "bounds only", eqd2: bounds(0, 30) },
      ],
      planned: [{ course: "b", label: "60 Gy in 20", known: "planned, not given", eqd2: bounds(0, 75), before: bounds(32.175, 32.175) }],
      limits: [{ name: "QUANTEC", low: 54, high: 54 }, { name: "Delphi", low: 80, high: 95 }],
    },
  ]);
  expect(bar?.segments.map((s) => [s.course, s.state])).toEqual([["a", "recorded"], ["b", "planned"], ["c", "bounds"]]);
  expect(bar?.limits.map((l) => l.value)).toEqual([54, [80, 95]]);
});

test("the stated EQD2 is the vermilion dot, at its place on the scale", () => {
  const figure = alphaBetaScale({ points: [{ alphaBeta: 10, eqd2: 67.1 }, { alphaBeta: 3, eqd2: 68.64 }, { alphaBeta: 2, eqd2: 69.3 }], stated: { eqd2: 70, alphaBeta: 1.3 } });
  const dots = nodesOf(figure.root).filter((n) => n.tag === "circle");
  const red = dots.filter((n) => n.attrs["fill"] === "var(--contradiction)");
  expect(red).toHaveLength(1);
  expect(Number(red[0]?.attrs["cx"])).toBe(Math.max(...dots.map((d) => Number(d.attrs["cx"]))));
  expect(textsOf(figure.root)).toContain("α/β 1.3");
});

test("leach2025: differentiation 2 or 3, mitoses open, necrosis 1 or 2 give a score of 4 to 8, G2 or G3", () => {
  // least 2 + 1 + 1 = 4, most 3 + 3 + 2 = 8
  const figure = fnclccBoxes({ differentiation: [2, 3], mitoses: [1, 2, 3], necrosis: [1, 2] });
  expect(figure.table.rows.at(-2)).toEqual(["Score", "4, 5, 6, 7, 8"]);
  expect(figure.table.rows.at(-1)).toEqual(["Grade", "G2, G3"]);
  expect(unreadable(figure)).toEqual([]);
});

test("the violet line of a scheme stands behind as many boxes as it needs", () => {
  const { root } = schemeBoxes({ met: 2, possible: 3, of: 6, needed: 2 });
  const line = nodesOf(root).find((n) => n.attrs["fill"] === "var(--accent)");
  const filled = nodesOf(root).filter((n) => n.attrs["fill"] === "var(--ink)");
  expect(filled).toHaveLength(2);
  const end = Math.max(...filled.map((n) => Number(n.attrs["x"]) + Number(n.attrs["width"])));
  expect(Math.abs(Number(line?.attrs["x"]) + 1 - end)).toBeLessThanOrEqual(1);
});

test("the spine has a dot per time point and, when one is chosen, later dots are hollow", () => {
  const { root } = spine(viewOf(leach()), [], { selected: "T3" });
  const dots = nodesOf(root).filter((n) => n.attrs["r"] === 4);
  expect(dots.map((d) => d.attrs["fill"])).toEqual(["var(--ink)", "var(--ink)", "var(--accent)", "var(--paper)", "var(--paper)"]);
});

test("a label on another and one outside the frame are found", () => {
  const root = frame(60, 20, label(0, 12, "one"), label(4, 12, "two"), label(50, 12, "three"));
  const figure = { name: "x", title: "x", description: "x", width: 60, height: 20, root, table: { columns: [], rows: [] } };
  expect(unreadable(figure)).toEqual([`"three" leaves the picture`, `"one" meets "two"`]);
});

test("every state has a mark of shapes, without text, inside its size", () => {
  const kinds: MarkKind[] = [
    "determined", "undecided", "not recorded", "not performed", "planned, not given", "completion not recorded", "contradiction",
    "unverified", "out of scope", "not applicable", "pending", "uncertain", "recorded", "met", "not met", "cannot tell",
  ];
  for (const kind of kinds) {
    expect(nodesOf(mark(kind, 7, 7, 14)).some((n) => n.tag === "text"), kind).toBe(false);
    expect(serialize(markNode(kind, 14), "light"), kind).toContain(`aria-label="${kind}"`);
  }
});

test("the registry draws every figure of every case", () => {
  for (const record of [leach(), dated(), newCase("x", "X", "pecoma")]) {
    const view = viewOf(record);
    for (const [name, draw] of Object.entries(figures)) {
      const figure = draw(view, [], { ledger: [cord], course });
      expect(figure.name).toBe(name);
      expect(unreadable(figure), `${record.id} ${name}`).toEqual([]);
      expect(toSvg(figure, "dark")).not.toMatch(/NaN|Infinity|undefined|var\(/);
    }
  }
});

test.prop([anyRecord(false), fc.integer({ min: 180, max: 900 })], { numRuns: 40 })("charts of any record can be read", (record, width) => {
  const view = viewOf(record);
  for (const figure of [diameterChart(view, [], { width, sum: true }), drugLevelChart(view, [], { width }), hemoglobinChart(view, [], { width })]) {
    expect(unreadable(figure), figure.name).toEqual([]);
    expect(toSvg(figure, "light")).not.toMatch(/NaN|Infinity|undefined/);
  }
});

const eqd2 = fc.double({ min: 0, max: 120, noNaN: true });
const anyBar: fc.Arbitrary<LedgerBar> = fc.record({
  organ: fc.constantFrom("Spinal cord", "Brachial plexus, right", "An organ with a name that is far too long for its column"),
  alphaBeta: fc.constantFrom(2, 2.5, 3, 10),
  metric: fc.constant("maximum"),
  segments: fc.array(fc.record({ course: fc.constantFrom("a", "b", "c"), low: fc.constant(0), high: eqd2, state: fc.constantFrom("recorded", "bounds", "planned"), label: fc.constantFrom("66 Gy in 30", "20 Gy in 5") }), { maxLength: 4 }),
  limits: fc.array(
    fc.record({ name: fc.constantFrom("QUANTEC", "Delphi", "HyTEC"), value: fc.oneof(eqd2, fc.tuple(eqd2, eqd2).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)) }),
    { maxLength: 5 },
  ),
});

test.prop([fc.array(anyBar, { maxLength: 4 }), fc.integer({ min: 640, max: 1220 })], { numRuns: 60 })("the ledger of any doses and limits can be read", (ledger, width) => {
  expect(unreadable(ledgerFigure(viewOf(newCase("x", "X", "pecoma")), [], { ledger, width }))).toEqual([]);
  expect(unreadable(cordChart(viewOf(newCase("x", "X", "pecoma")), [], { ledger }))).toEqual([]);
});

test.prop([fc.array(fc.record({ alphaBeta: fc.constantFrom(1, 2, 3, 4, 10), eqd2 }), { minLength: 1, maxLength: 9 }), fc.option(eqd2, { nil: undefined })])(
  "dots of an α/β scale keep their labels apart",
  (points, stated) => {
    expect(unreadable(alphaBetaScale({ points, ...(stated === undefined ? {} : { stated: { eqd2: stated } }) }))).toEqual([]);
  },
);

test.prop([fc.double({ min: 0.01, max: 10_000, noNaN: true })])("ticks start at zero and reach the largest value", (largest) => {
  const ticks = ticksTo(largest);
  expect(ticks[0]).toBe(0);
  expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest * (1 - 1e-6));
  expect(ticks.length).toBeLessThanOrEqual(12);
});

test.prop([fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 12 })])("labels of a line are spread without meeting", (wanted) => {
  const sorted = [...wanted].sort((a, b) => a - b);
  const middles = spread(sorted, sorted.map(() => 20), 4, 0, 300);
  if (middles === undefined) {
    expect(sorted.length * 24 - 4).toBeGreaterThan(300);
    return;
  }
  middles.slice(1).forEach((m, i) => expect(m - (middles[i] ?? 0)).toBeGreaterThanOrEqual(24 - 1e-9));
  expect(middles[0]).toBeGreaterThanOrEqual(10 - 1e-9);
  expect(middles.at(-1)).toBeLessThanOrEqual(290 + 1e-9);
});
