// Writes docs/validation.md and docs/validation-dvh.md with their pictures: minutes of work. What needs data beside the project is left as it is without them.
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openCrew } from "@hapax/kernels/crew-node";
import { doseValidation } from "../tests/dose-validation.ts";
import { page, rows } from "../tests/dvh-validation.ts";
import { slicerPath } from "../tests/slicerrt.fixture.ts";

const docs = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));

const crew = await openCrew();
try {
  const { page: text, pictures } = await doseValidation(crew, console.error);
  writeFileSync(docs("validation.md"), text);
  for (const [name, picture] of pictures) writeFileSync(docs(`pictures/${name}`), picture);
} finally {
  await crew.close();
}
if (existsSync(slicerPath("EclipseEnt_Dose.nrrd"))) writeFileSync(docs("validation-dvh.md"), page(rows()));
else console.error("histograms: the sets of SlicerRT are not beside the project; docs/validation-dvh.md stays");
