import { aimValue, type AimValue } from "./aim-values.ts";
import { limitTerm, type LimitAim, type LimitTerm } from "./limit-multipliers.ts";
import type { Aim, Merit } from "./terms.ts";

/** A limit that the dose leans on. */
export interface Holding {
  readonly aim: LimitAim;
  /** By how much the objective would fall if the limit moved by a gray. */
  readonly multiplier: number;
}

/** Aims as one function of the dose, minimized priority by priority. */
export interface AimsMerit extends Merit {
  /** The priority that is being minimized. */
  readonly priority: number;
  /** Whether no other priority comes after it. */
  readonly last: boolean;
  /** What the aims of this priority were worth at the dose last worked out, Gy². */
  readonly objective: number;
  /** Sum of the weights of the aims of this priority: in what `value` returns, one Gy² of every structure. */
  readonly weight: number;
  /** Holds what this priority has reached and goes on to the next; false where there is none. */
  next(doseGy: Float32Array): boolean;
  /** Limits with a price, the dearest first. */
  holding(): Holding[];
  /** Greatest violation of a limit, Gy. */
  violation(doseGy: Float32Array): number;
  /** Whether what an earlier priority reached has been lost by more than its slack. */
  exceeded(doseGy: Float32Array): boolean;
  /** How far prices are from rest: at 1 or less nothing would come of moving them. */
  unrest(doseGy: Float32Array): number;
}

export interface MeritOptions {
  /** Whether lesser priorities wait; left out, all aims count at once by their weights. */
  readonly byPriority?: boolean;
  /** What the aims of the next priority count for while they wait; 0.001 unless given. */
  readonly waiting?: number;
  /** By how much what a priority has reached may be worsened by the next: by a part of it, and by the square of so many Gy in each structure; 0.05 and 0.1 unless given. */
  readonly slack?: { readonly relative: number; readonly gy: number };
}

/** Penalty of limits over the weights of the aims: a hundredth of the voxels that lie beyond count as much as the whole structure would in an aim. */
const limitsOverAims = 30;
/** Prices are at rest where none would move by a dose of this, Gy. */
const restGy = 0.05;
/** And where what was reached is off what it may be by less than this part of the slack. */
const restOfSlack = 0.3;

/** Part of the objective of a priority that the slack of an earlier one is first taken to be worth. Prices that are too high at first keep the next priority from moving at all; too low, they rise with the moves of prices. */
const slackBuys = 0.01;

interface Level {
  readonly priority: number;
  readonly values: readonly AimValue[];
  readonly weight: number;
  reached: number;
}

/** What a priority reached, held like a limit: its price is what it counts for beside the later ones. */
interface Held {
  readonly level: Level;
  readonly atMost: number;
  readonly slack: number;
  price: number;
  stiff: number;
}

/**
 * Aims as one function of the dose: their weighted sum, limits held by multipliers. By priority, the aims of the first count
 * alone, those of the next a little so that what the first leaves open is not left to chance; then each priority in turn, with what
 * the ones before have reached held but for a slack. A limit comes in with its priority.
 *
 * @throws planning/aim as `aimValue` and `limitTerm`
 */
