/** Writes case after case until it is killed, and says each change that the store has acknowledged. */
import { writeSync } from "node:fs";
import { newCase } from "@hapax/case";
import { openPglite } from "./index.ts";

const [folder, name = "writer"] = process.argv.slice(2);
const store = await openPglite(folder);
for (let i = 0; ; i++) {
  const id = `${name}-${i % 3}`;
  const title = `${name}:${i}`;
  const padding = Array.from({ length: 50 }, (_, n) => ({ id: `T${n}`, label: `time point ${n} of ${i}` }));
  const revision = await store.put({ ...newCase(id, name, "pecoma"), title, timePoints: padding }, { title }, { who: name, what: `change ${i}` });
  writeSync(1, `${id} ${revision} ${title}\n`);
}
