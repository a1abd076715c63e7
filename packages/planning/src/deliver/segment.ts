import type { Interval } from "@hapax/dose";

/** An opening of a beam and the monitor units given through it, a fraction. */
export interface Segment {
  /** Place of its beam in the plan, from 0. */
  readonly beam: number;
  /** Ends of the leaves of each pair of the machine, mm at the isocenter: bank 1, then bank 2. Closed pairs stand together. */
  readonly leavesMm: readonly Interval[];
  readonly mu: number;
}
