import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { viewOf } from "@hapax/case";
import { expect, test } from "vitest";
import { alphaBetaScale } from "./alpha-beta-scale.ts";
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
