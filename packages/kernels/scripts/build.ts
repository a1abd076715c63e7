// Compiles assembly/index.ts to wasm/hapax.wasm, which every crew runs. `npm run kernels` starts it, and setup.sh where the module
// is missing or older than its sources.
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const home = join(import.meta.dirname, "..");
mkdirSync(join(home, "wasm"), { recursive: true });
const { error, stderr } = await asc.main([
  "assembly/index.ts",
  "--baseDir", home,
  "--outFile", "wasm/hapax.new.wasm",
  "-O3",
  "--noAssert",
  // Pointers come from TypeScript: there is nothing to collect.
  "--runtime", "stub",
  // Not relaxed SIMD: its results depend on the processor.
  "--enable", "simd",
  "--enable", "threads",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory", "1",
  "--maximumMemory", "32768",
]);
if (error === null) {
  // In one step: who reads it meanwhile reads a whole module.
  renameSync(join(home, "wasm/hapax.new.wasm"), join(home, "wasm/hapax.wasm"));
} else {
  console.error(stderr.toString());
  process.exitCode = 1;
}
