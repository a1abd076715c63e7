import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { viewOf } from "@hapax/case";
import { expect, test } from "vitest";
import { alphaBetaScale } from "./alpha-beta-scale.ts";
import { beamResiduals, type BeamCurve } from "./beam-residuals.ts";
import { fnclccBoxes, schemeBoxes } from "./boxes.ts";
import { diameterChart } from "./diameter-chart.ts";
import { drugLevelChart } from "./drug-level-chart.ts";
import { hemoglobinChart } from "./hemoglobin-chart.ts";
import { cordChart, ledgerFigure } from "./ledger-figure.ts";
import { toPng } from "./png.ts";
import { cord, course, dated, leach } from "./samples.fixture.ts";
import { spine } from "./spine.ts";
import { toSvg, type Figure } from "./svg.ts";
import { timeline } from "./timeline.ts";

const view = viewOf(leach());

/** Ratios that fall with depth, more steeply in narrow fields, and a machine that misses them by up to 1.2 %. */
const ratios = [30, 50, 80, 100, 200, 400].map((fieldMm): BeamCurve => ({
  name: `${fieldMm} mm`,
  points: [5, 10, 15, 20, 40, 70, 100, 150, 200, 250, 300].map((depthMm) => {
    const measured = Number((Math.exp(-(depthMm - 100) * (0.0054 - 0.0003 * Math.log(fieldMm))) * (1 - 0.6 * Math.exp(-depthMm / 4))).toFixed(4));
    return { atMm: depthMm, measured, calculated: measured * (1 + 0.012 * Math.sin(depthMm / 40 + fieldMm)), held: depthMm >= 15 };
  }),
}));
const factors = [30, 60, 100, 200, 400].map((fieldMm) => ({ atMm: fieldMm, measured: 1 + 0.12 * Math.log10(fieldMm / 100), calculated: 1 + 0.125 * Math.log10(fieldMm / 100), held: true }));

/** Pictures kept as files: a change of one is looked at as a picture. HAPAX_UPDATE_PICTURES=1 writes them anew. */
const kept: Record<string, Figure> = {
  "leach-timeline": timeline(view, []),
  "leach-timeline-all": timeline(view, [], { detail: "all" }),
  "leach-timeline-t3": timeline(viewOf(leach(), { asOf: "T3" }), [], { anchor: "T1" }),
  "dated-timeline": timeline(viewOf(dated()), []),
  "leach-diameters": diameterChart(view, [], { width: 640, height: 320, sum: true }),
  "leach-diameters-small": diameterChart(view, []),
  "leach-level": drugLevelChart(view, [], { width: 640, height: 320, course }),
  "leach-level-small": drugLevelChart(view, [], { course }),
  "leach-hemoglobin-small": hemoglobinChart(view, []),
  "leach-cord": cordChart(view, [], { ledger: [cord] }),
  "leach-ledger": ledgerFigure(view, [], { ledger: [cord] }),
  "leach-spine": spine(view, [], { selected: "T3" }),
  "eqd2-scale": alphaBetaScale({
    points: [{ alphaBeta: 10, eqd2: 67.1 }, { alphaBeta: 4, eqd2: 68.2 }, { alphaBeta: 3, eqd2: 68.64 }, { alphaBeta: 2, eqd2: 69.3 }],
    stated: { eqd2: 70, alphaBeta: 1.3 },
  }),
  "fnclcc": fnclccBoxes({ differentiation: [2, 3], mitoses: [1, 2, 3], necrosis: [1, 2] }),
  "beam-residuals": beamResiduals("Hall 2, 6 MV", [
    { title: "Tissue-phantom ratio", axis: "depth, mm", barPercent: 1, curves: ratios },
    { title: "Output factor", axis: "side of the field, mm", barPercent: 1, curves: [{ name: "output factor", points: factors }] },
  ]),
  "scheme": schemeBoxes({ met: 2, possible: 4, of: 6, needed: 2 }),
};

const folder = new URL("../pictures/", import.meta.url);

for (const [name, figure] of Object.entries(kept)) {
  test(`${name} looks as the picture that was reviewed`, () => {
    const file = new URL(`${name}.svg`, folder);
    const drawn = toSvg(figure, "light");
    if (process.env["HAPAX_UPDATE_PICTURES"] === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, drawn);
    }
    expect(existsSync(file), `no picture kept; look at it and write it with HAPAX_UPDATE_PICTURES=1`).toBe(true);
    expect(drawn === readFileSync(file, "utf8"), `${name}.svg changed; look at both, then HAPAX_UPDATE_PICTURES=1 keeps the new one`).toBe(true);
  });
}

test("a figure becomes a PNG of twice its size, with the fonts of the house", () => {
  const png = toPng(kept["fnclcc"] as Figure, "dark");
  const header = new DataView(png.buffer, png.byteOffset);
  expect([...png.slice(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  // Width and height stand at bytes 16 and 20 of a PNG.
  expect(header.getUint32(16)).toBe(Math.round((kept["fnclcc"]?.width ?? 0) * 2));
});
