import { Gy, type Days } from "@hapax/base";

/** Repopulation during a course: nothing until its onset, then a loss of BED each day. */
export interface Repopulation {
  /** K, Gy of BED lost per day; 0 for late effects. */
  readonly perDay: Gy;
  /** Tk, days from the first fraction to the onset. */
  readonly onset: Days;
}

/**
 * BED less what repopulation takes back: BED − K max(0, T − Tk).
 *
 * @param bed    BED without a time factor, Gy
 * @param days   overall time T, days from the first to the last fraction
 * @param time   K and Tk of the tissue
 * @returns      BED, Gy; never below 0
 * @source       fowler1989
 */
export function bedAfterTime(bed: Gy, days: Days, time: Repopulation): Gy {
  return Gy(Math.max(0, bed - time.perDay * Math.max(0, days - time.onset)));
}
