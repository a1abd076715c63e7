import { figure2Levels, imageColors, percentLevels, type DoseLevel, type DoseScheme } from "@hapax/figures";

export type SchemeName = "hot spots" | "30 to 110 %";
export const schemeNames: readonly SchemeName[] = ["hot spots", "30 to 110 %"];

const spread: DoseScheme = [
  ...figure2Levels,
  { percent: 95, color: imageColors["iso-95"], drawn: "line" },
  { percent: 50, color: imageColors["iso-50"], drawn: "line" },
];

/** Levels in percent of a dose that a plan or the reader has named. */
export const percentScheme = (name: SchemeName): DoseScheme => (name === "hot spots" ? spread : percentLevels);

const colors = percentLevels.map((level) => level.color).toReversed();

/** Levels in Gy, where nobody has said what 100 % is: round steps up to the highest dose. */
export function grayScheme(highestGy: number): DoseScheme {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
  const step = steps.find((s) => highestGy / s < colors.length + 1) ?? 100;
  const count = Math.max(1, Math.floor(highestGy / step));
  return Array.from({ length: count }, (_, i): DoseLevel => ({ percent: Number(((i + 1) * step).toFixed(6)), color: colors[Math.round((i * (colors.length - 1)) / Math.max(1, count - 1))] as string, drawn: "both" })).toReversed();
}
