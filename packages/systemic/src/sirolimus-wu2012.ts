import { HapaxError } from "@hapax/base";
import { minimize, wrightOmega } from "@hapax/kernels";

/**
 * Population model of sirolimus in advanced cancer: 76 patients, 563 samples, four phase I trials, 1 to 60 mg a week and
 * 4 mg daily. Two compartments, saturable absorption, all of them apparent (over bioavailability).
 *
 * The unit of `vm` is printed otherwise and was inferred by mass balance.
 *
 * @source wu2012
 */
export const wu2012 = {
  clearance: { value: 12.9, unit: "L/h", omega2: 0.2425 },
  central: { value: 53.4, unit: "L", omega2: 0.2425 },
  exchange: { value: 29.0, unit: "L/h", omega2: 0.4035 },
  peripheral: { value: 611, unit: "L", omega2: 0.0366 },
  /** CL/F scales with (35.1 / hematocrit)^0.14. */
  hematocrit: { reference: 35.1, exponent: 0.14, unit: "%" },
  vm: { value: 4.56, unit: "mg/h" },
  km: { value: 13.8, unit: "mg" },
  /** The proportional part is poorly known: its standard error is 97 %. */
  residual: { additive: 0.5, proportional: 0.0217, unit: "ng/mL" },
  cohort: { patients: 76, samples: 563 },
} as const;

/** Where a patient's drug goes: clearance and exchange in L/h, volumes in L. */
export interface Disposition {
  readonly clearance: number;
  readonly central: number;
  readonly exchange: number;
  readonly peripheral: number;
}

/** Deviations of one patient from the population, natural logarithms: CL, V1, Q, V2. */
export type Etas = readonly [number, number, number, number];
const typical: Etas = [0, 0, 0, 0];

/**
 * The disposition of a patient.
 *
 * @param hematocrit  percent
 * @param etas        deviations from the population; none gives the typical patient
 * @source            wu2012
 */
export function dispositionOf(hematocrit: number, etas: Etas = typical): Disposition {
  const { reference, exponent } = wu2012.hematocrit;
  return {
    clearance: wu2012.clearance.value * (reference / hematocrit) ** exponent * Math.exp(etas[0]),
    central: wu2012.central.value * Math.exp(etas[1]),
    exchange: wu2012.exchange.value * Math.exp(etas[2]),
    peripheral: wu2012.peripheral.value * Math.exp(etas[3]),
  };
}

// Gauss-Legendre, five points on 0 to 1: where the absorption of an hour is known.
const half = (x: number) => (1 + x) / 2;
const nodes = [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664].map(half);
const weights = [0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189].map((w) => w / 2);
const perHour = nodes.length;

// The same rule on each quarter of the hour, and the polynomials that are 1 at one node of the hour and 0 at the others.
const quarters = 4;
const lagrange = nodes.map((node, j) =>
  Array.from({ length: quarters * perHour }, (_, i) => {
    const x = (Math.floor(i / perHour) + (nodes[i % perHour] as number)) / quarters;
    return nodes.reduce((product, other, k) => (k === j ? product : (product * (x - other)) / (node - other)), 1);
  }),
);

/**
 * Doses by the hour at which they are taken.
 *
 * @param steps  dose in mg, interval in whole hours, number of doses; one step follows the other
 * @param hours  length of the history; later doses are left out
 * @returns      mg taken at the start of each hour
 * @throws       systemic/dose when a dose is negative or an interval is not a whole number of hours
 */
export function dosesByHour(steps: readonly { readonly doseMg: number; readonly everyH: number; readonly count: number }[], hours: number): Float64Array {
  const amounts = new Float64Array(hours);
  let hour = 0;
  for (const { doseMg, everyH, count } of steps) {
    if (!(doseMg >= 0) || !Number.isInteger(everyH) || everyH < 1) {
      throw new HapaxError("systemic/dose", `A dose of ${doseMg} mg every ${everyH} h cannot be simulated.`, "Give a dose of 0 mg or more and an interval in whole hours.");
    }
    for (let i = 0; i < count && hour < hours; i++, hour += everyH) amounts[hour] = doseMg;
  }
  return amounts;
}

/**
 * How fast drug leaves the gut for the blood, in closed form: A(t) = Km ω(ln(A₀/Km) + (A₀ − Vm t)/Km) between doses.
 *
 * @param dosesMg  mg taken at the start of each hour
 * @returns        mg/h at the five Gauss-Legendre points of each hour; length 5 × hours
 * @source         wu2012
 */
