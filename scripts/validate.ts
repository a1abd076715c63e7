// Writes docs/validation.md, docs/validation-planning.md and docs/validation-dvh.md with their pictures: minutes of work; a word as
// argument, dose, planning or dvh, writes that one alone. What needs data beside the project is left as it is without them.
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openCrew } from "@hapax/kernels/crew-node";
import { doseValidation } from "../tests/dose-validation.ts";
import { page, rows } from "../tests/dvh-validation.ts";
import { matradPath, planningValidation } from "../tests/planning-validation.ts";
import { slicerPath } from "../tests/slicerrt.fixture.ts";

const docs = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

const wanted = (page: "dose" | "planning" | "dvh") => process.argv[2] === undefined || process.argv[2] === page;

const crew = await openCrew();
try {
  if (wanted("dose")) {
    const { page: text, pictures } = await doseValidation(crew, console.error);
    writeFileSync(docs("validation.md"), text);
    for (const [name, picture] of pictures) writeFileSync(docs(`pictures/${name}`), picture);
  }
  if (wanted("planning")) {
    if (existsSync(matradPath)) writeFileSync(docs("validation-planning.md"), await planningValidation(crew, console.error));
    else console.error("planning: matRad's numbers are not beside the project; docs/validation-planning.md stays");
  }
} finally {
  await crew.close();
}
if (wanted("dvh")) {
  if (existsSync(slicerPath("EclipseEnt_Dose.nrrd"))) writeFileSync(docs("validation-dvh.md"), page(rows()));
  else console.error("histograms: the sets of SlicerRT are not beside the project; docs/validation-dvh.md stays");
}
