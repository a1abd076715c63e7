import {
  apply, cross, dot, invert, lengthOf, minus, plus, spacingOf, times, transform, unit, voxelFromPatient,
  type Grid, type Transform, type Vec3,
} from "@hapax/base";

/** Axes of the patient, or any other plane. */
export type PlaneKind = "axial" | "coronal" | "sagittal" | "oblique";

/** Where the edges of a picture point in the patient: A P R L S I, two letters when oblique. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/**
 * A plane through a patient and the picture of it: what every renderer, overlay and ruler goes by.
 *
 * Pixel (0, 0) is the center of the first pixel, at the upper left. The columns of `patientFromScreen` are one px to the
 * right, one px down, and one slice along right × down; pixels are square.
 */
export interface ViewPlane {
  readonly kind: PlaneKind;
  readonly patientFromScreen: Transform<"patient", "screen">;
  readonly width: number;
  readonly height: number;
  readonly mmPerPx: number;
  readonly letters: EdgeLetters;
}

/** Size of a picture, px. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Directions of a picture in the patient, unit vectors at right angles. */
export interface PictureAxes {
  readonly right: Vec3;
  readonly down: Vec3;
}

/** Radiological: patient's right at the left of axial and coronal pictures, anterior at the left of sagittal ones. */
const axesByKind: Readonly<Record<Exclude<PlaneKind, "oblique">, PictureAxes>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
};

/** The plane of a kind through a point of the patient, the whole grid fitted into the picture. */
export function planeThrough(kind: Exclude<PlaneKind, "oblique">, grid: Grid, point: Vec3, size: PictureSize): ViewPlane {
  return planeAlong(axesByKind[kind], grid, point, size);
}

/**
 * The plane with given directions through a point of the patient, the whole grid fitted into the picture.
 *
 * @param axes  `down` is set at right angles to `right`
 */
export function planeAlong(axes: PictureAxes, grid: Grid, point: Vec3, size: PictureSize): ViewPlane {
  const right = unit(axes.right);
  const down = unit(minus(axes.down, times(right, dot(axes.down, right))));
  const normal = times(cross(right, down), sliceStepMm(grid, cross(right, down)));
  return fit(made(right, down, normal, point, 1, size), grid);
}

/** The same plane, its picture moved and scaled so that the whole grid is in it. */
export function fit(plane: ViewPlane, grid: Grid): ViewPlane {
  const { right, down, normal } = directionsOf(plane);
  const corners = cornersOf(grid);
  const span = (axis: Vec3) => {
    const places = corners.map((c) => dot(c, axis));
    return [Math.min(...places), Math.max(...places)] as const;
  };
  const [left, end] = span(right);
  const [top, bottom] = span(down);
  const mmPerPx = Math.max((end - left) / plane.width, (bottom - top) / plane.height);
  const depth = dot(originOf(plane), unit(normal));
  const middle = plus(plus(times(right, (left + end) / 2), times(down, (top + bottom) / 2)), times(unit(normal), depth));
  return made(right, down, normal, middle, mmPerPx, plane);
}

/** The same part of the patient in the middle of a picture of another size, at the same scale. */
export function resized(plane: ViewPlane, size: PictureSize): ViewPlane {
  const { right, down, normal } = directionsOf(plane);
  return made(right, down, normal, middleOf(plane), plane.mmPerPx, size);
}

/** The picture dragged by px: what was under the pointer stays under it. */
export function panned(plane: ViewPlane, rightPx: number, downPx: number): ViewPlane {
  return shifted(plane, patientVector(plane, [-rightPx, -downPx, 0]));
}

/** The picture enlarged around a pixel, which stays where it is; a factor above 1 makes the patient larger. */
export function zoomed(plane: ViewPlane, factor: number, [x, y]: readonly [number, number]): ViewPlane {
  const { right, down, normal } = directionsOf(plane);
  const held = patientFromPixel(plane, x, y);
  const mmPerPx = plane.mmPerPx / factor;
  const middle = plus(held, times(plus(times(right, (plane.width - 1) / 2 - x), times(down, (plane.height - 1) / 2 - y)), mmPerPx));
  return made(right, down, normal, middle, mmPerPx, plane);
}

