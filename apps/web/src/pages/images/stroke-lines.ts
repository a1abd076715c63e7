import type { Isodose, StructureOutline, ViewPlane } from "@hapax/figures";

/** Lines on a plane, in its own px. */
export interface PictureLines {
  readonly plane: ViewPlane;
  readonly isodoses: readonly Isodose[];
  readonly comparedIsodoses: readonly Isodose[];
  readonly outlines: readonly StructureOutline[];
}

/**
 * Strokes isodoses, a second dose in dashes, outlines on a dark halo and points as crosses: the looks of the figures of
 * `@hapax/figures`, in a canvas, where a slice is there at once.
 *
 * @param dense  px of the canvas for one of CSS
 */
export function strokeLines(context: CanvasRenderingContext2D, { isodoses, comparedIsodoses, outlines }: Omit<PictureLines, "plane">, dense: number): void {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.lineJoin = "round";
  const stroke = (path: Path2D, color: string, width: number, dashed = false) => {
    context.strokeStyle = color;
    context.lineWidth = width * dense;
    context.setLineDash(dashed ? [5 * dense, 3 * dense] : []);
    context.stroke(path);
  };
  for (const [doses, dashed] of [[isodoses, false], [comparedIsodoses, true]] as const) {
    for (const { level, lines } of [...doses].sort((a, b) => a.gy - b.gy)) stroke(pathOf(lines, dense), level.color, 1.2, dashed);
  }
  for (const { color, dashed, lines, points } of outlines) {
    const path = pathOf(lines, dense);
    for (const [x, y] of points) crossAt(path, x + 0.5, y + 0.5, 5 * dense);
    stroke(path, "rgb(0 0 0 / 65%)", 2.5);
    stroke(path, color, 1.5, dashed);
  }
}

/** Points this near to the last one are left out, CSS px: no eye tells. */
const nearPx = 0.7;

function pathOf(lines: readonly Float64Array[], dense: number): Path2D {
  const path = new Path2D();
  const least = (nearPx * dense) ** 2;
  for (const line of lines) {
    const last = line.length - 2;
    let [x, y] = [line[0] as number, line[1] as number];
    path.moveTo(x + 0.5, y + 0.5);
    for (let i = 2; i < last; i += 2) {
      const [dx, dy] = [(line[i] as number) - x, (line[i + 1] as number) - y];
      if (dx * dx + dy * dy < least) continue;
      x += dx;
      y += dy;
      path.lineTo(x + 0.5, y + 0.5);
    }
    if (line[0] === line[last] && line[1] === line[last + 1]) path.closePath();
    else path.lineTo((line[last] as number) + 0.5, (line[last + 1] as number) + 0.5);
  }
  return path;
}

function crossAt(path: Path2D, x: number, y: number, arm: number): void {
  path.moveTo(x - arm, y);
  path.lineTo(x + arm, y);
  path.moveTo(x, y - arm);
  path.lineTo(x, y + arm);
}
