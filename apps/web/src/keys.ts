import { useEffect, useRef, type KeyboardEvent as ElementKeyboardEvent } from "react";

/** True where a letter belongs to the text being typed and not to the workbench. */
export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio]")))
  );
}

/** What a key does, by `event.key`; letters in lower case. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Listens for single keys, outside fields and without modifiers; those of a page come before those of its frame. */
export function useKeys(keys: Keys, of: "frame" | "page" = "frame"): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act(event);
    };
    const capture = of === "page";
    document.addEventListener("keydown", press, { capture });
    return () => document.removeEventListener("keydown", press, { capture });
  }, [of]);
}

/** Moves the focus among the rows of the page: everything marked `data-row`, from top to bottom. */
export function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")].filter((row) => row.checkVisibility());
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  const row = rows[next];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** Escape closes an open row, and the focus goes back to the button that opened it. */
export function closeOnEscape(event: ElementKeyboardEvent<HTMLLIElement>, close: () => void): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  close();
  event.currentTarget.querySelector("button")?.focus();
}
