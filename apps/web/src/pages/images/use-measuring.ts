import { useCallback, useMemo, useRef, useState } from "react";
import { lengthOf, minus, type Vec3 } from "@hapax/base";
import { pixelFromPatient, type ViewPlane } from "@hapax/figures";
import { moved, withShortAxis, type Drawing, type Tool } from "./drawing.ts";
import type { PlaneName, ViewAxes } from "./view-axes.ts";

/** The hand that measures: its tool, what it has drawn, and what a drag does. */
export interface Measuring {
  readonly tool: Tool | undefined;
  readonly drawing: Drawing | undefined;
  choose(tool: Tool | undefined): void;
  clear(): void;
  /** Takes a drag; false leaves it to the crosshair. */
  drag(view: PlaneName, plane: ViewPlane, at: Vec3, phase: "down" | "move" | "up"): boolean;
}

/** A point is taken hold of within so many px. */
const reachPx = 9;
/** A line shorter than this was a click. */
const shortestMm = 0.5;

export function useMeasuring(axes: Readonly<Record<PlaneName, ViewAxes>>): Measuring {
  const [tool, setTool] = useState<Tool>();
  const [drawing, setDrawing] = useState<Drawing>();
  const grip = useRef<"new" | number>(undefined);
  const now = useRef({ tool, drawing });
  now.current = { tool, drawing };
  const show = useCallback((next: Drawing | undefined) => {
    now.current = { ...now.current, drawing: next };
    setDrawing(next);
  }, []);
  const drag = useCallback<Measuring["drag"]>(
    (view, plane, at, phase) => {
      const { tool: chosen, drawing: drawn } = now.current;
      if (phase === "down") {
        grip.current = drawn?.view === view && drawn.tool !== "region" ? held(drawn, plane, at) : undefined;
        if (grip.current !== undefined) return true;
        if (chosen === undefined) return false;
        grip.current = "new";
        show({ tool: chosen, view, points: [at] });
        return true;
      }
      if (grip.current === undefined || drawn === undefined) return false;
      if (grip.current !== "new") show(moved(drawn, grip.current, at, axes[view]));
      else show({ ...drawn, points: drawnTo(drawn, at, axes[view], phase) });
      if (phase === "up") {
        const end = now.current.drawing;
        if (end !== undefined && tooSmall(end)) show(undefined);
        grip.current = undefined;
      }
      return true;
    },
    [axes, show],
  );
  return useMemo(
    () => ({
      tool,
      drawing,
      drag,
      choose: (next) => setTool(next),
      clear: () => {
        setTool(undefined);
        show(undefined);
      },
    }),
    [tool, drawing, drag, show],
  );
}

function held({ points }: Drawing, plane: ViewPlane, at: Vec3): number | undefined {
  const [x, y] = pixelFromPatient(plane, at);
  const index = points.findIndex((p) => {
    const [px, py, off] = pixelFromPatient(plane, p);
    return Math.abs(off) <= 0.5 && Math.hypot(px - x, py - y) <= reachPx;
  });
  return index === -1 ? undefined : index;
}

/** The points of a drawing whose hand has come to a place. */
function drawnTo({ tool, points }: Drawing, at: Vec3, axes: ViewAxes, phase: "move" | "up"): readonly Vec3[] {
  const first = points[0] ?? at;
  if (tool === "region") {
    const last = points.at(-1) ?? at;
    return phase === "move" && lengthOf(minus(at, last)) > shortestMm ? [...points, at] : points;
  }
  if (tool === "two axes" && lengthOf(minus(at, first)) > shortestMm) return withShortAxis(first, at, axes);
  return [first, at];
}

function tooSmall({ tool, points }: Drawing): boolean {
  const [a, b] = points;
  if (tool === "region") return points.length < 3;
  return a === undefined || b === undefined || lengthOf(minus(b, a)) < shortestMm;
}
