import { useEffect, useRef, type RefObject } from "react";
import { apply, type Vec3 } from "@hapax/base";
import type { ViewPlane } from "@hapax/figures";

/** What a hand does in a view; px are those of CSS. */
export interface ViewActions {
  /** A click or a drag with nothing else held. */
  point(at: Vec3, phase: "down" | "move" | "up"): void;
  /** Slices, positive is away from the head, to the back or to the left. */
  scroll(slices: number): void;
  zoom(at: Vec3, factor: number): void;
  pan(dx: number, dy: number): void;
  window(dx: number, dy: number): void;
  /** Where the cursor is; undefined outside. */
  hover(at: Vec3 | undefined): void;
  enlarge(): void;
}

/** Keys that are held while a hand moves, wherever the focus is. */
const held = new Set<string>();
if (typeof document !== "undefined") {
  document.addEventListener(
    "keydown",
    (event) => {
      held.add(event.key.toLowerCase());
      // Over a picture W is held for the window, and leads to no other page.
      if (event.key.toLowerCase() === "w" && !event.ctrlKey && !event.metaKey && document.querySelector(".view:hover") !== null) event.preventDefault();
    },
    { capture: true },
  );
  document.addEventListener("keyup", (event) => held.delete(event.key.toLowerCase()));
  window.addEventListener("blur", () => held.clear());
}

type Drag = "point" | "zoom" | "pan" | "window";

/** Listens to mouse, pen and wheel; moves of one frame of the screen become one. */
export function useViewInput(view: RefObject<HTMLElement | null>, plane: ViewPlane, actions: ViewActions): void {
  const latest = useRef({ plane, actions });
  useEffect(() => {
    latest.current = { plane, actions };
  });
  useEffect(() => {
    const element = view.current;
    if (element === null) return undefined;
    let drag: Drag | undefined;
    let anchor: Vec3 | undefined;
    let last = { x: 0, y: 0 };
    let wheel = 0;
    let frame = 0;
    const waiting = new Map<string, () => void>();
    const soon = (name: string, act: () => void) => {
      waiting.set(name, act);
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        const acts = [...waiting.values()];
        waiting.clear();
        for (const one of acts) one();
      });
    };
    const pxOf = (event: MouseEvent) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    // A pixel's own center is half a px inside of it.
    const placeOf = ({ x, y }: { x: number; y: number }): Vec3 => apply(latest.current.plane.patientFromScreen, [x - 0.5, y - 0.5, 0]);
    const down = (event: PointerEvent) => {
      drag = event.button === 2 ? "zoom" : event.button === 1 ? "pan" : held.has("w") ? "window" : "point";
      event.preventDefault();
      element.focus({ preventScroll: true });
      element.setPointerCapture(event.pointerId);
      last = pxOf(event);
      anchor = placeOf(last);
      if (drag === "point") latest.current.actions.point(anchor, "down");
    };
    const move = (event: PointerEvent) => {
      const now = pxOf(event);
      soon("hover", () => latest.current.actions.hover(placeOf(now)));
      if (drag === undefined) return;
      const from = last;
      soon("drag", () => {
        const { actions } = latest.current;
        const [dx, dy] = [now.x - from.x, now.y - from.y];
        last = now;
        if (drag === "point") actions.point(placeOf(now), "move");
        if (drag === "pan") actions.pan(dx, dy);
        if (drag === "window") actions.window(dx, dy);
        if (drag === "zoom" && anchor !== undefined) actions.zoom(anchor, Math.exp(-dy / 150));
      });
    };
    const up = (event: PointerEvent) => {
      if (drag === "point") latest.current.actions.point(placeOf(pxOf(event)), "up");
      drag = undefined;
    };
    const leave = () => soon("hover", () => latest.current.actions.hover(undefined));
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey) {
        const at = placeOf(pxOf(event));
        latest.current.actions.zoom(at, Math.exp(-event.deltaY / 300));
        return;
      }
      // A notch of a wheel is a slice; the small steps of a touchpad add up to one.
      const notch = event.deltaMode !== 0 || Math.abs(event.deltaY) >= 50;
      wheel += notch ? Math.sign(event.deltaY) : event.deltaY / 25;
      soon("wheel", () => {
        const slices = Math.trunc(wheel);
        wheel -= slices;
        if (slices !== 0) latest.current.actions.scroll(slices);
      });
    };
    const double = () => latest.current.actions.enlarge();
    const none = (event: Event) => event.preventDefault();
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("wheel", turn, { passive: false });
    element.addEventListener("dblclick", double);
    element.addEventListener("contextmenu", none);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("wheel", turn);
      element.removeEventListener("dblclick", double);
      element.removeEventListener("contextmenu", none);
    };
  }, [view]);
}
