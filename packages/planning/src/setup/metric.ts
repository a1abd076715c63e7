import { HapaxError } from "@hapax/base";

/** What a metric asks of a dose–volume histogram. */
export type MetricAsked =
  /** Dose to the hottest part: a share of 0 to 1, or a volume. */
  | { readonly kind: "dose"; readonly to: "share" | "cc"; readonly part: number }
  /** Share or volume that receives a dose, Gy. */
  | { readonly kind: "volume"; readonly gy: number; readonly in: "%" | "cc" }
  /** Volume that receives less, cc. */
  | { readonly kind: "spared"; readonly gy: number }
  | { readonly kind: "mean" | "max" | "min" };

/**
 * Reads a metric as TG-263 writes it.
 *
 * @throws planning/metric when it cannot be read
 */
export function metricAsked(metric: string): MetricAsked {
  if (metric === "Max[Gy]") return { kind: "max" };
  if (metric === "Min[Gy]") return { kind: "min" };
  if (metric === "Mean[Gy]") return { kind: "mean" };
  const [, kind, number, of, unit] = /^(D|V|CV)(\d+(?:\.\d+)?)(cc|%|Gy)\[(Gy|cc|%)\]$/.exec(metric) ?? [];
  const value = Number(number);
  if (kind === "D" && unit === "Gy" && of === "%") return { kind: "dose", to: "share", part: value / 100 };
  if (kind === "D" && unit === "Gy" && of === "cc") return { kind: "dose", to: "cc", part: value };
  if (kind === "V" && of === "Gy" && (unit === "%" || unit === "cc")) return { kind: "volume", gy: value, in: unit };
  if (kind === "CV" && of === "Gy" && unit === "cc") return { kind: "spared", gy: value };
  throw new HapaxError("planning/metric", `${metric} is no metric that is known.`, "Write it as TG-263 does: Max[Gy], Mean[Gy], D0.1cc[Gy], D95%[Gy], V20Gy[%], V15Gy[cc], CV12.5Gy[cc].");
}

/** The unit that a metric is in: the one between its brackets. */
export function unitOf(metric: string): "Gy" | "%" | "cc" {
  return /\[(Gy|%|cc)\]$/.exec(metric)?.[1] as "Gy" | "%" | "cc";
}
