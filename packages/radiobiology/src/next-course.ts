import { Gy, showNumber } from "@hapax/base";
import type { CaseView, Finding, Reason } from "@hapax/case";
import { cite } from "@hapax/references";
import { assumeNumber, doseInFractions, gy, tenths } from "./courses.ts";
import { doseForEqd2 } from "./dose-for.ts";
import { cumulate, limitNotes, limitText, shorter, uniqueReferences, type Bounds, type Contribution, type LedgerLimit, type LedgerRow } from "./ledger.ts";

/** What one limit still leaves. */
export interface NextCourseRow {
  readonly limit: LedgerLimit;
  /** If the doses not recorded were at their least; 0 when even then the limit is met. */
  readonly most: { readonly left: number; readonly dose: number };
  /** If they were at their highest; undefined where nothing bounds them. */
  readonly least: { readonly left: number; readonly dose: number } | undefined;
}

/** What a next course may still give to an organ, limit by limit. */
export interface NextCourse {
  readonly organ: string;
  readonly fractions: number;
  readonly alphaBeta: number;
  /** Percent, credited to all courses so far. */
  readonly recovery: number;
  /** EQD2 so far, Gy, at that α/β and after that recovery. */
  readonly cumulative: Bounds;
  readonly rows: readonly NextCourseRow[];
}

/**
 * What a next course of n fractions may still give to an organ under each limit; at a range, under its lower end.
 *
 * @param row       the organ's row of the ledger
 * @param settings  `fractions` n; `alphaBeta` in Gy and `recovery` in percent, those of the row where left out
 * @returns         EQD2 left and total physical dose, Gy, at the same point
 * @throws          radiobiology/fractions, radiobiology/alpha-beta
 */
export function nextCourse(
  row: LedgerRow,
  settings: { readonly fractions: number; readonly alphaBeta?: number; readonly recovery?: number },
): NextCourse {
  const { fractions } = settings;
  const alphaBeta = settings.alphaBeta ?? row.alphaBeta;
  const recovery = settings.recovery ?? row.recovery;
  const cumulative = cumulate(row.contributions, alphaBeta, recovery / 100, { samePoint: row.samePoint, credit: "all" });
  const under = (limit: number, given: number) => {
    const left = Math.max(0, limit - given);
    return { left, dose: doseForEqd2(Gy(left), fractions, Gy(alphaBeta)) };
  };
  return {
    organ: row.organ,
    fractions,
    alphaBeta,
    recovery,
    cumulative,
    rows: row.limits.map((limit) => ({
      limit,
      most: under(limit.low, cumulative.low),
      least: cumulative.high === undefined ? undefined : under(limit.low, cumulative.high),
    })),
  };
}

/** The value of the finding: doses in Gy. */
export interface NextCourseValue {
  readonly organ: string;
  readonly fractions: number;
  readonly alphaBeta: number;
  readonly recovery: number;
  readonly limit: string;
  readonly limitGy: number;
  readonly given: Bounds;
  /** EQD2 left and dose in n fractions before the courses whose organ dose is not recorded. */
  readonly left: number;
  readonly dose: number;
  /** The dose left if those had reached the organ in full. */
  readonly ifInFull: number | undefined;
}

const wholeFractions = (value: number) => Number.isInteger(value) && value >= 1 && value <= 200;

