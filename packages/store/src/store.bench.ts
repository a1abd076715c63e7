import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCase, type CaseRecord } from "@hapax/case";
import { openPglite, type CaseFilter, type CaseStore, type Summary } from "./index.ts";

const cases = 10_000;
const tumors = ["pecoma", "epithelioid sarcoma", "alveolar soft part sarcoma", "clear cell sarcoma"];
const sites = ["uterus", "retroperitoneum", "kidney", "mediastinum", "liver", "trunk"];

/** A made-up case of some twenty entries; no chance in it, so that runs compare. */
function madeUp(i: number): { record: CaseRecord; summary: Summary } {
  const id = `made-up-${i}`;
  const tumor = tumors[i % tumors.length] as string;
  const site = sites[(i * 7) % sites.length] as string;
  const age = 18 + ((i * 31) % 70);
  const sex = i % 3 === 0 ? "male" : "female";
  const labs = Array.from({ length: 20 }, (_, n) => ({
    kind: "lab" as const,
    id: `hb-${n}`,
    state: "recorded" as const,
    analyte: "hemoglobin",
    value: { state: "recorded" as const, value: { value: 8 + ((i + n) % 60) / 10, unit: "g/dL" } },
  }));
  const record: CaseRecord = {
    ...newCase(id, `Case ${i}`, tumor),
    title: `${tumor} of the ${site}`,
    patient: { sex: { state: "recorded", value: sex }, age: { state: "recorded", value: { value: age, unit: "a" } } },
    entries: labs,
  };
  const summary = { name: record.name, who: `${sex}, ${age} years`, what: record.title, now: "T1, Diagnosis", tumor, sex, ageYears: age, undecided: i % 9, contradictory: i % 4 };
  return { record, summary };
}

const filters: readonly { readonly name: string; readonly filter: CaseFilter }[] = [
  { name: "tumor and sex, 40 to 60 years", filter: { equals: { tumor: "pecoma", sex: "female" }, range: { ageYears: { min: 40, max: 60 } } } },
  { name: "word in any field", filter: { text: "mediastinum" } },
  { name: "contradictory, two tumors, newest 100", filter: { range: { contradictory: { min: 1 } }, oneOf: { tumor: ["pecoma", "clear cell sarcoma"] }, limit: 100 } },
  { name: "all of them", filter: {} },
];

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

/** Fills a store, closes it, and measures what a person waits for: opening it and asking it. */
export async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hapax-bench-"));
  try {
    const data = join(folder, "store");
    const filling = await timed(async () => {
      const store = await openPglite(data);
      for (let i = 0; i < cases; i++) {
        const { record, summary } = madeUp(i);
        await store.put(record, summary, { who: "bench", what: "made up", expected: 0 });
      }
      await store.close();
    });
    console.log(`store  ${cases} cases of 20 entries written, each a change of its own: ${(filling.ms / 1000).toFixed(1)} s, ${(filling.ms / cases).toFixed(2)} ms each`);
    const opened = await timed(() => openPglite(data));
    console.log(`store  open  ${opened.ms.toFixed(0)} ms  (goal 2000)`);
    await ask(opened.result);
    await opened.result.close();
    await reopenAfterKill(data, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ask(store: CaseStore): Promise<void> {
  for (const { name, filter } of filters) {
    const first = await timed(() => store.list(filter));
    const again = await timed(() => store.list(filter));
    console.log(`store  cohort: ${name}  ${first.ms.toFixed(0)} ms first, ${again.ms.toFixed(0)} ms again, ${first.result.length} cases  (goal 300)`);
  }
  const one = await timed(() => store.get(`made-up-${cases / 2}`));
  console.log(`store  one case with its record  ${one.ms.toFixed(1)} ms`);
}

/** A copy of the files of an open database is what a kill leaves: opening it replays the log. */
async function reopenAfterKill(data: string, folder: string): Promise<void> {
  const store = await openPglite(data);
  for (let i = 0; i < 200; i++) {
    const { record, summary } = madeUp(i);
    await store.put({ ...record, title: "changed" }, summary, { who: "bench", what: "changed" });
  }
  const killed = join(folder, "killed");
  await cp(data, killed, { recursive: true, filter: (path) => !path.endsWith("owner") });
  await store.close();
  const opened = await timed(() => openPglite(killed));
  console.log(`store  open after a kill with 200 changes in the log  ${opened.ms.toFixed(0)} ms`);
  await opened.result.close();
}

if (import.meta.main) await bench();
