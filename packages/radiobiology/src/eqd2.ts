import { Days, Gy, HapaxError, show, showNumber } from "@hapax/base";
import { known, shortestCourseDays, type Assumption, type CaseView, type Finding, type Missing, type Reason } from "@hapax/case";
import { cite } from "@hapax/references";
import { bed } from "./bed.ts";
import { aboveZero, assumeNumber, coursesOf, distinct, doseInFractions, doseOf, gy, tenths, type Course } from "./courses.ts";
import { impliedAlphaBeta } from "./implied-alpha-beta.ts";
import { bedWithTail, linearFrom } from "./lq-l.ts";
import { bedAfterTime } from "./time-factor.ts";

/**
 * Equivalent dose in 2 Gy fractions, linear-quadratic model: EQD2 = D (d + α/β) / (2 + α/β).
 *
 * @param dose       total physical dose D, Gy
 * @param fractions  number of equal fractions n; d = D / n
 * @param alphaBeta  α/β of the tissue, Gy
 * @returns          EQD2, Gy
 * @throws           radiobiology/fractions when n is not a positive integer
 * @source           fowler1989
 */
export function eqd2(dose: Gy, fractions: number, alphaBeta: Gy): Gy {
  if (!Number.isInteger(fractions) || fractions < 1) {
    throw new HapaxError(
      "radiobiology/fractions",
      `A course of ${dose} Gy was given with ${fractions} fractions.`,
      "Give the number of fractions as a whole number, 1 or more.",
    );
  }
  const perFraction = dose / fractions;
  return Gy((dose * (perFraction + alphaBeta)) / (2 + alphaBeta));
}

/** A volume's dose in every α/β shown; keys are α/β in Gy. */
export interface VolumeEqd2 {
  readonly gy: number;
  readonly fractions: number;
  readonly perFraction: number;
  readonly alphaBeta: number;
  readonly eqd2: Readonly<Record<string, number>>;
  readonly bed: Readonly<Record<string, number>>;
  readonly impliedAlphaBeta?: number;
}

/** α/β of the columns, Gy: 2 and 3 for late effects, 4 for sarcoma, 10 for fast-growing tumors. */
export const shownAlphaBeta = [2, 3, 4, 10] as const;

/** Gy per fraction from which the linear-quadratic model is doubted, and its linear tail offered. */
const largeFraction = 5;

const stateWords: Record<Course["given"], string> = {
  given: "",
  "given in part or in full": "if completed",
  "planned, not given": "planned, not given",
  "not performed": "not performed",
};

/** The α/β at which the tumor's EQD2 is read first. */
export function tumorAlphaBeta(view: CaseView): Assumption & { readonly value: number } {
  return assumeNumber(
    view,
    {
      key: "radiobiology/eqd2/alphaBeta",
      name: "α/β of the target",
      value: 3,
      unit: "Gy",
      why: "no α/β is recorded, and none of this tumor is known",
      options: [1.3, 2, 3, 4, 10],
    },
    aboveZero,
  );
}

/** EQD2 of every volume of every course, each beside what the document states. */
export function eqd2OfVolumes(view: CaseView): Finding<VolumeEqd2>[] {
  const assumption = tumorAlphaBeta(view);
  return coursesOf(view).flatMap((course) => {
    const names = distinct(course.volumes.map((v) => v.name));
    return course.volumes.map((volume, i) => volumeFinding(view, course, names[i] ?? volume.name, i, volume.dose, assumption));
  });
}

