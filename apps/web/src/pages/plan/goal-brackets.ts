import type { Goal } from "@hapax/planning";

/** A goal where a histogram can show it: at a dose and a share of the volume, open to the side that is allowed. */
export interface GoalBracket {
  readonly structure: string;
  readonly gy: number;
  /** 0 to 1. */
  readonly share: number;
  readonly side: "at most" | "at least";
}

/**
 * Where a goal stands in a histogram; undefined for a mean, for sums with earlier doses, and for volumes in cm³ where the
 * volume is not told.
 *
 * @param volumeCc  of the structure
 */
export function bracketOf({ structure, metric, atMost, atLeast, cumulative }: Goal, volumeCc?: number): GoalBracket | undefined {
  if (cumulative !== undefined) return undefined;
  const limit = atMost ?? atLeast;
  if (limit === undefined) return undefined;
  const side = atMost === undefined ? "at least" : "at most";
  if (metric === "Max[Gy]") return { structure, gy: limit, share: 0, side };
  const [, dose, doseUnit] = /^D([\d.]+)(%|cc)\[Gy\]$/.exec(metric) ?? [];
  if (dose !== undefined) {
    const share = doseUnit === "%" ? Number(dose) / 100 : volumeCc === undefined ? undefined : Math.min(1, Number(dose) / volumeCc);
    return share === undefined ? undefined : { structure, gy: limit, share, side };
  }
  const [, gy, unit] = /^V([\d.]+)Gy\[(%|cc)\]$/.exec(metric) ?? [];
  if (gy === undefined || (unit === "cc" && volumeCc === undefined)) return undefined;
  return { structure, gy: Number(gy), share: unit === "%" ? limit / 100 : Math.min(1, limit / (volumeCc as number)), side };
}
