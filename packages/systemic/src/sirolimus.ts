import { convert, HapaxError, showNumber, type Quantity } from "@hapax/base";
import { known, stepId, type Assumption, type CaseView, type DrugFacts, type EntryOf } from "@hapax/case";
import { absorption, concentrations, dispositionOf, dosesByHour, estimate, steadyState, wu2012, type Disposition, type Estimate } from "./sirolimus-wu2012.ts";

/** A dose as the record has it, ready to be simulated. */
export interface Regimen {
  readonly doseMg: number;
  readonly everyH: number;
}

/** What the record says of a drug that the model of Wu knows, gathered for the findings and the figure. */
export interface SirolimusCase {
  readonly drug: EntryOf<"drug">;
  readonly facts: DrugFacts;
  /** The regimen under which the level was drawn, or the first one. */
  readonly regimen: Regimen;
  /** The regimen after it, where another is recorded. */
  readonly next: Regimen | undefined;
  readonly regimens: readonly Regimen[];
  readonly hematocrit: number;
  readonly hematocritFrom: readonly string[];
  readonly assumptions: readonly Assumption[];
  readonly level: SirolimusLevel | undefined;
  readonly levels: readonly SirolimusLevel[];
  readonly band: { readonly low: number; readonly high: number; readonly from: string } | undefined;
}

export interface SirolimusLevel {
  readonly entry: EntryOf<"drugLevel">;
  readonly ngPerMl: number;
  /** The regimen under which it was drawn. */
  readonly regimen: Regimen;
  /** A regimen before that one, which the estimate does not carry on. */
  readonly earlier: Regimen | undefined;
  /** False when the dose recorded with the level is none of the doses of the drug. */
  readonly listed: boolean;
  /** Days of therapy at the draw: the one recorded or given by dates, or each that is tried. */
  readonly days: readonly number[];
  readonly dayAssumption: Assumption | undefined;
}

const daysTried = "7, 14 or 28";

// Outside of these nobody took or measured the drug; a slip of the pen is not simulated. Hours, mg, ng/mL.
const longestInterval = 28 * 24;
const smallestDose = 0.01;
const largestDose = 1000;
const smallestLevel = 0.01;
// Days; longer than this a level is the steady one to the last digit.
const longestTherapy = 400;

/** The case of every drug whose facts name the model, given at least in part and with a dose. */
export function sirolimusCases(view: CaseView, drugs: readonly DrugFacts[]): SirolimusCase[] {
  return view.all("drug").flatMap((drug): SirolimusCase[] => {
    const facts = drugs.find((d) => d.model === "wu2012" && d.drug === drug.name.trim().toLowerCase());
    if (facts === undefined || (drug.state !== "recorded" && drug.state !== "completion not recorded")) return [];
    const assumptions: Assumption[] = [];
    const steps = regimensOf(view, drug, assumptions);
    const regimens = steps.map((s) => s.regimen);
    const [first] = regimens;
    if (first === undefined) return [];
    const levels = levelsOf(view, drug, steps);
    const level = levels[0];
    const at = level === undefined ? 0 : regimens.indexOf(level.regimen);
    const { value, from, assumption } = hematocritOf(view);
    if (assumption !== undefined) assumptions.push(assumption);
    const band = bandOf(view, facts);
    return [{
      drug,
      facts,
      regimen: level?.regimen ?? first,
      next: level === undefined || at < 0 ? undefined : regimens[at + 1],
      regimens,
      hematocrit: value,
      hematocritFrom: from,
      assumptions: band === undefined ? assumptions : [...assumptions, band.assumption],
      level,
      levels,
      band: band?.range,
    }];
  });
}

/** A regimen and the step of the dose that it is. */
interface Step {
  readonly regimen: Regimen;
  readonly id: string;
}

function regimensOf(view: CaseView, drug: EntryOf<"drug">, assumptions: Assumption[]): Step[] {
  const steps: Step[] = [];
  for (const [i, step] of drug.steps.entries()) {
    const doseMg = amountIn(known(step.dose), "mg");
    const every = known(step.every);
    if (doseMg === undefined || doseMg < smallestDose || doseMg > largestDose) continue;
    let everyH = every === undefined ? 0 : Math.round(convert(every, "h"));
    if (everyH < 1) {
      const daily = view.assume({ key: `systemic/${drug.id}/interval`, name: `Interval between doses of ${drug.name}`, value: 24, unit: "h", why: "The interval is not recorded; once a day is usual.", options: [12, 24] });
      if (!assumptions.some((a) => a.key === daily.key)) assumptions.push(daily);
      everyH = Math.max(1, Math.round(Number(daily.value)));
    }
    if (everyH <= longestInterval) steps.push({ regimen: { doseMg, everyH }, id: stepId(drug.id, i) });
  }
  return steps;
}

