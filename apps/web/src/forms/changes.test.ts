import { describe, expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { newCase, parseCase, recorded, type CaseRecord, type Entry } from "@hapax/case";
import leachFile from "../../../../cases/leach2025/case.json" with { type: "json" };
import { changesOf } from "./changes.ts";

const leach = parseCase(leachFile, "leach2025");
const histology = (more: object = {}): Entry => ({ kind: "histology", id: "h", state: "recorded", diagnosis: "PEComa", necrosis: recorded(false), ...more });
const withEntries = (...entries: Entry[]): CaseRecord => ({ ...newCase("x", "X", "pecoma"), entries });

describe("what a revision changed", () => {
  test("a fact is said before and after", () => {
    expect(changesOf(withEntries(histology()), withEntries(histology({ necrosis: recorded(true), margins: recorded("R0"), size: recorded({ value: 6, unit: "cm" }) })))).toEqual([
      {
        is: "changed", part: "entry", id: "h", kind: "Histology", title: "PEComa",
        fields: [
          { label: "Necrosis", before: "no", after: "yes" },
          { label: "Margins", before: "not recorded", after: "R0" },
          { label: "Size", before: "not recorded", after: "6 cm" },
        ],
      },
    ]);
  });

  test("a doubt is no value, and not done is not left out", () => {
    const [change] = changesOf(withEntries(histology({ margins: { state: "not performed" } })), withEntries(histology({ necrosis: { state: "uncertain", value: true } })));
    expect(change?.fields).toEqual([
      { label: "Necrosis", before: "no", after: "yes, uncertain" },
      { label: "Margins", before: "not performed", after: "not recorded" },
    ]);
  });

  test("where the fact stayed and its source did not, the source is named", () => {
    const sourced = histology({ necrosis: recorded(false, { document: "typed-in", place: "page 2" }) });
    expect(changesOf(withEntries(histology()), withEntries(sourced))[0]?.fields).toEqual([{ label: "Necrosis, source", before: "not recorded", after: "typed-in, page 2" }]);
  });

  test("an entry added has its fields and no before, one removed no after", () => {
    expect(changesOf(withEntries(), withEntries(histology()))).toMatchObject([
      { is: "added", title: "PEComa", fields: [{ label: "Diagnosis", after: "PEComa" }, { label: "Necrosis", after: "no" }] },
    ]);
    expect(changesOf(withEntries(histology()), withEntries())[0]?.fields.at(-1)).toEqual({ label: "Necrosis", before: "no" });
  });

  test("an id that became of another kind is one entry gone and one come", () => {
    expect(changesOf(withEntries(histology()), withEntries({ kind: "stain", id: "h", state: "recorded", marker: "SMA" })).map((c) => [c.is, c.title])).toEqual([["removed", "PEComa"], ["added", "SMA"]]);
  });

  test("patient, case, time points and documents count as well", () => {
    const before = withEntries();
    const after: CaseRecord = {
      ...before,
      name: "Y",
      patient: { sex: recorded("female") },
      timePoints: [{ id: "T1", label: "Biopsy" }],
      documents: [...before.documents, { id: "letter", title: "Letter", kind: "clinic letter" }],
    };
    expect(changesOf(before, after).map((c) => [c.is, c.kind, c.fields[0]])).toEqual([
      ["changed", "Case", { label: "Name", before: "X", after: "Y" }],
      ["changed", "Patient", { label: "Sex", before: "not recorded", after: "female" }],
      ["changed", "Time point", { label: "Label", before: "Diagnosis", after: "Biopsy" }],
      ["added", "Document", { label: "Title", after: "Letter" }],
    ]);
  });

  test("of a long text the place where it parts is shown", () => {
    const note = (end: string) => withEntries(histology({ note: `${"The specimen was received fresh. ".repeat(8)}${end}` }));
    expect(changesOf(note("Margins are free."), note("Margins are close."))[0]?.fields).toEqual([
      { label: "Note", before: expect.stringMatching(/^… .{24}free\.$/), after: expect.stringMatching(/^… .{24}close\.$/) },
    ]);
  });

  test("another order alone is said to be that", () => {
    const [a, b] = [histology(), histology({ id: "i" })];
    expect(changesOf(withEntries(a, b), withEntries(b, a)).map((c) => c.title)).toEqual(["only the order in which things are listed"]);
  });
});

// An entry that is left out may be pointed to by others; revisions are compared as they stand.
const revision = fc.subarray(leach.entries).map((entries) => ({ ...leach, entries }));
test.prop([revision, revision])("every entry that only one revision has is one change, and the way back turns each around", (one, other) => {
  const [there, back] = [changesOf(one, other), changesOf(other, one)];
  const differing = leach.entries.filter((e) => one.entries.includes(e) !== other.entries.includes(e));
  expect(there.map((c) => c.id).sort()).toEqual(differing.map((e) => e.id).sort());
  const turned = { added: "removed", removed: "added", changed: "changed" } as const;
  expect(back.map((c) => `${turned[c.is]} ${c.id}`).sort()).toEqual(there.map((c) => `${c.is} ${c.id}`).sort());
});

test.prop([revision])("a revision does not differ from itself, nor from its copy", (one) => {
  expect(changesOf(one, structuredClone(one))).toEqual([]);
});
