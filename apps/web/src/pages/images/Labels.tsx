import { memo, useMemo } from "react";
import { haloed, putIsodoseLabels, targetMark, textOn, type ViewPlane } from "@hapax/figures";
import { SvgView } from "../../components/FigureView.tsx";
import { frameBoxes, letterBoxes } from "./frame-boxes.ts";
import type { PictureLines } from "./stroke-lines.ts";
import { voxelValue } from "./sample.ts";
import type { Shown } from "./shown.ts";
import { signed } from "./words.ts";

interface Props {
  readonly picture: PictureLines;
  readonly plane: ViewPlane;
  readonly shown: Shown;
}

const origin = [0, 0] as const;

/** Names of isodoses and points, and the highest dose with its mark, in px of CSS; each keeps clear of what stands there. */
export const Labels = memo(function Labels({ picture, plane, shown }: Props) {
  const nodes = useMemo(() => {
    const { dmax, doseUnit, referenceGy } = shown;
    const words = textOn(plane, origin);
    for (const [x0, y0, x1, y1] of [...frameBoxes(plane), ...letterBoxes(plane)]) words.labels.keep({ x0, y0, x1, y1 });
    const target = dmax && targetMark(words, plane, { gy: dmax.gy, point: dmax.at }, `Dmax ${referenceGy === undefined ? `${signed(dmax.gy)} ${doseUnit}` : `${signed((100 * dmax.gy) / referenceGy)} %`}`);
    const scale = plane.width / picture.plane.width;
    for (const { name, color, points } of picture.outlines) {
      for (const [x, y] of points) words.labels.put(name, [{ x: x * scale + 7, y: y * scale - 5 }, { x: x * scale + 7, y: y * scale + 14 }], { fill: color, weight: 600, size: 12 });
    }
    const isodoses = picture.isodoses.map((one) => (scale === 1 ? one : { ...one, lines: one.lines.map((line) => line.map((v) => (v + 0.5) * scale - 0.5)) }));
    putIsodoseLabels(words, isodoses, ({ level }) => String(level.percent), isEmptyIn(shown, plane));
    return [...(target ? [target] : []), ...words.labels.nodes.map(haloed)];
  }, [picture, plane, shown]);
  return nodes.map((node, i) => <SvgView key={i} node={node} />);
});

/** Whether nothing of the patient is seen at a px: what the window makes black, and what lies beyond the scan. */
function isEmptyIn({ scene: { image: { volume, window } } }: Shown, { patientFromScreen: { rows } }: ViewPlane): (x: number, y: number) => boolean {
  return (x, y) => {
    const value = voxelValue(volume, [rows[0][0] * x + rows[0][1] * y + rows[0][3], rows[1][0] * x + rows[1][1] * y + rows[1][3], rows[2][0] * x + rows[2][1] * y + rows[2][3]]);
    return value === undefined || (window.inverse === true ? value > window.center + window.width / 2 : value < window.center - window.width / 2);
  };
}
