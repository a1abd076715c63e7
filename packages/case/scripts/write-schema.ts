// Writes packages/case/case.schema.json from the record's types; a test fails when the file is behind them.
import { writeFileSync } from "node:fs";
import { caseJsonSchema } from "../src/index.ts";

writeFileSync(new URL("../case.schema.json", import.meta.url), `${JSON.stringify(caseJsonSchema(), null, 1)}\n`);