export function absorption(dosesMg: Float64Array): Float64Array {
  const { vm: { value: vm }, km: { value: km } } = wu2012;
  const hours = dosesMg.length;
  const rates = new Float64Array(hours * perHour);
  const gut = new Float64Array(hours);
  let amount = 0;
  for (let h = 0; h < hours; h++) {
    amount += dosesMg[h] as number;
    gut[h] = amount;
    // Daily doses repeat themselves after two days to the last digit: copy the day before.
    if (h >= 24 && Math.abs(amount - (gut[h - 24] as number)) <= 1e-12 * amount) {
      rates.copyWithin(h * perHour, (h - 24) * perHour, (h - 23) * perHour);
      amount = remaining(amount, 1);
      continue;
    }
    if (amount > 0) {
      for (let j = 0; j < perHour; j++) {
        const left = remaining(amount, nodes[j] as number);
        rates[h * perHour + j] = (vm * left) / (km + left);
      }
      amount = remaining(amount, 1);
    }
  }
  return rates;

  function remaining(from: number, hoursLater: number): number {
    return from === 0 ? 0 : km * wrightOmega(Math.log(from / km) + (from - vm * hoursLater) / km);
  }
}

/** The two exponentials of a two-compartment disposition and their shares of the central compartment. */
function exponentials({ clearance, central, exchange, peripheral }: Disposition) {
  const out = clearance / central;
  const away = exchange / central;
  const back = exchange / peripheral;
  const sum = out + away + back;
  // (a − b)² + 4cd, which cannot turn negative by rounding.
  const root = Math.sqrt((out + away - back) ** 2 + 4 * away * back);
  const fast = (sum + root) / 2;
  const slow = (out * back) / fast;
  return { fast, slow, fastShare: (fast - back) / root, slowShare: (back - slow) / root };
}

/**
 * What the input of one hour leaves of itself at the end of it, for one exponential: one factor per node. The input is a
 * polynomial through its nodes; the exponential may fall many times within the hour and is integrated by quarters.
 */
function hourWeights(rate: number): number[] {
  const result = new Array<number>(perHour).fill(0);
  const quarter = Math.exp(-rate / quarters);
  for (let n = 0; n < perHour; n++) {
    let left = ((weights[n] as number) / quarters) * Math.exp((-rate * (1 - (nodes[n] as number))) / quarters);
    for (let q = quarters - 1; q >= 0; q--) {
      for (let j = 0; j < perHour; j++) result[j] = (result[j] as number) + left * ((lagrange[j] as number[])[q * perHour + n] as number);
      left *= quarter;
    }
  }
  return result;
}

/**
 * Concentration in whole blood under a given absorption; linear in it.
 *
 * @param rates        mg/h, as `absorption` gives them
 * @param disposition  the patient
 * @returns            ng/mL at the start of each hour and at the end of the last; length hours + 1
 * @source             wu2012
 */
export function concentrations(rates: Float64Array, disposition: Disposition): Float64Array {
  const hours = rates.length / perHour;
  const result = new Float64Array(hours + 1);
  run(rates, disposition, (hour, ngPerMl) => {
    result[hour] = ngPerMl;
  });
  return result;
}

/**
 * Concentration at the end of the last hour only: what an estimate asks for a thousand times. Days that repeat the day
 * before are not walked through again.
 *
 * @param rates     mg/h, as `absorption` gives them
 * @param repeats   first hour from which every hour takes in what the hour one day before did, as `repeatsFrom` gives it
 * @returns         ng/mL
 */
export function lastConcentration(rates: Float64Array, disposition: Disposition, repeats = rates.length / perHour): number {
  const hours = rates.length / perHour;
  const days = Math.floor((hours - repeats) / 24);
  if (days < 1) {
    let last = 0;
    run(rates, disposition, (_, ngPerMl) => {
      last = ngPerMl;
    });
    return last;
  }
  const { fast, slow, fastShare, slowShare } = exponentials(disposition);
  const [x, y] = [fast, slow].map((rate) => {
    const w = hourWeights(rate);
    const left = Math.exp(-rate);
    const walk = (state: number, from: number, to: number) => {
      let z = state;
      for (let hour = from; hour < to; hour++) {
        z *= left;
        for (let j = 0; j < perHour; j++) z += (w[j] as number) * (rates[hour * perHour + j] as number);
      }
      return z;
    };
    const day = walk(0, repeats - 24, repeats);
    const dayLeft = Math.exp(-24 * rate);
    let z = walk(0, 0, repeats);
    for (let d = 0; d < days; d++) z = z * dayLeft + day;
    return walk(z, repeats + 24 * days, hours);
  }) as [number, number];
  return (1000 / disposition.central) * (fastShare * x + slowShare * y);
}

/** The first hour, a day or later, from which an absorption repeats the day before to the end; its length where none does. */
export function repeatsFrom(rates: Float64Array): number {
  const day = 24 * perHour;
  let i = rates.length;
  while (i > day && Math.abs((rates[i - 1] as number) - (rates[i - 1 - day] as number)) <= 1e-12 * (rates[i - 1] as number)) i--;
  return Math.min(Math.ceil(Math.max(i, day) / perHour), rates.length / perHour);
}

