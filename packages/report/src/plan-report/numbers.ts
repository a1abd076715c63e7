import type { Vec3 } from "@hapax/base";
import type { Goal, GoalOutcome, PlanIndex } from "@hapax/planning";

type Bounds = NonNullable<GoalOutcome["value"]>;

export const notRecorded = "not recorded";
export const cannotTell = "cannot tell";

const signed = (text: string): string => text.replace("-", "−");
/** A number stays with its unit when a line breaks. */
const withUnit = (text: string, unit: string): string => (unit === "" ? text : `${text}\u00a0${unit}`);

export const gy = (value: number): string => withUnit(signed(value.toFixed(1)), "Gy");
export const percent = (value: number): string => withUnit(signed(value.toFixed(1)), "%");
export const mu = (value: number | undefined): string => (value === undefined ? notRecorded : withUnit(value.toFixed(1), "MU"));
export const degrees = (value: number): string => `${signed(String(Number(value.toFixed(1))))}°`;
export const cm = (mm: number): string => signed((mm / 10).toFixed(1));
export const place = (point: Vec3): string => withUnit(point.map((mm) => signed(mm.toFixed(1))).join(", "), "mm");

/** The unit that a metric of TG-263 is in. */
export function unitOf(metric: string): string {
  return /\[(.*)\]$/.exec(metric)?.[1] ?? "";
}

/** What is known of a value: one number, or from where to where it lies. */
export function bounds(value: Bounds | undefined, unit: string, decimals = 1): string {
  if (value === undefined || Number.isNaN(value.low) || Number.isNaN(value.high)) return cannotTell;
  const text = (number: number) => signed(number.toFixed(decimals));
  if (value.high === Infinity) return withUnit(`${text(value.low)} or more`, unit);
  return withUnit(text(value.low) === text(value.high) ? text(value.low) : `${text(value.low)} to ${text(value.high)}`, unit);
}

/** "D95% ≥ 62.7 Gy"; of a sum with earlier doses "D0.03cc ≤ 54.0 Gy, sum of EQD2 at α/β 2". */
export function goalText({ metric, atLeast, atMost, cumulative }: Goal): string {
  const limits = [["≥", atLeast], ["≤", atMost]] as const;
  const said = limits.flatMap(([sign, limit]) => (limit === undefined ? [] : [`${sign}\u00a0${withUnit(limit.toFixed(1), unitOf(metric))}`]));
  return `${metric.replace(/\[.*$/, "")} ${said.join(" and ")}${cumulative === undefined ? "" : `, sum of EQD2 with earlier doses, α/β ${cumulative.alphaBeta}\u00a0Gy`}`;
}

/** An index in its unit: doses in Gy, volumes and D2cm in percent, ratios bare with two decimals. */
export function indexText({ name, value }: PlanIndex): string {
  if (/^(D[\d.]+(%|cc)|Mean|Max|Min)$/.test(name)) return bounds(value, "Gy");
  return /^V|^D2cm$/.test(name) ? bounds(value, "%") : bounds(value, "", 2);
}

/** "4 min 10 s". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? withUnit(String(whole), "s") : `${withUnit(String(Math.floor(whole / 60)), "min")} ${withUnit(String(whole % 60), "s")}`;
}

export function counted(count: number, noun: string): string {
  return `${count}\u00a0${noun}${count === 1 ? "" : "s"}`;
}
