import { expect, test } from "vitest";
import type { SvgNode } from "./svg.ts";
import { planBeams } from "./plan-beams.ts";
import { dvhGoals, planDvh } from "./plan-dvh.ts";
import { beamOpenings, intensityMap } from "./plan-fluence.ts";
import { planObjective } from "./plan-objective.ts";
import { planRoom } from "./plan-room.ts";
import { onGround } from "./plan-ground.ts";
import { coplanar, goals, history, modulated, nonCoplanar, plans, room } from "./plan-samples.fixture.ts";
import { colors, contrast } from "./tokens.ts";
import { textBoxes } from "./text.ts";

const all = (node: SvgNode): SvgNode[] => [node, ...node.children.flatMap((child) => (typeof child === "string" ? [] : all(child)))];
const having = (root: SvgNode, attr: string) => all(root).filter(({ attrs }) => attr in attrs);

test("a goal stands where its dose and its volume meet, open to the side of a good curve", () => {
  expect(dvhGoals({ structure: "PTV", metric: "D95%[Gy]", atLeast: 62.7 })).toMatchObject([{ side: "at least", gy: 62.7, percent: 95 }]);
  expect(dvhGoals({ structure: "PTV", metric: "Max[Gy]", atMost: 70 })).toMatchObject([{ side: "at most", gy: 70, percent: 0 }]);
  expect(dvhGoals({ structure: "Lung", metric: "V20Gy[%]", atMost: 30 })).toMatchObject([{ side: "at most", gy: 20, percent: 30 }]);
  // 0.03 of 40 cc are 0.075 %.
  expect(dvhGoals({ structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 39 }, 40)[0]?.percent).toBeCloseTo(0.075, 9);
  // 700 of 1000 cc are to get less than 12.5 Gy: at most 30 % may get more.
  expect(dvhGoals({ structure: "Liver", metric: "CV12.5Gy[cc]", atLeast: 700 }, 1000)).toMatchObject([{ side: "at most", gy: 12.5, percent: 30 }]);
});

test("a mean, and a volume in cc of a structure of unknown volume, have no place on a histogram", () => {
  expect(dvhGoals({ structure: "Esophagus", metric: "Mean[Gy]", atMost: 20 })).toEqual([]);
  expect(dvhGoals({ structure: "SpinalCord", metric: "D0.03cc[Gy]", atMost: 39 })).toEqual([]);
});

test("brackets stand on the curve's own axes: where a curve passes through the goal, it passes through the bracket", () => {
  const points = [[0, 100], [40, 100], [50, 95], [60, 0]] as const;
  const figure = planDvh([{ name: "plan", curves: [{ name: "PTV", points, coverage: 1 }] }], dvhGoals({ structure: "PTV", metric: "D95%[Gy]", atLeast: 50 }));
  const curve = having(figure.root, "data-structure")[0]?.attrs["d"] as string;
  const [x, y] = (curve.split("L")[2] as string).split(" ").map(Number) as [number, number];
  const back = String(all(having(figure.root, "data-goal")[0] as SvgNode).find(({ tag }) => tag === "path")?.attrs["d"]);
  const [from, at, to] = (/^M[\d.]+ ([\d.]+)H([\d.]+)V([\d.]+)/.exec(back) ?? []).slice(1).map(Number) as [number, number, number];
  expect(at).toBeCloseTo(x, 1);
  expect((from + to) / 2).toBeCloseTo(y, 1);
});

test("four plans are told by four strokes, and a fifth has none", () => {
  const figure = planDvh(plans, goals);
  const strokes = new Set(having(figure.root, "data-structure").map(({ attrs }) => attrs["stroke-dasharray"] ?? "solid"));
  expect(strokes.size).toBe(4);
  expect(textBoxes(figure.root).map(({ text }) => text)).toEqual(expect.arrayContaining(plans.map(({ name }) => name)));
});

test("a color that can be seen on black is darkened on paper until it can be seen there", () => {
  expect(onGround("#FFE34D", "dark", 3).toLowerCase()).toBe("#ffe34d");
  expect(contrast(onGround("#FFE34D", "light", 4.5), colors.paper.light)).toBeGreaterThanOrEqual(4.5);
});