/**
 * The plane some slices further along right × down. Where the plane runs along the slices of the grid it comes to lie on
 * the center of one.
 */
export function stepped(plane: ViewPlane, grid: Grid, slices: number): ViewPlane {
  const { normal } = directionsOf(plane);
  const moved = shifted(plane, times(normal, slices));
  const inVoxels = minus(apply(voxelFromPatient(grid), plus(originOf(moved), normal)), apply(voxelFromPatient(grid), originOf(moved)));
  const axis = inVoxels.findIndex((v, i) => Math.abs(Math.abs(v) - 1) < 1e-6 && inVoxels.every((w, j) => i === j || Math.abs(w) < 1e-6));
  if (axis === -1) return moved;
  const at = apply(voxelFromPatient(grid), originOf(moved))[axis] as number;
  return shifted(moved, times(normal, (Math.round(at) - at) * Math.sign(inVoxels[axis] as number)));
}

/** The same picture of the parallel plane through a point. */
export function through(plane: ViewPlane, point: Vec3): ViewPlane {
  const normal = unit(directionsOf(plane).normal);
  return shifted(plane, times(normal, dot(minus(point, originOf(plane)), normal)));
}

/** The plane turned around an axis of its picture through a point, degrees by the right hand; the point keeps its pixel. */
export function turned(plane: ViewPlane, axis: "right" | "down" | "normal", degrees: number, point: Vec3, grid: Grid): ViewPlane {
  const { right, down, normal } = directionsOf(plane);
  const around = unit({ right, down, normal }[axis]);
  const turn = (v: Vec3) => rotated(v, around, (degrees * Math.PI) / 180);
  const [newRight, newDown] = [turn(right), turn(down)];
  const newNormal = cross(newRight, newDown);
  const [x, y] = pixelFromPatient(plane, point);
  const middle = plus(point, times(plus(times(newRight, (plane.width - 1) / 2 - x), times(newDown, (plane.height - 1) / 2 - y)), plane.mmPerPx));
  return made(newRight, newDown, times(newNormal, sliceStepMm(grid, newNormal)), middle, plane.mmPerPx, plane);
}

/** Point of the patient at a pixel of the picture, LPS, mm. */
export function patientFromPixel(plane: ViewPlane, x: number, y: number): Vec3 {
  return apply(plane.patientFromScreen, [x, y, 0]);
}

/** Pixel of a point of the patient, not rounded, and how many slices it lies off the plane, along right × down. */
export function pixelFromPatient(plane: ViewPlane, point: Vec3): Vec3 {
  return apply(invert(plane.patientFromScreen), point);
}

/** Distance from a point to the plane, mm, positive along right × down. */
export function offPlaneMm(plane: ViewPlane, point: Vec3): number {
  return dot(minus(point, originOf(plane)), unit(directionsOf(plane).normal));
}

/** Directions of the picture: unit vectors to the right and down, and the step of one slice, mm. */
export function directionsOf({ patientFromScreen: { rows }, mmPerPx }: ViewPlane): PictureAxes & { readonly normal: Vec3 } {
  const column = (i: 0 | 1 | 2): Vec3 => [rows[0][i], rows[1][i], rows[2][i]];
  return { right: times(column(0), 1 / mmPerPx), down: times(column(1), 1 / mmPerPx), normal: column(2) };
}

/** The plane's axis of the patient and its place there: `z −38.0 mm`; the middle of an oblique picture. */
export function placeOf(plane: ViewPlane): string {
  const [x, y, z] = middleOf(plane).map((v) => mm(v)) as [string, string, string];
  if (plane.kind === "oblique") return `through ${x}, ${y}, ${z} mm`;
  return `${{ axial: `z ${z}`, coronal: `y ${y}`, sagittal: `x ${x}` }[plane.kind]} mm`;
}

