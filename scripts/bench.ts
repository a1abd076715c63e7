// Runs every benchmark of the house, one after another, each in its own process.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const wanted = process.argv[2] ?? "";
for (const file of globSync(["packages/*/src/**/*.bench.ts", "tests/*.bench.ts"]).sort()) {
  if (!file.includes(wanted)) continue;
  console.log(`\n${file}`);
  spawnSync(process.execPath, [file], { stdio: "inherit" });
}
