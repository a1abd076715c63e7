import type { Interval } from "@hapax/dose";

interface Shaped {
  readonly leavesMm: readonly Interval[];
}

/** The longest way of a leaf from one opening to another, mm: all move at once. */
export function travelBetween(one: Shaped, other: Shaped): number {
  let most = 0;
  for (const [pair, leaves] of one.leavesMm.entries()) {
    for (const bank of [0, 1] as const) most = Math.max(most, Math.abs(leaves[bank] - (other.leavesMm[pair] as Interval)[bank]));
  }
  return most;
}

/** Openings in an order with little leaf travel: from the nearest to the nearest, from whichever start is best, then with stretches turned round while that helps. */
export function orderedForTravel<Opening extends Shaped>(openings: readonly Opening[]): Opening[] {
  const count = openings.length;
  const ways = openings.map((one) => openings.map((other) => travelBetween(one, other)));
  const way = (from: number | undefined, to: number | undefined) => (from === undefined || to === undefined ? 0 : (ways[from]?.[to] as number));
  const length = (order: readonly number[]) => order.reduce((sum, at, i) => sum + way(order[i - 1], at), 0);
  let best: number[] = openings.map((_, at) => at);
  for (let start = 0; start < count; start++) {
    const order = [start];
    while (order.length < count) {
      const last = order.at(-1) as number;
      let next = -1;
      for (let at = 0; at < count; at++) if (!order.includes(at) && (next < 0 || way(last, at) < way(last, next))) next = at;
      order.push(next);
    }
    if (length(order) < length(best)) best = order;
  }
  for (let shorter = true; shorter; ) {
    shorter = false;
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const saved = way(best[i - 1], best[i]) + way(best[j], best[j + 1]) - way(best[i - 1], best[j]) - way(best[i], best[j + 1]);
        if (saved <= 1e-9) continue;
        best = [...best.slice(0, i), ...best.slice(i, j + 1).reverse(), ...best.slice(j + 1)];
        shorter = true;
      }
    }
  }
  return best.map((at) => openings[at] as Opening);
}