export function meritOf(aims: readonly Aim[], { byPriority = false, waiting = 0.001, slack = { relative: 0.05, gy: 0.1 } }: MeritOptions = {}): AimsMerit {
  const values = aims.filter((aim) => aim.kind !== "limit").map(aimValue);
  const priorities = byPriority ? [...new Set(values.map(({ priority }) => priority))].sort((a, b) => a - b) : [];
  if (priorities.length === 0) priorities.push(Math.min(...aims.map(({ priority }) => priority), Infinity));
  const levels: Level[] = priorities.map((priority) => {
    const own = byPriority ? values.filter((value) => value.priority === priority) : values;
    return { priority, values: own, weight: own.reduce((sum, { weight }) => sum + weight, 0) || 1, reached: 0 };
  });
  const last = levels.length - 1;
  const limits = aims.filter((aim) => aim.kind === "limit").map((aim) => {
    const from = byPriority ? priorities.findIndex((priority) => priority >= aim.priority) : 0;
    const level = levels[from === -1 ? last : from] as Level;
    return { from: from === -1 ? last : from, term: limitTerm(aim, limitsOverAims * (aim.weight ?? 1) * level.weight) };
  });
  const held: Held[] = [];
  let at = 0;
  const now = () => levels[at] as Level;
  const open = (): LimitTerm[] => limits.filter(({ from }) => from <= at).map(({ term }) => term);
  const worst = (of: (term: LimitTerm) => number) => open().reduce((most, term) => Math.max(most, of(term)), 0);
  const worth = ({ values }: Level, doseGy: Float32Array, factor: number, gradient?: Float32Array) => values.reduce((sum, aim) => sum + aim.value(doseGy, factor, gradient), 0);
  return {
    get priority() {
      return now().priority;
    },
    get last() {
      return at === last;
    },
    get objective() {
      return now().reached;
    },
    get weight() {
      return now().weight;
    },
    value(doseGy, gradient) {
      let sum = 0;
      for (let l = at; l <= last; l++) {
        const level = levels[l] as Level;
        const factor = waiting ** (l - at);
        level.reached = worth(level, doseGy, factor, gradient);
        sum += factor * level.reached;
      }
      for (const { level, atMost, price, stiff } of held) {
        level.reached = worth(level, doseGy, 0);
        const pull = Math.max(0, price + stiff * (level.reached - atMost));
        if (pull > 0) worth(level, doseGy, pull, gradient);
        sum += (pull ** 2 - price ** 2) / (2 * stiff);
      }
      for (const term of open()) sum += term.value(doseGy, gradient);
      return sum;
    },
    update(doseGy) {
      for (const hold of held) {
        const beyond = worth(hold.level, doseGy, 0) - hold.atMost;
        hold.price = Math.max(0, hold.price + hold.stiff * beyond);
        if (beyond > restOfSlack * hold.slack) hold.stiff *= 3;
      }
      for (const term of open()) term.update(doseGy);
      return worst((term) => term.violation(doseGy));
    },
    next(doseGy) {
      if (at === last) return false;
      const level = now();
      const reached = worth(level, doseGy, 0);
      const room = Math.max(slack.relative * reached, slack.gy ** 2 * level.weight);
      held.push({ level, atMost: reached + room, slack: room, price: 0, stiff: 0 });
      at++;
      // To lose the whole slack is first reckoned to be worth a part of what the next priority still wants, and never less than the same in its own aims.
      now().reached = worth(now(), doseGy, 0);
      const priceOf = ({ slack: least }: Held) => Math.max(1, (slackBuys * now().reached) / least);
      for (const hold of held) {
        hold.price = priceOf(hold);
        hold.stiff = hold.price / (2 * hold.slack);
      }
      for (const { from, term } of limits) if (from < at) term.rescale(priceOf(held.at(-1) as Held));
      return true;
    },
    holding() {
      return open().map((term) => ({ aim: term.aim, multiplier: term.multiplier() })).filter(({ multiplier }) => multiplier > 0).sort((a, b) => b.multiplier - a.multiplier);
    },
    violation: (doseGy) => worst((term) => term.violation(doseGy)),
    exceeded: (doseGy) => held.some(({ level, atMost, slack: room }) => worth(level, doseGy, 0) > atMost + restOfSlack * room),
    unrest(doseGy) {
      const ofHeld = held.map(({ level, atMost, slack: room, price, stiff }) => Math.abs(Math.max(worth(level, doseGy, 0) - atMost, -price / stiff)) / (restOfSlack * room));
      return Math.max(0, ...ofHeld, worst((term) => term.unrest(doseGy)) / restGy);
    },
  };
}
