import { HapaxError } from "@hapax/base";

/** Deeper than any record; a limit keeps hostile nesting from exhausting the stack. */
export const maxDepth = 64;
const maxProblems = 20;

/** Names through which an object could reach its prototype. */
const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const blank = /[ \t\n\r]*/y;
const plainText = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Reads JSON as RFC 8259 has it, and refuses what readers disagree on: a key given twice, keys that reach the
 * prototype, numbers too large to hold, broken surrogate pairs, NUL characters.
 *
 * @param text   the whole document
 * @param where  file or request, for the message
 * @throws       files/json with line and column; one problem per place where the syntax still holds
 */
export function parseJson(text: string, where: string): unknown {
  const problems: HapaxError[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let depth = 0;

  const problem = (offset: number, what: string, remedy: string) => {
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - before.lastIndexOf("\n");
    return new HapaxError("files/json", `${where}:${line}:${column}: ${what}`, remedy);
  };
  const note = (offset: number, what: string, remedy: string) => {
    if (problems.length < maxProblems) problems.push(problem(offset, what, remedy));
  };
  const broken = (expected: string) => {
    const met = at >= text.length ? "the text ends" : `${JSON.stringify(text.slice(at, at + 12))} stands`;
    return problem(at, `${met} where ${expected} should be.`, "Mend it in a text editor that checks JSON.");
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const takes = (character: string) => {
    match(blank);
    if (text[at] !== character) return false;
    at++;
    return true;
  };

  const string = (): string => {
    const start = at++;
    let escaped = false;
    for (;;) {
      match(plainText);
      if (text[at] === '"') break;
      if (text[at] !== "\\" || match(escape) === undefined) throw broken("a string or its end");
      escaped = true;
    }
    at++;
    const value = escaped ? (JSON.parse(text.slice(start, at)) as string) : text.slice(start + 1, at - 1);
    if (!value.isWellFormed()) note(start, "half of a surrogate pair stands alone.", "Write the character whole.");
    if (value.includes("\0")) note(start, "a NUL character stands in a text.", "Remove it.");
    return value;
  };

  const object = (): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    const lines = new Map<string, number>();
    if (takes("}")) return result;
    do {
      match(blank);
      const start = at;
      if (text[at] !== '"') throw broken("a key in quotation marks");
      const key = string();
      if (!takes(":")) throw broken("a colon");
      const content = value();
      const first = lines.get(key);
      if (forbidden.has(key)) note(start, `the key "${key}" is not allowed.`, "Remove it; no record has it.");
      else if (first !== undefined) note(start, `the key "${key}" is given twice; first in line ${lineOf(text, first)}.`, "Keep one of the two.");
      else {
        lines.set(key, start);
        result[key] = content;
      }
    } while (takes(","));
    if (!takes("}")) throw broken("a comma or }");
    return result;
  };

  const array = (): unknown[] => {
    const result: unknown[] = [];
    if (takes("]")) return result;
    do result.push(value());
    while (takes(","));
    if (!takes("]")) throw broken("a comma or ]");
    return result;
  };

  const value = (): unknown => {
    match(blank);
    const first = text[at];
    if (first === "{" || first === "[") {
      if (++depth > maxDepth) throw problem(at, `it is nested more than ${maxDepth} deep.`, "No record is; check what wrote it.");
      at++;
      const content = first === "{" ? object() : array();
      depth--;
      return content;
    }
    if (first === '"') return string();
    for (const [word, meaning] of [["true", true], ["false", false], ["null", null]] as const) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    const start = at;
    const digits = match(number);
    if (digits === undefined || digits === "") throw broken("a value");
    const parsed = Number(digits);
    if (!Number.isFinite(parsed)) note(start, `the number ${digits.slice(0, 40)} is too large to hold.`, "Check it; NaN and infinity are no values.");
    return parsed;
  };

  const result = value();
  match(blank);
  if (at < text.length) throw broken("the end");
  if (problems.length > 0) {
    const [only] = problems;
    throw problems.length === 1 && only ? only : new HapaxError("files/json", problems.map((p) => p.what).join(" "), "Mend the places named; nothing was read.", problems);
  }
  return result;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

const width = 118;

/** JSON for people: two spaces, what fits in a line stands in one line, and the same value always gives the same text. */
export function printJson(value: unknown): string {
  return `${print(value, 0, 0)}\n`;
}

/** @param used  characters of the line already taken, by its indentation, key and closing comma */
function print(value: unknown, indent: number, used: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const items: [string, unknown][] = Array.isArray(value)
    ? value.map((v) => ["", v])
    : Object.entries(value).flatMap(([k, v]) => (v === undefined ? [] : [[`${JSON.stringify(k)}: `, v] as [string, unknown]]));
  const [open, close, gap] = Array.isArray(value) ? ["[", "]", ""] : ["{", "}", " "];
  if (items.length === 0) return open + close;
  const flat = items.map(([key, v]) => key + print(v, 0, -Infinity)).join(", ");
  if (used + flat.length + 4 <= width) return open + gap + flat + gap + close;
  const pad = " ".repeat(indent + 2);
  const lines = items.map(([key, v]) => pad + key + print(v, indent + 2, indent + 2 + key.length));
  return `${open}\n${lines.join(",\n")}\n${" ".repeat(indent)}${close}`;
}
