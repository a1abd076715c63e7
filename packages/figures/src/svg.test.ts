import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { frame, svg, toSvg, toTsv, type Figure } from "./svg.ts";
import { label } from "./text.ts";

const figure = (text: string, rows: string[][] = []): Figure => ({
  name: "sample",
  title: text,
  description: text,
  width: 100,
  height: 20,
  root: frame(100, 20, svg("g", { "data-entry": text }, label(0, 10, text))),
  table: { columns: ["Event"], rows },
});

test("a file has its namespace, title, description, hex colors and fonts by name", () => {
  const text = toSvg(figure("CT"), "light");
  expect(text).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(text).toContain("<title>CT</title><desc>CT</desc>");
  expect(text).toContain('font-family="Source Sans 3, system-ui, sans-serif"');
  expect(text).toContain('fill="#16211F"');
  expect(text).not.toContain("var(");
});

test("the dark theme has other colors", () => {
  expect(toSvg(figure("CT"), "dark")).toContain('fill="#E6EAEA"');
});

test.prop([fc.string({ unit: "binary", maxLength: 60 })])("text of a record never becomes markup", (text) => {
  const file = toSvg(figure(text), "light", "none");
  // What a reader parses back: the tags that the figure has, and none that the text could bring.
  expect(file.match(/<\/?[a-z]+/g)).toEqual(["<svg", "<title", "</title", "<desc", "</desc", "<g", "<text", "</text", "</g", "</svg"]);
  expect(file).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  expect(file.isWellFormed()).toBe(true);
});

test("a script in a name is shown, not run", () => {
  expect(toSvg(figure(`"><script>alert(1)</script>`), "light")).toContain("&lt;script&gt;");
});

test.prop([fc.array(fc.array(fc.string({ unit: "binary", maxLength: 30 }), { minLength: 1, maxLength: 1 }), { maxLength: 8 })])(
  "a table has one line per row and no cell that starts a formula",
  (rows) => {
    const lines = toTsv(figure("x", rows)).split("\n");
    expect(lines.length).toBe(rows.length + 2);
    for (const line of lines) expect(line).not.toMatch(/^\s*[=+\-@]/);
  },
);

test("a cell that begins with = + - or @ gets an apostrophe", () => {
  expect(toTsv(figure("x", [["=cmd|' /C calc'!A0"], ["-1"], ["a\tb\nc"]]))).toBe("Event\n'=cmd|' /C calc'!A0\n'-1\na b c\n");
});