function run(rates: Float64Array, disposition: Disposition, tell: (hour: number, ngPerMl: number) => void): void {
  const { fast, slow, fastShare, slowShare } = exponentials(disposition);
  const [f0 = 0, f1 = 0, f2 = 0, f3 = 0, f4 = 0] = hourWeights(fast);
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0] = hourWeights(slow);
  const fastLeft = Math.exp(-fast);
  const slowLeft = Math.exp(-slow);
  const ngPerMl = 1000 / disposition.central;
  let x = 0;
  let y = 0;
  for (let i = 0, hour = 1; i < rates.length; i += perHour, hour++) {
    const r0 = rates[i] as number;
    const r1 = rates[i + 1] as number;
    const r2 = rates[i + 2] as number;
    const r3 = rates[i + 3] as number;
    const r4 = rates[i + 4] as number;
    x = x * fastLeft + f0 * r0 + f1 * r1 + f2 * r2 + f3 * r3 + f4 * r4;
    y = y * slowLeft + s0 * r0 + s1 * r1 + s2 * r2 + s3 * r3 + s4 * r4;
    tell(hour, ngPerMl * (fastShare * x + slowShare * y));
  }
}

/**
 * Trough and peak when one dose has been taken for ever.
 *
 * @param doseMg       mg
 * @param everyH       interval, whole hours
 * @param disposition  the patient
 * @returns            ng/mL; the peak is the highest of the hourly values
 * @source             wu2012
 */
export function steadyState(doseMg: number, everyH: number, disposition: Disposition): { trough: number; peak: number } {
  const { fast, slow, fastShare, slowShare } = exponentials(disposition);
  // The gut settles within a few intervals; its last one is the one that repeats.
  const intervals = Math.max(4, Math.ceil(240 / everyH));
  const rates = absorption(dosesByHour([{ doseMg, everyH, count: intervals }], intervals * everyH)).subarray(-everyH * perHour);
  const settle = (rate: number) => {
    const w = hourWeights(rate);
    const left = Math.exp(-rate);
    let x = 0;
    for (let i = 0; i < rates.length; i++) {
      if (i % perHour === 0) x *= left;
      x += (w[i % perHour] as number) * (rates[i] as number);
    }
    return x / (1 - Math.exp(-rate * everyH));
  };
  let x = settle(fast);
  let y = settle(slow);
  const ngPerMl = 1000 / disposition.central;
  const trough = ngPerMl * (fastShare * x + slowShare * y);
  let peak = trough;
  const [wx, wy] = [hourWeights(fast), hourWeights(slow)];
  for (let hour = 0; hour < everyH; hour++) {
    x *= Math.exp(-fast);
    y *= Math.exp(-slow);
    for (let j = 0; j < perHour; j++) {
      const r = rates[hour * perHour + j] as number;
      x += (wx[j] as number) * r;
      y += (wy[j] as number) * r;
    }
    peak = Math.max(peak, ngPerMl * (fastShare * x + slowShare * y));
  }
  return { trough, peak };
}

/** A patient as one level makes most likely, given the population. */
export interface Estimate {
  readonly etas: Etas;
  readonly disposition: Disposition;
  /** Level that the estimate predicts, ng/mL. */
  readonly predicted: number;
  /** Deviation of CL/F from the population, standard deviations. */
  readonly zClearance: number;
}

/**
 * Maximum a posteriori estimate from one level: least (observed − predicted)²/var + ln var + Σ η²/ω².
 *
 * @param rates       absorption up to the draw, as `absorption` gives it
 * @param observed    level at the end of it, ng/mL
 * @param hematocrit  percent
 * @source            wu2012
 */
export function estimate(rates: Float64Array, observed: number, hematocrit: number): Estimate {
  const omega2 = [wu2012.clearance.omega2, wu2012.central.omega2, wu2012.exchange.omega2, wu2012.peripheral.omega2] as const;
  const { additive, proportional } = wu2012.residual;
  const etasOf = ([a = 0, b = 0, c = 0, d = 0]: Float64Array): Etas => [a, b, c, d];
  const repeats = repeatsFrom(rates);
  const objective = (point: Float64Array) => {
    const etas = etasOf(point);
    const predicted = lastConcentration(rates, dispositionOf(hematocrit, etas), repeats);
    const variance = additive ** 2 + (proportional * predicted) ** 2;
    let value = (observed - predicted) ** 2 / variance + Math.log(variance);
    for (let i = 0; i < 4; i++) value += (etas[i] as number) ** 2 / (omega2[i] as number);
    return value;
  };
  const first = minimize(objective, new Float64Array(4), Float64Array.of(-0.3, 0.2, 0.2, 0.1), { pointTolerance: 1e-4, valueTolerance: 1e-7 });
  // A second simplex from the first answer: the valley of one level in four unknowns is narrow.
  const { point } = minimize(objective, first.point, Float64Array.of(0.1, -0.1, 0.1, -0.1), { pointTolerance: 1e-4, valueTolerance: 1e-7 });
  const etas = etasOf(point);
  const disposition = dispositionOf(hematocrit, etas);
  return { etas, disposition, predicted: lastConcentration(rates, disposition), zClearance: etas[0] / Math.sqrt(omega2[0]) };
}
