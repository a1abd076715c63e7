/** Keeps revision after revision of a plan until it is killed, and says each that was acknowledged. */
import { writeSync } from "node:fs";
import { openPglite } from "@hapax/store";
import { plainCompute } from "../plain-compute.ts";
import { keepPlan } from "./kept-plans.ts";
import { smallPlan } from "./plan.fixture.ts";

const [folder, id = "", from = "1"] = process.argv.slice(2);
const store = await openPglite(folder);
for (let gy = Number(from); ; gy++) {
  const made = { ...smallPlan("killed", gy, "chest"), notes: Array.from({ length: 500 }, (_, n) => `${gy}: ${n}`) };
  const { revision } = await keepPlan({ store, compute: plainCompute, who: "anna" }, id, { made, planUid: `2.25.${gy}` }, "2026-01-01T00:00:00.000Z");
  writeSync(1, `${revision} ${gy}\n`);
}
