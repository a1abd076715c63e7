/**
 * Writes packages/dose/src/energy-deposition.json from a folder of EDKnrc listings (0.5MeV.egslst … 6.0MeV.egslst).
 *
 *   node packages/dose/scripts/write-kernels.ts <folder>
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cones = 48;
const spheres = 24;
const folder = process.argv[2];
if (folder === undefined) throw new Error("Give the folder of the .egslst files.");

const energiesMev = Array.from({ length: 12 }, (_, i) => (i + 1) / 2);
let radiiMm: number[] = [];
const fractions = energiesMev.map((energy) => {
  const listing = readFileSync(join(folder, `${energy.toFixed(1)}MeV.egslst`), "utf8");
  const table = listing.slice(listing.indexOf("ENERGY DEPOSITION KERNEL"));
  const rows = [...table.matchAll(/^ +([\d.]+) +([\d.]+) +([\d.E+-]+) \[/gm)].map((row) => row.slice(1, 4).map(Number) as [number, number, number]);
  if (rows.length !== cones * spheres) throw new Error(`${energy} MeV has ${rows.length} rows, not ${cones * spheres}.`);
  radiiMm = rows.slice(0, spheres).map(([, radiusCm]) => Number((radiusCm * 10).toFixed(3)));
  return rows.map(([, , total]) => total);
});

const out = {
  what: "Share of the energy released at a point in water that is deposited between two cones and two spheres around it; cones of 3.75 degrees from the forward direction, spheres of the given outer radii; per energy, cone by cone, spheres within each.",
  source: "conehead2022",
  licence: "MIT License, Copyright (c) 2018 samuelpeet. Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.",
  energiesMev,
  radiiMm,
  fractions,
};
const path = fileURLToPath(new URL("../src/energy-deposition.json", import.meta.url));
writeFileSync(path, `${JSON.stringify(out).replaceAll("],[", "],\n[")}\n`);