/** The regimen of a level: that of the dose recorded with it, else the last that had certainly begun. */
function regimenAt(view: CaseView, level: EntryOf<"drugLevel">, steps: readonly Step[]): Pick<SirolimusLevel, "regimen" | "earlier" | "listed"> | undefined {
  const begun = (s: Step) => (view.timing.gap(s.id, level.id).atLeastDays ?? -1) >= 0 && (view.timing.gap(level.id, s.id).atLeastDays ?? -1) < 0;
  const byTime = Math.max(0, steps.findLastIndex(begun));
  const doseMg = amountIn(known(level.dose), "mg");
  const byDose = steps.findLastIndex((s, i) => s.regimen.doseMg === doseMg && i <= byTime);
  const at = doseMg === undefined ? byTime : byDose >= 0 ? byDose : steps.findIndex((s) => s.regimen.doseMg === doseMg);
  const step = steps[at];
  if (step !== undefined) return { regimen: step.regimen, earlier: steps[at - 1]?.regimen, listed: true };
  const near = steps[byTime]?.regimen;
  return doseMg === undefined || near === undefined || doseMg < smallestDose || doseMg > largestDose
    ? undefined
    : { regimen: { doseMg, everyH: near.everyH }, earlier: undefined, listed: false };
}

function levelsOf(view: CaseView, drug: EntryOf<"drug">, steps: readonly Step[]): SirolimusLevel[] {
  return view.all("drugLevel").flatMap((entry): SirolimusLevel[] => {
    const ngPerMl = amountIn(known(entry.value), "ng/mL");
    if (entry.drug !== drug.id || ngPerMl === undefined || ngPerMl < smallestLevel) return [];
    const under = regimenAt(view, entry, steps);
    if (under === undefined) return [];
    const day = known(entry.dayOfTherapy) ?? daysSince(view, drug.id, entry.id);
    if (day !== undefined && day >= 1) return [{ entry, ngPerMl, ...under, days: [Math.min(longestTherapy, Math.round(day))], dayAssumption: undefined }];
    const dayAssumption = view.assume({
      key: "systemic/sirolimus-level/day",
      name: "Day of therapy at which the level was drawn",
      value: daysTried as string,
      why: "The day is not recorded; a week, two and four are tried.",
      options: ["7", "14", "28", daysTried],
    });
    const days = String(dayAssumption.value).match(/\d+/g)?.map(Number).filter((d) => d >= 1 && d <= longestTherapy) ?? [];
    return [{ entry, ngPerMl, ...under, days: days.length > 0 ? days : [7, 14, 28], dayAssumption }];
  });
}

/** Days between two events, where their dates leave no doubt. */
function daysSince(view: CaseView, from: string, to: string): number | undefined {
  const { atLeastDays, atMostDays } = view.timing.gap(from, to);
  return atLeastDays === atMostDays ? atLeastDays : undefined;
}

/** A quantity in a unit; undefined where there is none or it is of another kind, such as mg/m². */
function amountIn(quantity: Quantity | undefined, unit: string): number | undefined {
  if (quantity === undefined) return undefined;
  try {
    return convert(quantity, unit);
  } catch (error) {
    if (error instanceof HapaxError) return undefined;
    throw error;
  }
}

function lastLab(view: CaseView, loinc: string, names: readonly string[], unit: string) {
  const lab = view.all("lab").findLast((l) => (l.loinc === loinc || names.includes(l.analyte.toLowerCase())) && amountIn(known(l.value), unit) !== undefined);
  const value = amountIn(known(lab?.value), unit);
  return lab === undefined || value === undefined || !(value > 0) ? undefined : { id: lab.id, value };
}

