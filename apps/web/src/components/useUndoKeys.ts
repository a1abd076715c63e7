import { useEffect, useRef } from "react";
import { typing } from "../keys.ts";

/** True while a field holds text that has not been saved: there, undo is the field's own. */
const unsaved = (target: EventTarget | null): boolean => typing(target) && target instanceof HTMLElement && target.dataset["unsaved"] !== undefined;

/** Ctrl Z and Ctrl Shift Z (or Ctrl Y) step through the saved revisions of the case. */
export function useUndoKeys(undo: () => void, redo: () => void): void {
  const latest = useRef({ undo, redo });
  useEffect(() => {
    latest.current = { undo, redo };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || unsaved(event.target)) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) latest.current.redo();
      else latest.current.undo();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
