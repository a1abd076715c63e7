import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figure2Levels } from "./image/dose-bands.ts";
import { imageColors } from "./image/image-colors.ts";
import { washFigure } from "./image/plane-figures.ts";
import { planeThrough } from "./image/plane.ts";
import { dose, isocenter, scan, scanScene, structures } from "./image/samples.fixture.ts";
import { planBeams } from "./plan-beams.ts";
import { planDvh } from "./plan-dvh.ts";
import { planFluence } from "./plan-fluence.ts";
import { planObjective } from "./plan-objective.ts";
import { planRoom } from "./plan-room.ts";
import { coplanar, goals, history, modulated, nonCoplanar, plans, room } from "./plan-samples.fixture.ts";
import { toSvg, type Figure, type Theme } from "./svg.ts";
import { overlap, textBoxes } from "./text.ts";

const axial = planeThrough("axial", scan.grid, isocenter, { width: 420, height: 300 });

/** Pictures kept as files: a change of one is looked at as a picture. HAPAX_UPDATE_PICTURES=1 writes them anew. */
const kept: Record<string, readonly [Figure, Theme]> = {
  "plan-dvh": [planDvh([plans[0]!], goals), "dark"],
  "plan-dvh-paper": [planDvh(plans.slice(0, 2), goals, { theme: "light", synthetic: true }), "light"],
  "plan-beams": [planBeams(coplanar), "dark"],
  "plan-beams-non-coplanar": [planBeams(nonCoplanar, { theme: "light" }), "light"],
  "plan-objective": [planObjective(history, { corrections: 1 }), "dark"],
  "plan-room": [planRoom(room), "dark"],
  "plan-fluence": [planFluence({ beam: modulated, patientPosition: "HFS", structures: structures.slice(1, 3) }, { synthetic: true }), "dark"],
  "plan-wash-figure2": [washFigure({ ...scanScene, dose: { volume: dose, scheme: figure2Levels, referenceGy: 20 } }, [axial], { synthetic: true, levelKey: true }), "dark"],
};

const folder = new URL("../pictures/", import.meta.url);

for (const [name, [figure, theme]] of Object.entries(kept)) {
  test(`${name} looks as the picture that was reviewed`, () => {
    const file = new URL(`${name}.svg`, folder);
    const drawn = toSvg(figure, theme);
    if (process.env["HAPAX_UPDATE_PICTURES"] === "1") writeFileSync(file, drawn);
    expect(existsSync(file), "no picture kept; look at it and write it with HAPAX_UPDATE_PICTURES=1").toBe(true);
    expect(drawn === readFileSync(file, "utf8"), `${name}.svg changed; look at both, then HAPAX_UPDATE_PICTURES=1 keeps the new one`).toBe(true);
  });

  test(`${name} has no text that is cut or covered`, () => {
    const texts = textBoxes(figure.root);
    expect(texts.length).toBeGreaterThan(3);
    for (const [i, t] of texts.entries()) {
      expect(t.x0 >= 0 && t.y0 >= 0 && t.x1 <= figure.width && t.y1 <= figure.height, t.text).toBe(true);
      for (const other of texts.slice(i + 1)) expect(overlap(t, other), `${t.text} over ${other.text}`).toBe(false);
    }
  });
}

test("the wash has the colors of the report's three levels and says where the highest dose is", () => {
  const [figure] = kept["plan-wash-figure2"] as readonly [Figure, Theme];
  const words = textBoxes(figure.root).map(({ text }) => text);
  const file = toSvg(figure, "dark");
  for (const [percent, color] of [[100, "fig2-100"], [102, "fig2-102"], [109, "fig2-109"]] as const) {
    expect(words).toContain(`from ${percent} %, ${(0.2 * percent).toFixed(1)} Gy`);
    expect(file).toContain(`fill="${imageColors[color]}" data-level="${percent}"`);
  }
  expect(words).toContain("105 %, 21.0 Gy");
  expect(words.some((text) => /^Dmax \d+\.\d Gy, \d+\.\d % at −?[\d.]+, −?[\d.]+, −?[\d.]+ mm$/.test(text))).toBe(true);
});