/** The point of the patient in the middle of the picture, LPS, mm. */
export function middleOf(plane: ViewPlane): Vec3 {
  return patientFromPixel(plane, (plane.width - 1) / 2, (plane.height - 1) / 2);
}

/**
 * The side of the patient that a direction points to: L, R, A, P, S or I; the second letter where the direction leans
 * more than 6 degrees that way.
 */
export function lettersOf(direction: Vec3): string {
  const sides = [["L", "R"], ["P", "A"], ["S", "I"]] as const;
  return [0, 1, 2]
    .map((i) => ({ lean: Math.abs(direction[i] as number), letter: (sides[i] as readonly [string, string])[(direction[i] as number) > 0 ? 0 : 1] }))
    .filter(({ lean }) => lean > Math.sin((6 * Math.PI) / 180))
    .sort((a, b) => b.lean - a.lean)
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join("");
}

/** Distance along a direction after which the next voxels are met, mm. */
function sliceStepMm(grid: Grid, normal: Vec3): number {
  const from = voxelFromPatient(grid);
  const inVoxels = minus(apply(from, normal), apply(from, [0, 0, 0]));
  const most = Math.max(...inVoxels.map(Math.abs));
  return Number.isFinite(1 / most) ? 1 / most : Math.min(...spacingOf(grid));
}

function made(right: Vec3, down: Vec3, normal: Vec3, middle: Vec3, mmPerPx: number, { width, height }: PictureSize): ViewPlane {
  const origin = minus(middle, plus(times(right, (mmPerPx * (width - 1)) / 2), times(down, (mmPerPx * (height - 1)) / 2)));
  const row = (i: 0 | 1 | 2) => [right[i] * mmPerPx, down[i] * mmPerPx, normal[i], origin[i]] as const;
  const letters = { left: lettersOf(times(right, -1)), right: lettersOf(right), top: lettersOf(times(down, -1)), bottom: lettersOf(down) };
  return { kind: kindOf(right, down), patientFromScreen: transform([row(0), row(1), row(2)]), width, height, mmPerPx, letters };
}

function kindOf(right: Vec3, down: Vec3): PlaneKind {
  const same = (a: Vec3, b: Vec3) => lengthOf(minus(a, b)) < 1e-9;
  const kinds = ["axial", "coronal", "sagittal"] as const;
  return kinds.find((kind) => same(axesByKind[kind].right, right) && same(axesByKind[kind].down, down)) ?? "oblique";
}

function originOf(plane: ViewPlane): Vec3 {
  return patientFromPixel(plane, 0, 0);
}

function patientVector(plane: ViewPlane, px: Vec3): Vec3 {
  return minus(apply(plane.patientFromScreen, px), originOf(plane));
}

function shifted(plane: ViewPlane, by: Vec3): ViewPlane {
  const { rows } = plane.patientFromScreen;
  const row = (i: 0 | 1 | 2) => [rows[i][0], rows[i][1], rows[i][2], rows[i][3] + by[i]] as const;
  return { ...plane, patientFromScreen: transform([row(0), row(1), row(2)]) };
}

/** Corners of the bodies of the outermost voxels. */
function cornersOf({ size, patientFromVoxel }: Grid): Vec3[] {
  const ends = (i: 0 | 1 | 2) => [-0.5, size[i] - 0.5];
  return ends(0).flatMap((x) => ends(1).flatMap((y) => ends(2).map((z) => apply(patientFromVoxel, [x, y, z]))));
}

/** Rodrigues' formula. */
function rotated(v: Vec3, around: Vec3, angle: number): Vec3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return plus(plus(times(v, c), times(cross(around, v), s)), times(around, dot(around, v) * (1 - c)));
}

function mm(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return value < 0 && text !== "0.0" ? `−${text}` : text;
}
