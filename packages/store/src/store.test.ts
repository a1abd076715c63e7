import { fc } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newCase, type CaseRecord } from "@hapax/case";
import { openPglite, openPostgres, type CaseStore, type Summary } from "./index.ts";
import { postgresBinaries, throwawayPostgres } from "./throwaway-postgres.ts";

const mayBeMissing = process.env["HAPAX_REQUIRE_ALL"] !== "1";

const databases = [
  { name: "PGlite", skip: false, start: async () => ({ open: () => openPglite(), stop: async () => {} }) },
  {
    name: "PostgreSQL",
    skip: mayBeMissing && postgresBinaries() === undefined,
    start: async () => {
      const { connection, stop } = await throwawayPostgres();
      return { open: () => openPostgres(connection), stop };
    },
  },
];

describe.each(databases)("a store on $name", ({ skip, start }) => {
  describe.skipIf(skip)("keeps the contract", () => {
    let store: CaseStore;
    let database: Awaited<ReturnType<typeof start>>;
    let count = 0;
    const fresh = () => `case-${++count}`;
    beforeAll(async () => {
      database = await start();
      store = await database.open();
    }, 60_000);
    afterAll(async () => {
      await store.close();
      await database.stop();
    });

    const titled = (id: string, title: string): CaseRecord => ({ ...newCase(id, id, "pecoma"), title });
    const by = (what: string, expected?: number) => ({ who: "anna", what, expected });
    const put = (record: CaseRecord, expected?: number, summary: Summary = {}) => store.put(record, summary, by("edit", expected));
    const titleNow = async (id: string) => (await store.get(id)).record.title;

    test("a case comes back equal, with its revision and when it was changed", async () => {
      const record = titled(fresh(), "α/β ≥ 3 🧠 ' \" \\ <script>");
      expect(await put(record, 0)).toBe(1);
      const stored = await store.get(record.id);
      expect(stored).toMatchObject({ record, revision: 1, canUndo: false, canRedo: false });
      expect(Math.abs(Date.parse(stored.changed) - Date.now())).toBeLessThan(60_000);
    });

    test("a case that is not there is an answer with a remedy, not a crash", async () => {
      await expect(store.get("nowhere")).rejects.toMatchObject({ code: "store/not-found" });
      await expect(store.at("nowhere", 1)).rejects.toMatchObject({ code: "store/not-found" });
      await expect(store.remove("nowhere", by("x"))).rejects.toMatchObject({ code: "store/not-found" });
      await expect(store.undo("nowhere", "anna")).rejects.toMatchObject({ code: "store/not-found" });
      expect(await store.history("nowhere")).toEqual([]);
    });

    test("a change made on an old revision is refused and nothing is lost", async () => {
      const id = fresh();
      await put(titled(id, "one"), 0);
      await put(titled(id, "two"), 1);
      await expect(put(titled(id, "late"), 1)).rejects.toMatchObject({ code: "store/conflict" });
      await expect(put(titled(id, "new again"), 0)).rejects.toMatchObject({ code: "store/conflict" });
      expect(await titleNow(id)).toBe("two");
    });

    test("of many changes at the same moment on one revision exactly one wins", async () => {
      const id = fresh();
      await put(titled(id, "start"), 0);
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => put(titled(id, `writer ${i}`), 1)));
      const won = results.flatMap((r, i) => (r.status === "fulfilled" ? [i] : []));
      expect(won).toHaveLength(1);
      for (const r of results) if (r.status === "rejected") expect(r.reason).toMatchObject({ code: "store/conflict" });
      expect(await titleNow(id)).toBe(`writer ${won[0]}`);
    });

    test("every change is a revision with who, what and when, and any of them can be read", async () => {
      const id = fresh();
      await store.put(titled(id, "one"), {}, { who: "anna", what: "new case" });
      await store.put(titled(id, "two"), {}, { who: "bert", what: "title" });
      const history = await store.history(id);
      expect(history.map(({ revision, who, what, removed }) => [revision, who, what, removed])).toEqual([
        [1, "anna", "new case", false],
        [2, "bert", "title", false],
      ]);
      expect(history.every((r) => !Number.isNaN(Date.parse(r.when)))).toBe(true);
      expect((await store.at(id, 1)).title).toBe("one");
    });

    test("a removed case leaves the list, keeps its history, and undo brings it back", async () => {
      const id = fresh();
      await put(titled(id, "kept"));
      await store.remove(id, by("removed", 1));
      await expect(store.get(id)).rejects.toMatchObject({ code: "store/not-found" });
      expect((await store.list()).some((c) => c.id === id)).toBe(false);
      expect((await store.history(id)).at(-1)).toMatchObject({ revision: 2, removed: true });
      await store.undo(id, "anna");
      expect(await titleNow(id)).toBe("kept");
    });

    test("undo and redo behave as a text editor's, whatever the order", async () => {
      const command = fc.oneof({ weight: 2, arbitrary: fc.constant("put" as const) }, { weight: 2, arbitrary: fc.constant("undo" as const) }, fc.constant("redo" as const));
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
          const id = fresh();
          const past: string[] = [];
          const future: string[] = [];
          let now = "start";
          let revision = await put(titled(id, now), 0);
          for (const [i, c] of commands.entries()) {
            if (c === "put") {
              past.push(now);
              future.length = 0;
              now = `title ${i}`;
              revision = await put(titled(id, now), revision);
              continue;
            }
            const [from, to] = c === "undo" ? [past, future] : [future, past];
            const next = from.pop();
            if (next === undefined) {
              await expect(store[c](id, "anna")).rejects.toMatchObject({ code: `store/nothing-to-${c}` });
              continue;
            }
            to.push(now);
            now = next;
            expect(await store[c](id, "anna")).toBe(++revision);
          }
          const stored = await store.get(id);
          expect(stored).toMatchObject({ revision, canUndo: past.length > 0, canRedo: future.length > 0 });
          expect(stored.record.title).toBe(now);
          expect(await store.history(id)).toHaveLength(revision);
        }),
        { numRuns: 12 },
      );
    });

    test("undo brings the summary back too", async () => {
      const id = fresh();
      await put(titled(id, "one"), 0, { state: "first" });
      await put(titled(id, "two"), 1, { state: "second" });
      await store.undo(id, "anna");
      expect((await store.list({ text: id })).find((c) => c.id === id)?.summary).toEqual({ state: "first" });
    });

    test("a cohort filter finds by words, by value, by one of several, and by range", async () => {
      const mark = `cohort${count}`;
      const rows: Summary[] = [
        { mark, name: "Uterine 100%_a", sex: "female", ageYears: 40, contradictory: 0 },
        { mark, name: "Mediastinal", sex: "male", ageYears: 59, contradictory: 3 },
        { mark, name: "Renal", sex: "female", ageYears: null, contradictory: 1 },
      ];
      for (const row of rows) await put(titled(fresh(), "x"), 0, row);
      const names = async (filter: Parameters<CaseStore["list"]>[0]) =>
        (await store.list({ ...filter, equals: { mark, ...filter?.equals } })).map((c) => c.summary["name"]).sort();
      expect(await names({})).toEqual(["Mediastinal", "Renal", "Uterine 100%_a"]);
      expect(await names({ text: "MEDIA" })).toEqual(["Mediastinal"]);
      expect(await names({ text: "100%_" })).toEqual(["Uterine 100%_a"]);
      expect(await names({ text: "%" })).toEqual(["Uterine 100%_a"]);
      expect(await names({ text: "ageYears" })).toEqual([]);
      expect(await names({ equals: { sex: "female" } })).toEqual(["Renal", "Uterine 100%_a"]);
      expect(await names({ oneOf: { name: ["Renal", "Mediastinal", "x'; drop table hapax.cases; --"] } })).toEqual(["Mediastinal", "Renal"]);
      expect(await names({ range: { ageYears: { min: 40, max: 59 } } })).toEqual(["Mediastinal", "Uterine 100%_a"]);
      expect(await names({ range: { contradictory: { min: 1 } } })).toEqual(["Mediastinal", "Renal"]);
      expect(await names({ range: { name: { min: 0 } } })).toEqual([]);
      expect(await store.list({ equals: { mark }, limit: 2 })).toHaveLength(2);
    });

    test("hostile words in a summary or a filter stay words", async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
          const id = fresh();
          await put(titled(id, "x"), 0, { id, text });
          expect((await store.list({ equals: { id } })).map((c) => c.id)).toEqual([id]);
          await store.list({ text, equals: { [text]: text }, oneOf: { [text]: [text] }, range: { [text]: { min: 1 } } });
        }),
        { numRuns: 25 },
      );
    });

    test("a record that could not be read back is refused", async () => {
      const record = titled(fresh(), "x");
      const lab = { kind: "lab", id: "T1", state: "recorded", analyte: "hemoglobin" } as const;
      await expect(put({ ...record, entries: [lab] })).rejects.toMatchObject({ code: "case/invalid" });
    });

    test("files of a case come back to the byte", async () => {
      const id = fresh();
      await put(titled(id, "x"));
      const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
      await store.attach(id, { name: "b.pdf", bytes: new Uint8Array([1]) });
      await store.attach(id, { name: "b.pdf", bytes });
      await store.attach(id, { name: "a.txt", bytes: new Uint8Array([7]) });
      expect(await store.files(id)).toEqual([
        { name: "a.txt", bytes: new Uint8Array([7]) },
        { name: "b.pdf", bytes },
      ]);
      expect((await store.files(id, "b.")).map(({ name }) => name)).toEqual(["b.pdf"]);
      expect(await store.files(id, "%")).toEqual([]);
    });

    test("files that come with a change are there with it, and without it none of them is", async () => {
      const record = titled(fresh(), "x");
      const file = (name: string, byte: number) => ({ name, bytes: new Uint8Array([byte]) });
      const keep = (expected: number, ...files: ReturnType<typeof file>[]) => store.put(record, {}, { ...by("kept", expected), files });
      expect(await keep(0, file("a", 1), file("b", 2))).toBe(1);
      const whole = { files: await store.files(record.id), history: await store.history(record.id) };
      await expect(keep(0, file("c", 3))).rejects.toMatchObject({ code: "store/conflict" });
      await expect(keep(1, file("c", 3), file("a", 9))).rejects.toMatchObject({ code: "store/conflict" });
      await expect(store.put({ ...record, entries: [{ kind: "lab" } as never] }, {}, { ...by("kept", 1), files: [file("c", 3)] })).rejects.toMatchObject({ code: "case/invalid" });
      expect({ files: await store.files(record.id), history: await store.history(record.id) }).toEqual(whole);
    });
  });
});