test("gantry 0 comes from above and 90 from the patient's left, at the right of the picture; a turned couch is written", () => {
  const figure = planBeams({ ...nonCoplanar, beams: [{ number: 1, name: "AP", gantryDeg: 0, couchDeg: 0 }, { number: 2, name: "left", gantryDeg: 90, couchDeg: 0 }, { number: 3, name: "oblique", gantryDeg: 300, couchDeg: 30 }] });
  const at = (text: string) => textBoxes(figure.root).find((box) => box.text === text) ?? { x0: NaN, x1: NaN, y0: NaN, y1: NaN };
  expect(at("0").y1).toBeLessThan(figure.height / 4);
  expect(at("90").x0).toBeGreaterThan((3 * figure.width) / 4);
  expect(at("300, couch 30").x1).toBeLessThan(figure.width / 2);
  expect(having(planBeams(coplanar).root, "stroke-dasharray")).toEqual([]);
});

test("the objective's end is written, and its parts are not joined where the dose was corrected", () => {
  const figure = planObjective(history, { corrections: 1 });
  const words = textBoxes(figure.root).map(({ text }) => text);
  // 900 exp(−6.9) + 20.6 = 21.5
  expect(words).toEqual(expect.arrayContaining(["21.5", "dose corrected", "segments refined", "priority 2"]));
  expect(all(figure.root).filter(({ attrs }) => attrs["stroke-width"] === 1.8)).toHaveLength(4);
  expect(figure.table.rows).toHaveLength(90);
});

test("iterations that are counted anew in each round go on in the picture, and an objective of 0 can be drawn", () => {
  const figure = planObjective([{ iteration: 0, objective: 10, priority: 1, round: 0 }, { iteration: 5, objective: 1, priority: 1, round: 0 }, { iteration: 1, objective: 0, priority: 1, round: 1 }]);
  expect(figure.table.rows.map(([at]) => at)).toEqual(["0", "5", "6"]);
  expect(JSON.stringify(figure.root)).not.toMatch(/NaN|Infinity/);
});

test("each beam of the room is a group that a page can find, and turning the room moves its source", () => {
  const one = planRoom(room), other = planRoom(room, { azimuthDeg: 100, elevationDeg: 40 });
  const groups = having(one.root, "data-beam");
  expect(groups.map(({ attrs }) => attrs["id"])).toEqual(expect.arrayContaining(room.beams.map(({ number }) => `beam-${number}`)));
  expect(JSON.stringify(groups)).not.toBe(JSON.stringify(having(other.root, "data-beam")));
});

test("seen from the foot of the couch at the height of the isocenter, gantry 90 lies straight to the right", () => {
  const side = { number: 1, name: "left", gantryDeg: 90, collimatorDeg: 0, couchDeg: 0, sadMm: 1000, x: [-50, 50], y: [-50, 50] } as const;
  const figure = planRoom({ ...room, beams: [side], chosen: 1 }, { azimuthDeg: 0, elevationDeg: 0 });
  const head = all(having(figure.root, "data-beam")[0] as SvgNode).find(({ tag }) => tag === "circle");
  expect(head?.attrs["cy"]).toBeCloseTo(figure.height / 2, 1);
  expect(Number(head?.attrs["cx"])).toBeGreaterThan(figure.width / 2 + 100);
});

test("openings carry the monitor units of their control points, and the map their sum where all are open", () => {
  expect(beamOpenings(modulated).map(({ mu }) => Math.round(mu))).toEqual([30, 20, 10]);
  expect(intensityMap(modulated).mostMu).toBeCloseTo(60, 3);
});

test("an intensity map holds area times monitor units, also where a leaf ends within a cell", () => {
  const leaves = [-10.3, -10.3, 12.4, 12.4];
  const point = { gantryDeg: 0, collimatorDeg: 0, couchDeg: 0, isocenter: [0, 0, 0], limits: { x: [-20, 20], y: [-10, 10], leaves } } as const;
  const map = intensityMap({ number: 1, name: "1", type: "STATIC", radiation: "PHOTON", sadMm: 1000, leafEdges: [-10, 0, 10], leafAxis: "x", meterset: 40, controlPoints: [{ ...point, metersetShare: 0 }, { ...point, metersetShare: 1 }] });
  // 22.7 mm wide, 20 mm long, 40 MU.
  expect(map.mu.reduce((sum, mu) => sum + mu, 0)).toBeCloseTo(22.7 * 20 * 40, 1);
});