/** Hematocrit, percent: measured, or three times the hemoglobin, or that of the cohort; outside 5 to 80 it is none. */
function hematocritOf(view: CaseView): { value: number; from: string[]; assumption?: Assumption } {
  const measured = lastLab(view, "4544-3", ["hematocrit", "hct"], "%");
  if (measured !== undefined && measured.value >= 5 && measured.value <= 80) return { value: measured.value, from: [measured.id] };
  const hemoglobin = lastLab(view, "718-7", ["hemoglobin", "haemoglobin", "hb"], "g/dL");
  const assumption = view.assume({
    key: "systemic/sirolimus/hematocrit",
    name: "Hematocrit",
    value: hemoglobin === undefined ? wu2012.hematocrit.reference : Number((3 * hemoglobin.value).toFixed(1)),
    unit: "%",
    why: hemoglobin === undefined ? "Not recorded; that of the model's cohort." : `Not recorded; three times the hemoglobin of ${showNumber(hemoglobin.value)} g/dL.`,
    options: [25, 30, 35.1, 42],
  });
  const value = Number(assumption.value);
  return { value: value >= 5 && value <= 80 ? value : wu2012.hematocrit.reference, from: hemoglobin === undefined ? [] : [hemoglobin.id], assumption };
}

/** The band shown beside levels: a setting of the case, because none is validated for the tumor. */
function bandOf(view: CaseView, facts: DrugFacts) {
  if (facts.band === undefined) return undefined;
  const [low, high] = [convert(facts.band.low, "ng/mL"), convert(facts.band.high, "ng/mL")];
  const assumption = view.assume({
    key: "systemic/sirolimus/band",
    name: "Band shown for sirolimus troughs",
    value: `${low}–${high}`,
    unit: "ng/mL",
    why: facts.band.from,
    options: [`${low}–${high}`, "3–10", "12–20"],
  });
  const [a, b] = String(assumption.value).match(/\d+(\.\d+)?/g)?.map(Number) ?? [];
  const range = a !== undefined && b !== undefined && b > a ? { low: a, high: b } : { low, high };
  return { assumption, range: { ...range, from: facts.band.from } };
}

const cache = new Map<string, unknown>();
const cacheLimit = 200;

/** Keeps the latest results of a pure function by its input. */
function once<T>(key: string, compute: () => T): T {
  if (cache.has(key)) return cache.get(key) as T;
  const value = compute();
  if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
  cache.set(key, value);
  return value;
}

/** Troughs of the days given, and at the end of all time, under one regimen from the first day. */
export function troughs({ doseMg, everyH }: Regimen, disposition: Disposition, days: readonly number[]): { byDay: number[]; steady: number; peak: number } {
  return once(JSON.stringify(["troughs", doseMg, everyH, disposition, days]), () => {
    const last = Math.max(1, ...days);
    const count = Math.ceil((24 * last) / everyH);
    const curve = concentrations(absorption(dosesByHour([{ doseMg, everyH, count }], 24 * last)), disposition);
    const { trough, peak } = steadyState(doseMg, everyH, disposition);
    return { byDay: days.map((d) => curve[24 * d] ?? Number.NaN), steady: trough, peak };
  });
}

/** The patient that a level at the end of a day makes most likely. */
export function estimateAt({ doseMg, everyH }: Regimen, day: number, ngPerMl: number, hematocrit: number): Estimate {
  return once(JSON.stringify(["estimate", doseMg, everyH, day, ngPerMl, hematocrit]), () =>
    estimate(absorption(dosesByHour([{ doseMg, everyH, count: Math.ceil((24 * day) / everyH) }], 24 * day)), ngPerMl, hematocrit),
  );
}

/** What a level leads to after a change of dose, for one assumed day of the draw. */
export interface Forecast {
  readonly assumedDay: number;
  readonly estimate: Estimate;
  readonly doseMg: number;
  /** Troughs of day 0 (the draw) to the last, ng/mL. */
  readonly trough: Float64Array;
  readonly steady: number;
}

const forecastDays = 28;

