import type { Volume } from "@hapax/base";
import type { FusionLayer } from "@hapax/figures";
import { between } from "./in-frame.ts";
import type { ScanSummary, SeriesInfo } from "./scan-summary.ts";
import type { Study } from "./studies.ts";
import { windowsOf } from "@hapax/figures";

/** A series that may lie over another, or why it may not. */
export interface Overlay {
  readonly series: SeriesInfo;
  /** What ties the two: one frame of reference, or a registration; undefined where nothing does. */
  readonly because: string | undefined;
}

/** Every other series of the case that can be shown, with what ties it to the one that is shown. */
export function overlaysOf({ series, registrations }: ScanSummary, base: SeriesInfo): Overlay[] {
  return series
    .filter((s) => s.uid !== base.uid && s.geometry.shown !== "refused")
    .map((one) => ({ series: one, because: between(one.frameOfReference, base.frameOfReference, registrations)?.because }));
}

/** PET in hot colors from 0, everything else in grays within its usual window. */
export function fusionLayer(volume: Volume, share: number): FusionLayer {
  const usual = windowsOf(volume)[volume.unit === "HU" ? 1 : 0] ?? { center: 0.5, width: 1 };
  const uptake = volume.unit === "SUVbw" || volume.unit === "SUVlbm" || volume.unit === "Bq/mL";
  const range = [uptake ? 0 : usual.center - usual.width / 2, usual.center + usual.width / 2] as const;
  return { volume, range, colors: uptake ? "hot iron" : "inverse gray", share };
}

/** The PET of a PET/CT: of the same time and frame of reference as the CT. */
export const uptakeWith = ({ series, timePoint }: Study, studies: readonly Study[]): Study | undefined =>
  series.modality !== "CT"
    ? undefined
    : studies.find((s) => s.series.modality === "PT" && s.series.geometry.shown !== "refused" && s.series.frameOfReference === series.frameOfReference && s.timePoint === timePoint && s.series.date === series.date);