function volumeFinding(
  view: CaseView,
  course: Course,
  name: string,
  index: number,
  dose: Gy | undefined,
  assumption: Assumption & { readonly value: number },
): Finding<VolumeEqd2> {
  const { fractions } = course;
  const time = repopulation(view);
  const tail = linearFrom(view);
  const large = dose !== undefined && fractions !== undefined && dose / fractions >= largeFraction;
  const common = {
    rule: "radiobiology/eqd2",
    subject: `${course.id}/${name}`,
    question: `EQD2 of ${doseInFractions(dose, fractions)}`,
    source: tail.value > 0 ? cite("fowler1989", "guerrero2004") : cite("fowler1989"),
    assumptions: [assumption, time.perDay, ...(time.perDay.value > 0 ? [time.onset] : []), ...(large || tail.value > 0 ? [tail] : [])],
  } as const;
  if (dose === undefined || fractions === undefined) {
    const missing: Missing[] = [];
    if (dose === undefined) missing.push({ input: `dose of ${name}, Gy`, decides: "EQD2" });
    if (fractions === undefined) missing.push({ input: `fractions of ${course.name}`, decides: `EQD2 of ${doseInFractions(dose, undefined)}` });
    return {
      ...common,
      status: dose === undefined ? "not recorded" : "undecided",
      text: "not computed",
      brief: fractions === undefined ? "The number of fractions is not recorded" : "The dose is not recorded",
      because: [
        {
          text: "EQD2 depends on the dose per fraction, so it needs both the dose and the number of fractions.",
          entries: [course.id],
        },
      ],
      missing,
    };
  }
  const perFraction = dose / fractions;
  const days = Days(shortestCourseDays(fractions, known(course.entry.fractionsPerWeek)));
  const bedAt = (alphaBeta: number) =>
    bedAfterTime(bedWithTail(dose, fractions, Gy(alphaBeta), tail.value), days, { perDay: Gy(time.perDay.value), onset: Days(time.onset.value) });
  const linear = tail.value > 0 && perFraction > tail.value;
  const at = (alphaBeta: number) =>
    time.perDay.value > 0 || linear ? bedAt(alphaBeta) / (1 + 2 / alphaBeta) : eqd2(dose, fractions, Gy(alphaBeta));
  const computed = at(assumption.value);
  const recordedVolume = course.entry.volumes[index];
  const statedQuantity = known(recordedVolume?.statedEqd2);
  const stated = doseOf(recordedVolume?.statedEqd2);
  const statedAlphaBeta = doseOf(recordedVolume?.statedAlphaBeta);
  const implied = stated === undefined ? undefined : impliedAlphaBeta(dose, fractions, stated);
  const compared = statedAlphaBeta !== undefined && statedAlphaBeta > 0 ? statedAlphaBeta : assumption.value;
  const agrees = stated === undefined || Math.abs(at(compared) - stated) <= halfOfLastDigit(stated);
  const columns = [...new Set([...shownAlphaBeta, assumption.value])].sort((a, b) => a - b);
  const byAlphaBeta = (of: (alphaBeta: number) => number) => Object.fromEntries(columns.map((a) => [String(a), of(a)]));
  const because: Reason[] = [
    {
      text: `D (d + α/β) / (2 + α/β) with D = ${showNumber(dose)} Gy, n = ${fractions}, d = ${showNumber(Number(perFraction.toFixed(4)))} Gy: ${showNumber(dose)} × (${showNumber(Number(perFraction.toFixed(4)))} + ${showNumber(assumption.value)}) / (2 + ${showNumber(assumption.value)}) = ${showNumber(eqd2(dose, fractions, Gy(assumption.value)), 2)} Gy.`,
      entries: [course.id],
    },
  ];
  if (linear) {
    because.push({
      text: `Linear above ${showNumber(tail.value)} Gy per fraction (LQ-L): BED ${showNumber(bedWithTail(dose, fractions, Gy(assumption.value), tail.value), 2)} in the place of ${showNumber(bed(dose, fractions, Gy(assumption.value)), 2)} Gy.`,
    });
  }
  if (time.perDay.value > 0) {
    because.push({
      text: `In ${days} days at least, repopulation of ${showNumber(time.perDay.value)} Gy per day from day ${showNumber(time.onset.value)} leaves ${showNumber(computed, 2)} Gy.`,
    });
  }
  if (stated !== undefined) {
    because.push({
      text:
        implied === undefined
          ? `No α/β gives the stated ${showNumber(stated)} Gy.`
          : `The stated ${showNumber(stated)} Gy needs α/β = ${showNumber(implied, 2)} Gy.`,
      entries: [course.id],
      met: agrees,
    });
    const explained = timeThatExplains(dose, fractions, stated);
    if (explained !== undefined) because.push({ text: explained, entries: [course.id] });
  }
  const suffix = stateWords[course.given];
  const unstated = `${gy(at(2))} at α/β 2, ${gy(at(10))} at 10`;
  const disagreement =
    stated === undefined
      ? unstated
      : implied === undefined
        ? `${showNumber(stated)} Gy at no α/β; ${gy(at(10))} Gy at 10`
        : `${showNumber(stated)} Gy only at α/β ${gy(implied)}; ${gy(at(10))} Gy at 10`;
  const brief = agrees ? (stated === undefined ? unstated : `as stated; ${unstated}`) : disagreement;
  return {
    ...common,
    status: agrees ? "determined" : "contradiction",
    value: {
      gy: dose,
      fractions,
      perFraction,
      alphaBeta: assumption.value,
      eqd2: byAlphaBeta(at),
      bed: byAlphaBeta(bedAt),
      ...(implied === undefined ? {} : { impliedAlphaBeta: implied }),
    },
    text: `${gy(computed)} Gy (α/β ${showNumber(assumption.value)})`,
    brief: suffix === "" ? brief : `${suffix}; ${brief}`,
    because,
    missing: statedAlphaBeta === undefined && stated !== undefined ? [{ input: "α/β of the stated EQD2", decides: "whether it agrees" }] : [],
    stated:
      stated === undefined || statedQuantity === undefined
        ? undefined
        : { text: show(statedQuantity), from: recordedVolume?.statedEqd2?.from ?? recordedVolume?.from, agrees },
    ...(tail.value > 0 ? { unverified: ["the linear tail (LQ-L) is recalled, not read"] } : {}),
    caveats: [
      ...(large && !linear ? ["EQD2 of large fractions is not proven beyond the range in which the model was made."] : []),
      "No α/β of this tumor in particular is known; from memory, soft-tissue sarcoma is read at 4, with 2 and 10 as the band.",
    ],
    table: {
      columns: ["α/β, Gy", "BED, Gy", "EQD2, Gy"],
      rows: [...new Set([...columns, ...(implied === undefined ? [] : [Number(implied.toFixed(2))])])]
        .sort((a, b) => a - b)
        .map((a) => [showNumber(a), tenths(bedAt(a)), tenths(at(a))]),
    },
  };
}