/** Forecasts of a case after its change of dose, one for each day of the draw that is tried. */
export function forecastsOf({ regimen, next, level, hematocrit }: SirolimusCase): Forecast[] {
  if (level === undefined || next === undefined) return [];
  return level.days.map((assumedDay) =>
    once(JSON.stringify(["forecast", regimen, next, assumedDay, level.ngPerMl, hematocrit]), (): Forecast => {
      const patient = estimateAt(regimen, assumedDay, level.ngPerMl, hematocrit);
      const steps = [
        { ...regimen, count: Math.ceil((24 * assumedDay) / regimen.everyH) },
        { ...next, count: Math.ceil((24 * forecastDays) / next.everyH) },
      ];
      const curve = concentrations(absorption(dosesByHour(steps, 24 * (assumedDay + forecastDays))), patient.disposition);
      return {
        assumedDay,
        estimate: patient,
        doseMg: next.doseMg,
        trough: Float64Array.from({ length: forecastDays + 1 }, (_, d) => curve[24 * (assumedDay + d)] ?? Number.NaN),
        steady: steadyState(next.doseMg, next.everyH, patient.disposition).trough,
      };
    }),
  );
}

/** Everything that a figure of the drug level needs; amounts in ng/mL, times in days of therapy. */
export interface SirolimusCourse {
  readonly drug: string;
  /** Day of each trough: 0, 1, 2, … */
  readonly tDays: Float64Array;
  readonly typical: Float64Array;
  /** Troughs with clearance at its 95th and 5th percentile, all else typical. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly doses: readonly { readonly fromDay: number; readonly doseMg: number; readonly everyH: number }[];
  readonly level: { readonly id: string; readonly ngPerMl: number; readonly day: number | undefined; readonly daysTried: readonly number[]; readonly doseMg: number } | undefined;
  readonly band: { readonly low: number; readonly high: number; readonly from: string } | undefined;
  readonly typicalSteady: number;
  readonly forecasts: readonly {
    readonly assumedDay: number;
    readonly doseMg: number;
    /** Days after the draw. */
    readonly tDays: Float64Array;
    readonly trough: Float64Array;
    readonly steady: number;
  }[];
}

/** 95 % of a normal distribution lie below this many standard deviations. */
const z95 = 1.645;

/** The course of sirolimus in a case, for a figure; undefined when no dose of it is recorded. */
export function sirolimusCourse(view: CaseView, drugs: readonly DrugFacts[]): SirolimusCourse | undefined {
  const found = sirolimusCases(view, drugs)[0];
  if (found === undefined) return undefined;
  const { regimen, next, level, hematocrit } = found;
  const change = level === undefined ? 28 : Math.max(...level.days);
  const days = change + (next === undefined ? 0 : forecastDays);
  const steps = [
    { ...regimen, count: Math.ceil((24 * change) / regimen.everyH) },
    ...(next === undefined ? [] : [{ ...next, count: Math.ceil((24 * forecastDays) / next.everyH) }]),
  ];
  const curves = once(JSON.stringify(["course", steps, days, hematocrit]), () => {
    const rates = absorption(dosesByHour(steps, 24 * days));
    const spread = z95 * Math.sqrt(wu2012.clearance.omega2);
    const daily = (eta: number) => {
      const curve = concentrations(rates, dispositionOf(hematocrit, [eta, 0, 0, 0]));
      return Float64Array.from({ length: days + 1 }, (_, d) => curve[24 * d] ?? Number.NaN);
    };
    return { typical: daily(0), low: daily(spread), high: daily(-spread) };
  });
  return {
    drug: found.drug.id,
    tDays: Float64Array.from({ length: days + 1 }, (_, d) => d),
    ...curves,
    doses: [{ fromDay: 0, ...regimen }, ...(next === undefined ? [] : [{ fromDay: change, ...next }])],
    level: level === undefined ? undefined : { id: level.entry.id, ngPerMl: level.ngPerMl, day: level.dayAssumption === undefined ? level.days[0] : undefined, daysTried: level.days, doseMg: regimen.doseMg },
    band: found.band,
    typicalSteady: troughs(regimen, dispositionOf(hematocrit), []).steady,
    forecasts: forecastsOf(found).map((f) => ({ assumedDay: f.assumedDay, doseMg: f.doseMg, tDays: Float64Array.from({ length: f.trough.length }, (_, d) => d), trough: f.trough, steady: f.steady })),
  };
}

/** What of the model rests on inference, and is said beside every number of it. */
export const modelUnverified = [
  "Wu 2012 parameters read from a model library, not from the paper; the unit of Vm inferred by mass balance",
];

export const dailyText = ({ doseMg, everyH }: Regimen) => `${showNumber(doseMg)} mg ${everyH === 24 ? "daily" : `every ${everyH} h`}`;
export const levelText = (ngPerMl: number) => showNumber(ngPerMl, 1);
