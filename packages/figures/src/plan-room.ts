import { apply, collimatorFromPatient, fixedFromPatient, invert, sourceOf, type PatientPosition, type Vec3 } from "@hapax/base";
import { labelsWithin } from "./chart.ts";
import { structureLook } from "./image/structure-colors.ts";
import { clearOf, onGround } from "./plan-ground.ts";
import { frame, path, round, svg, type Figure, type SvgNode } from "./svg.ts";
import type { Theme } from "./tokens.ts";

/** A beam as it stands in the room. */
export interface RoomBeam {
  readonly number: number;
  readonly name: string;
  /** IEC 61217, degrees. */
  readonly gantryDeg: number;
  readonly collimatorDeg: number;
  readonly couchDeg: number;
  readonly sadMm: number;
  /** Edges of the field, mm at the isocenter in the collimator frame. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** What stands in a treatment room. */
export interface Room {
  readonly beams: readonly RoomBeam[];
  /** LPS, mm. */
  readonly isocenter: Vec3;
  readonly patientPosition: PatientPosition;
  /** Closed contours, LPS, mm. */
  readonly body: readonly Float64Array[];
  readonly targets: readonly { readonly name: string; readonly color?: string; readonly loops: readonly Float64Array[] }[];
  /** Number of the beam whose gantry head is shown. */
  readonly chosen?: number;
}

/** From where the room is seen, and how large. */
export interface RoomView {
  /** Around the vertical: 0 from the foot of the couch, 90 from the right of one who faces the gantry; default 35. */
  readonly azimuthDeg?: number;
  /** Above the floor; default 20. */
  readonly elevationDeg?: number;
  /** Enlarged around the isocenter; at 1, the default, every source is in the picture. */
  readonly zoom?: number;
  /** px; default 420 × 320. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
}

/** As many contours of a body, and points of each, as the eye tells; a page turns the room many times a second. */
const [fewLoops, fewPoints] = [22, 36];
/** Behind the plane of the source stands the gantry; half the width of the table top, and how far it goes on beyond the feet; mm. */
const [drumMm, tableHalfMm, tableMm] = [620, 265, 800];
/** Of the arm that holds the head, mm. */
const armMm = 190;

/**
 * The room from an oblique direction, without perspective: path of the source with the gantry behind it, table, body,
 * targets, and beams as pyramids from source to field. The patient stays where the couch is at 0; a turned couch turns the
 * room, so that every beam meets the patient as it is given. Each beam is a group with `id="beam-n"` and `data-beam="n"`.
 */
export function planRoom({ beams, isocenter, patientPosition, body, targets, chosen }: Room, view: RoomView = {}): Figure {
  const { azimuthDeg = 35, elevationDeg = 20, zoom = 1, width = 420, height = 320, theme = "dark" } = view;
  const look = lookFrom(azimuthDeg, elevationDeg);
  const room = fixedFromPatient({ isocenter, patientPosition, couchDeg: 0 });
  const sad = Math.max(500, ...beams.map(({ sadMm }) => sadMm));
  const scale = (zoom * Math.min(width / 2 - 30, height / 2 - 20)) / (sad * 1.05);
  const screen = (p: Vec3): readonly [number, number] => {
    const [right, up] = look(p);
    return [width / 2 + right * scale, height / 2 - up * scale];
  };
  const depthOf = (p: Vec3) => look(p)[2];
  const labels = labelsWithin(width, height);
  // Farther things first: what is nearer covers them.
  const things: { readonly depth: number; readonly node: SvgNode }[] = [];
  const add = (depth: number, node: SvgNode) => void things.push({ depth, node });

  const circle = (radius: number, y: number, from: number, to: number): Vec3[] => Array.from({ length: 33 }, (_, i) => from + ((to - from) * i) / 32).map((angle) => [radius * Math.sin(angle), y, radius * Math.cos(angle)]);
  const drum = circle(0.72 * sad, drumMm, 0, 2 * Math.PI);
  add(depthOf([0, drumMm, 0]), svg("path", { d: path(drum.map(screen), true), fill: "var(--well)", "fill-opacity": 0.6, stroke: "var(--rule-strong)", "stroke-width": 1, "data-part": "gantry" }));
  // The path of the source in parts, each at its own depth.
  for (let part = 0; part < 8; part++) {
    const arc = circle(sad, 0, (part * Math.PI) / 4, ((part + 1) * Math.PI) / 4);
    add(depthOf(arc[16] as Vec3), svg("path", { d: path(arc.map(screen)), fill: "none", stroke: "var(--rule-strong)", "stroke-width": 1, "stroke-dasharray": "2 3" }));
  }

  const stacked = fewer(body, fewLoops).map((loop) => fewerPoints(loop, fewPoints).map((p) => apply(room, p)));
  const low = Math.min(0, ...stacked.flat().map((p) => p[2]));
  const along = stacked.flat().map((p) => p[1]);
  const [foot, end] = along.length === 0 ? [-1100, 300] : [Math.min(...along) - tableMm, Math.max(...along) + 60];
  const table = ([[-1, foot], [1, foot], [1, end], [-1, end]] as const).map(([side, y]): Vec3 => [side * tableHalfMm, y, low]);
  add(depthOf([0, 0, low]) - (elevationDeg >= 0 ? sad : -sad), svg("path", { d: path(table.map(screen), true), fill: "var(--well)", "fill-opacity": 0.85, stroke: "var(--rule-strong)", "stroke-width": 1, "data-part": "couch" }));
  const bodyColor = onGround(structureLook("BODY").color, theme, 3);
  for (const loop of stacked) add(meanDepth(loop), svg("path", { d: path(loop.map(screen), true), fill: "var(--paper)", "fill-opacity": 0.25, stroke: bodyColor, "stroke-width": 0.8, "stroke-opacity": 0.75, "data-part": "body" }));
  for (const { name, color, loops } of targets) {
    const ink = onGround(structureLook(name, color).color, theme, 3);
    for (const loop of fewer(loops, fewLoops)) {
      const points = fewerPoints(loop, fewPoints).map((p) => apply(room, p));
      // Seen through the body.
      add(meanDepth(points) + 2 * sad, svg("path", { d: path(points.map(screen), true), fill: ink, "fill-opacity": 0.12, stroke: ink, "stroke-width": 1, "data-structure": name }));
    }
  }
  for (const beam of beams) {
    const position = { isocenter, patientPosition, gantryDeg: beam.gantryDeg, collimatorDeg: beam.collimatorDeg, couchDeg: beam.couchDeg };
    const source = apply(room, sourceOf(position, beam.sadMm));
    const patientFromField = invert(collimatorFromPatient(position));
    const corner = (x: number, y: number) => apply(room, apply(patientFromField, [x, y, 0]));
    const field = [corner(beam.x[0], beam.y[0]), corner(beam.x[1], beam.y[0]), corner(beam.x[1], beam.y[1]), corner(beam.x[0], beam.y[1])];
    const isChosen = beam.number === chosen;
    const ink = isChosen ? "var(--accent)" : "var(--radiotherapy)";
    const [top, base] = [screen(source), field.map(screen)];
    const sides = base.map((at, i) => svg("path", { d: path([top, at, base[(i + 1) % 4] as readonly [number, number]], true), fill: ink, "fill-opacity": isChosen ? 0.16 : 0.07, stroke: ink, "stroke-width": isChosen ? 1.4 : 0.9, "stroke-linejoin": "round" }));
    const frameOf = svg("path", { d: path(base, true), fill: "none", stroke: ink, "stroke-width": isChosen ? 1.8 : 1.2 });
    const head = svg("circle", { cx: top[0], cy: top[1], r: isChosen ? 5 : 3, fill: ink });
    add(depthOf(source) + 3 * sad, svg("g", { id: `beam-${beam.number}`, "data-beam": beam.number }, svg("title", {}, wordsOf(beam)), sides, frameOf, head));
    if (isChosen) add(depthOf([source[0], drumMm, source[2]]), arm(source));
    labels.keep({ x0: top[0] - 5, y0: top[1] - 5, x1: top[0] + 5, y1: top[1] + 5 });
  }
  for (const beam of [...beams].sort((a, b) => Number(b.number === chosen) - Number(a.number === chosen))) {
    const [x, y] = screen(apply(room, sourceOf({ isocenter, patientPosition, ...beam }, beam.sadMm)));
    const away = x >= width / 2 ? ({ x: x + 8, y: y + 4 } as const) : ({ x: x - 8, y: y + 4, anchor: "end" } as const);
    labels.put(angles(beam), [away, { x, y: y - 9, anchor: "middle" }, { x, y: y + 18, anchor: "middle" }], { fill: beam.number === chosen ? "var(--accent)" : "var(--ink-2)", ...(beam.number === chosen ? { weight: 600 as const } : {}) }, 16);
  }
  things.sort((a, b) => a.depth - b.depth);
  return {
    name: "plan-room",
    title: "Room view",
    description: `Room from ${round(azimuthDeg)}° around and ${round(elevationDeg)}° above, with ${beams.map(wordsOf).join("; ") || "no beam"}.`,
    width,
    height,
    root: frame(width, height, things.map(({ node }) => node), labels.nodes.map(clearOf)),
    table: {
      columns: ["beam", "name", "gantry, °", "collimator, °", "couch, °", "field X, cm", "field Y, cm"],
      rows: beams.map((b) => [String(b.number), b.name, ...[b.gantryDeg, b.collimatorDeg, b.couchDeg].map((v) => v.toFixed(1)), ...[b.x, b.y].map(([from, to]) => ((to - from) / 10).toFixed(1))]),
    },
  };

  /** The arm that holds the head, from the drum over the path of the source. */
  function arm(source: Vec3): SvgNode {
    const inner: Vec3 = [0.4 * source[0], source[1] + drumMm, 0.4 * source[2]];
    const elbow: Vec3 = [source[0], source[1] + drumMm, source[2]];
    const line = { d: path([inner, elbow, source].map(screen)), fill: "none", "stroke-linecap": "square", "stroke-linejoin": "round" };
    return svg("g", { "data-part": "arm" }, svg("path", { ...line, stroke: "var(--rule-strong)", "stroke-width": armMm * scale }), svg("path", { ...line, stroke: "var(--well)", "stroke-width": armMm * scale - 2 }));
  }
  function meanDepth(points: readonly Vec3[]): number {
    return points.reduce((sum, p) => sum + depthOf(p) / points.length, 0);
  }
}

const degrees = (value: number): string => String(Number(value.toFixed(1)));
const angles = ({ gantryDeg, couchDeg }: RoomBeam): string => (couchDeg % 360 === 0 ? degrees(gantryDeg) : `${degrees(gantryDeg)}, couch ${degrees(couchDeg)}`);
const wordsOf = ({ name, gantryDeg, couchDeg }: RoomBeam): string => `${name}, gantry ${degrees(gantryDeg)}°, couch ${degrees(couchDeg)}°`;

/** To the right, up and nearer of a point of the fixed frame, mm. */
function lookFrom(azimuthDeg: number, elevationDeg: number): (p: Vec3) => Vec3 {
  const [a, e] = [(azimuthDeg * Math.PI) / 180, (elevationDeg * Math.PI) / 180];
  const [ca, sa, ce, se] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
  return ([x, y, z]) => {
    // The eye stands at the foot of the couch, −y, and goes around towards +x.
    const right = x * ca + y * sa;
    const nearer = x * sa - y * ca;
    return [right, z * ce - nearer * se, nearer * ce + z * se];
  };
}

/** Every so-manieth, the first and the last among them. */
function fewer<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as Item);
}

function fewerPoints(loop: Float64Array, most: number): Vec3[] {
  const count = loop.length / 3;
  const kept = Math.min(count, most);
  return Array.from({ length: kept }, (_, i) => {
    const at = 3 * Math.floor((i * count) / kept);
    return [loop[at] as number, loop[at + 1] as number, loop[at + 2] as number];
  });
}
