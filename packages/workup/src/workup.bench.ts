import { readFileSync } from "node:fs";
import { parseCase } from "@hapax/case";
import { medianMs, report } from "@hapax/kernels/stopwatch";
import { workup } from "./index.ts";

// The bar is 20 ms for the whole workup of the Leach case, warm. Beside it, in the same run, stands parsing and
// checking the same record, which every opening of a case does.
const text = readFileSync(new URL("../../../cases/leach2025/case.json", import.meta.url), "utf8");
const record = parseCase(JSON.parse(text), "case.json");
const parsed = medianMs(() => parseCase(JSON.parse(text), "case.json"));

report("workup of the Leach case", medianMs(() => workup(record)), "parsing its record", parsed, "bar 20 ms");
report("workup as of T3", medianMs(() => workup(record, { asOf: "T3" })), "parsing its record", parsed);
