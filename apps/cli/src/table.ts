/** Text of a record as a terminal may have it: no control characters, which could move the cursor or color the page. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** A longer cell pushes its own row on and not the column of every row. */
const widest = 44;

/** Rows with aligned columns, two spaces apart; the last column runs free. */
export function table(rows: readonly (readonly string[])[], indent = ""): string {
  const clean = rows.map((row) => row.map((cell) => printable(cell).replace(/\s+/g, " ")));
  const widths: number[] = [];
  for (const row of clean) row.slice(0, -1).forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, Math.min(widest, width(cell)))));
  return clean.map((row) => `${indent}${row.map((cell, i) => (i < row.length - 1 ? cell + " ".repeat(Math.max(0, (widths[i] ?? 0) - width(cell))) : cell)).join("  ")}`.trimEnd() + "\n").join("");
}

/** Columns that a text takes; a combining mark takes none. */
function width(text: string): number {
  return [...text.replace(/\p{M}/gu, "")].length;
}
