import { readFileSync } from "node:fs";
import { parseCase } from "@hapax/case";
import { workup } from "./index.ts";

// The bar is 20 ms for the whole workup of the Leach case, warm. The ceiling beside it, in the same run, is to parse
// and check the same record, which every opening of a case does at least once.
const text = readFileSync(new URL("../../../cases/leach2025/case.json", import.meta.url), "utf8");
const record = parseCase(JSON.parse(text), "case.json");

function median(work: () => unknown): number {
  for (let i = 0; i < 20; i++) work();
  const times = Array.from({ length: 51 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[25] as number;
}

const whole = median(() => workup(record));
const early = median(() => workup(record, { asOf: "T3" }));
const parsed = median(() => parseCase(JSON.parse(text), "case.json"));
console.log(`workup of the Leach case  ${whole.toFixed(1)} ms  ${(whole / parsed).toFixed(1)} times parsing it (${parsed.toFixed(1)} ms)  bar 20 ms`);
console.log(`workup as of T3           ${early.toFixed(1)} ms  ${(early / parsed).toFixed(1)} times parsing it`);
