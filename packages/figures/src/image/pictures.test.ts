import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toSvg, type Figure } from "../svg.ts";
import { textBoxes, overlap } from "../text.ts";
import { figure2Levels, percentLevels } from "./dose-bands.ts";
import { bevFigure } from "./bev-figure.ts";
import { dvhFigure } from "./dvh-figure.ts";
import { gammaFigure } from "./gamma-figure.ts";
import { compareFigure, mprFigure, washFigure } from "./plane-figures.ts";
import { planeThrough, through, turned } from "./plane.ts";
import { beam, curves, dose, gamma, isocenter, marker, otherDose, scan, scanScene } from "./samples.fixture.ts";

const size = { width: 320, height: 260 };
const planes = (["axial", "coronal", "sagittal"] as const).map((kind) => planeThrough(kind, scan.grid, isocenter, size));
const axial = planes[0] as (typeof planes)[number];
const options = { label: "CT trunk", synthetic: true };
const withDose = { ...scanScene, dose: { volume: dose, scheme: figure2Levels, referenceGy: 20 } };

/** Pictures kept as files: a change of one is looked at as a picture. HAPAX_UPDATE_PICTURES=1 writes them anew. */
const kept: Record<string, Figure> = {
  "image-mpr": mprFigure(scanScene, planes.map((plane) => through(plane, marker)), options),
  "image-mpr-oblique": mprFigure(scanScene, [turned(turned(axial, "right", -35, isocenter, scan.grid), "normal", 20, isocenter, scan.grid)], options),
  "image-wash": washFigure(withDose, planes, options),
  "image-wash-percent": washFigure({ ...withDose, dose: { ...withDose.dose, scheme: percentLevels } }, [axial], options),
  "image-compare": compareFigure({ ...withDose, comparedDose: { ...withDose.dose, volume: otherDose } }, [axial], { ...options, names: ["plan A", "plan B"] }),
  "image-bev": bevFigure({ scan, beam, patientPosition: "HFS", structures: scanScene.structures ?? [] }, { ...options, width: 400, height: 360 }),
  "image-bev-left": bevFigure({ scan, beam, controlPoint: 1, patientPosition: "HFS", structures: scanScene.structures ?? [] }, { ...options, width: 400, height: 360 }),
  "image-dvh": dvhFigure(curves, { ...options, referenceGy: 20 }),
  "image-gamma": gammaFigure(scanScene, { volume: gamma, criteria: "3 % / 3 mm, global", passPercent: 81.4 }, [axial], options),
};

const folder = new URL("../../pictures/", import.meta.url);

for (const [name, figure] of Object.entries(kept)) {
  test(`${name} looks as the picture that was reviewed`, () => {
    const file = new URL(`${name}.svg`, folder);
    const drawn = toSvg(figure, "dark", "none");
    if (process.env["HAPAX_UPDATE_PICTURES"] === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, drawn);
    }
    expect(existsSync(file), "no picture kept; look at it and write it with HAPAX_UPDATE_PICTURES=1").toBe(true);
    expect(drawn === readFileSync(file, "utf8"), `${name}.svg changed; look at both, then HAPAX_UPDATE_PICTURES=1 keeps the new one`).toBe(true);
  });

  test(`${name} has no text that is cut or covered`, () => {
    const texts = textBoxes(figure.root);
    for (const [i, t] of texts.entries()) {
      expect(t.x0 >= 0 && t.y0 >= 0 && t.x1 <= figure.width && t.y1 <= figure.height, t.text).toBe(true);
      for (const other of texts.slice(i + 1)) expect(overlap(t, other), `${t.text} over ${other.text}`).toBe(false);
    }
    expect(texts.some(({ text }) => text.includes("SYNTHETIC"))).toBe(true);
  });
}