/** What a next course may still give, for an organ of which at least one dose is recorded. */
export function nextCourseFinding(view: CaseView, row: LedgerRow): Finding<NextCourseValue> | undefined {
  const settled = row.contributions.filter((c) => c.eqd2.low > 0 && c.eqd2.low === c.eqd2.high);
  const open = row.contributions.filter((c) => c.eqd2.low !== c.eqd2.high);
  const first = row.binding;
  if (settled.length === 0 || first === undefined) return undefined;
  const fractions = assumeNumber(
    view,
    {
      key: "radiobiology/next-course/fractions",
      name: "fractions of the next course",
      value: row.planned.find((p) => p.fractions !== undefined)?.fractions ?? 20,
      why: "as planned where a plan is recorded, 20 otherwise",
      options: [5, 10, 15, 20, 30],
    },
    wholeFractions,
  );
  const lowest = {
    key: `radiobiology/next-course/${row.organ}/limit`,
    name: "cumulative limit",
    value: first.key,
    why: "the lowest of the published limits binds",
    options: row.limits.map((l) => l.key),
  };
  const asked = view.assume(lowest);
  const chosen = lowest.options.includes(asked.value) ? asked : lowest;
  const next = nextCourse(row, { fractions: fractions.value });
  const short = nextCourse(row, { fractions: 5 });
  const at = next.rows.find((r) => r.limit.key === chosen.value) ?? next.rows[0];
  if (at === undefined) return undefined;
  const after = settled.map((c) => `${c.label} (EQD2 ${gy(c.eqd2.low)})`).join(" and ");
  const before = open.length > 0 ? `, before ${open.map(plain).join(" and ")}` : "";
  const credit = row.recovery === 0 ? "no recovery" : `recovery ${showNumber(row.recovery)} %`;
  const because: Reason[] = [
    {
      text: `${after}${row.recovery === 0 ? "" : `, less ${showNumber(row.recovery)} %,`} ${
        at.most.left > 0
          ? `${settled.length > 1 ? "leave" : "leaves"} ${showNumber(at.limit.low)} − ${showNumber(next.cumulative.low, 3)} = ${showNumber(at.most.left, 3)} Gy of EQD2 (α/β ${showNumber(row.alphaBeta)}); in ${fractions.value} fractions that is ${showNumber(at.most.dose, 1)} Gy`
          : `${settled.length > 1 ? "are" : "is"} ${showNumber(next.cumulative.low, 3)} Gy of EQD2 (α/β ${showNumber(row.alphaBeta)}), ${showNumber(next.cumulative.low - at.limit.low, 3)} Gy above the limit of ${showNumber(at.limit.low)}: nothing is left under it`
      }.`,
      entries: settled.map((c) => c.course),
    },
  ];
  if (open.length > 0) {
    const gone = next.rows.filter((r) => r.least?.left === 0).map((r) => `${r.limit.name} ${limitText(r.limit)}`);
    because.push({
      text:
        next.cumulative.high === undefined
          ? `What ${open.map(plain).join(" and ")} gave has no bound.`
          : `If ${open.map(plain).join(" and ")} reached it in full the sum is ${showNumber(next.cumulative.high, 3)} Gy: ${gone.length > 0 ? `nothing is left under ${gone.join(", ")}` : `${gy(at.least?.dose ?? 0)} Gy in ${fractions.value} are left`}.`,
      entries: open.map((c) => c.course),
    });
  }
  for (const plan of row.planned) {
    const dose = plan.dose.high;
    if (dose === undefined || dose === 0 || plan.fractions === undefined) continue;
    const shares = nextCourse(row, { fractions: plan.fractions }).rows.filter((r) => r.limit.leading === true);
    because.push({
      text: `Asked: ${doseInFractions(dose, plan.fractions)}. ${row.name} may take ${shares.map((r, i) => `${showNumber(Math.round((100 * r.most.dose) / dose))} %${i === 0 ? " of it" : ""} under ${showNumber(r.limit.low)}`).join(", ")}.`,
      entries: [plan.course],
    });
  }
  return {
    rule: "radiobiology/next-course",
    subject: row.organ,
    question: `${row.short}, re-irradiation in ${fractions.value}`,
    status: "determined",
    value: {
      organ: row.organ,
      fractions: fractions.value,
      alphaBeta: row.alphaBeta,
      recovery: row.recovery,
      limit: at.limit.key,
      limitGy: at.limit.low,
      given: next.cumulative,
      left: at.most.left,
      dose: at.most.dose,
      ifInFull: at.least?.dose,
    },
    text: at.most.dose > 0 ? `At most ${gy(at.most.dose)} Gy` : "None",
    brief: shorter(
      `After ${after}${before}; cumulative ${limitText(at.limit)}, ${credit}`,
      `After ${settled.length} courses${before}, EQD2 ${gy(next.cumulative.low)}; cumulative ${limitText(at.limit)}`,
    ),
    because,
    missing: row.missing,
    assumptions: [fractions, chosen, ...row.assumptions.filter((a) => a.key !== "radiobiology/ledger/organs")],
    source: uniqueReferences([...cite("fowler1989"), ...at.limit.source, ...row.limits.flatMap((l) => l.source)]),
    caveats: [
      "The same point in both courses is assumed.",
      "Published recovery factors ask for 6 months or more; the interval to a next course is not recorded.",
      ...row.caveats,
      ...limitNotes(row.limits),
    ],
    table: {
      columns: ["Cumulative limit", "EQD2 left", `Gy in ${fractions.value}`, "in 5", ...(open.length > 0 ? [`Gy in ${fractions.value}, if ${open.map(plain).join(" and ")} in full`] : [])],
      rows: next.rows.map((r, i) => [
        `${limitText(r.limit)} ${r.limit.name}${r.limit.detail === undefined ? "" : `, ${r.limit.detail}`}`,
        left(r.most.left),
        left(r.most.dose),
        left(short.rows[i]?.most.dose ?? 0),
        ...(open.length > 0 ? [r.least === undefined && r.most.left > 0 ? "no bound" : left(r.least?.dose ?? 0)] : []),
      ]),
    },
  };
}

const left = (dose: number) => (dose > 0 ? tenths(dose) : "none");

/** "20 in 5", for a line that has said Gy already. */
const plain = (c: Contribution) => c.label.replace(" Gy in ", " in ");
