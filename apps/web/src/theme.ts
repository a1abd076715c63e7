/** Light is the page of record; dark is the reading room. */
export type Theme = "light" | "dark";

const key = "hapax/theme";

export function theme(): Theme {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

/** Sets the theme that the reader chose last, or else the one of the system. */
export function restoreTheme(): void {
  const chosen = localStorage.getItem(key);
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset["theme"] = chosen === "dark" || chosen === "light" ? chosen : system;
}

export function turnTheme(): void {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  localStorage.setItem(key, next);
}