/** Half a unit in the last digit that was written: 70 is 69.5 to 70.5. */
function halfOfLastDigit(value: number): number {
  const digits = String(value).split(".")[1]?.length ?? 0;
  return 0.5 * 10 ** -digits + 1e-9;
}

/** Repopulation during a course; none unless the reader gives it a rate. */
function repopulation(view: CaseView): { perDay: Assumption & { readonly value: number }; onset: Assumption & { readonly value: number } } {
  return {
    perDay: assumeNumber(
      view,
      {
        key: "radiobiology/eqd2/repopulation",
        name: "BED lost to repopulation",
        value: 0,
        unit: "Gy/d",
        why: "no time factor: the repopulation of this tumor is not known, and late effects have none",
        options: [0, 0.5, 0.6, 0.9],
      },
      (value) => value >= 0 && value <= 10,
    ),
    onset: assumeNumber(
      view,
      { key: "radiobiology/eqd2/onset", name: "onset of repopulation", value: 28, unit: "d", why: "used only with a rate above 0", options: [21, 28] },
      (value) => value >= 0 && value <= 1000,
    ),
  };
}

/**
 * What repopulation would have to be for a shorter course to equal the stated EQD2 given in 2 Gy fractions: the
 * difference in BED at α/β 10 over the days saved.
 */
function timeThatExplains(dose: Gy, fractions: number, stated: Gy): string | undefined {
  const inTwos = stated / 2;
  if (!Number.isInteger(inTwos) || inTwos < 1 || inTwos > 200) return undefined;
  const saved = shortestCourseDays(inTwos) - shortestCourseDays(fractions);
  const difference = bed(stated, inTwos, Gy(10)) - bed(dose, fractions, Gy(10));
  if (saved <= 0 || difference <= 0) return undefined;
  return `With a time factor at α/β 10, ${showNumber(difference / saved, 2)} Gy per day saved (${saved} days fewer than ${showNumber(stated)} Gy in ${inTwos}) would make them equal.`;
}
