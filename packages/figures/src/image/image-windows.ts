import type { Volume } from "@hapax/base";

/** Which values are black and which white. */
export interface NamedWindow {
  readonly name: string;
  readonly center: number;
  readonly width: number;
}

const ct: readonly NamedWindow[] = [
  { name: "Lung", center: -600, width: 1500 },
  { name: "Mediastinum", center: 35, width: 420 },
  { name: "Bone", center: 400, width: 1800 },
  { name: "Soft tissue", center: 50, width: 350 },
  { name: "Liver", center: 70, width: 150 },
  { name: "Brain", center: 40, width: 80 },
  { name: "Spine", center: 50, width: 250 },
  { name: "Angiography", center: 300, width: 600 },
  { name: "Wide", center: 0, width: 2000 },
];
const suv: readonly NamedWindow[] = [5, 7, 10, 15, 20].map((top) => ({ name: `SUV 0–${top}`, center: top / 2, width: top }));

/** Windows for what a volume holds, as they are numbered on a keyboard; for units without a scale they come from its own values. */
export function windowsOf(volume: Volume): readonly NamedWindow[] {
  if (volume.unit === "HU") return ct;
  if (volume.unit === "SUVbw" || volume.unit === "SUVlbm") return suv;
  const at = quantilesOf(volume);
  const between = (name: string, low: number, high: number): NamedWindow => ({ name, center: (low + high) / 2, width: Math.max(high - low, 1e-6) });
  return [
    between("Usual", at(0.02), at(0.99)),
    between("Bright", at(0.02), at(0.9)),
    between("Dark", at(0.3), at(1)),
    between("Whole range", at(0), at(1)),
  ];
}

/** The window that a volume opens with. */
export const usualWindow = (volume: Volume): NamedWindow => windowsOf(volume)[volume.unit === "HU" ? 1 : 0] as NamedWindow;

function quantilesOf({ values, slope, intercept }: Volume): (share: number) => number {
  const step = Math.max(1, Math.floor(values.length / 20_000));
  const some: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    const value = (values[i] as number) * slope + intercept;
    if (Number.isFinite(value)) some.push(value);
  }
  some.sort((a, b) => a - b);
  return (share) => some[Math.round(share * (some.length - 1))] ?? 0;
}
