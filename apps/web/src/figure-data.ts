import { ledgerBars, type DrugCourse, type FigureData } from "@hapax/figures";
import { ledger } from "@hapax/radiobiology";
import { sirolimusCourse, type SirolimusCourse } from "@hapax/systemic";
import type { Workup } from "@hapax/workup";

/** What the disciplines computed, in the form in which figures take it. */
export function figureDataOf({ view, tumor }: Pick<Workup, "view" | "tumor">): FigureData {
  const course = sirolimusCourse(view, tumor?.drugs ?? []);
  return { ledger: ledgerBars(ledger(view)), ...(course === undefined ? {} : { drug: course.drug, course: drugCourse(course) }) };
}

function drugCourse({ tDays, typical, low, high, typicalSteady, band, level, forecasts }: SirolimusCourse): DrugCourse {
  const doses = [...Map.groupBy(forecasts, (f) => f.doseMg)];
  return {
    tDays: [...tDays],
    typical: [...typical],
    low: [...low],
    high: [...high],
    trough: typicalSteady,
    ...(band === undefined ? {} : { band }),
    ...(level === undefined ? {} : { level: { value: level.ngPerMl, ...(level.day === undefined ? {} : { tDays: level.day }) } }),
    // One forecast for each day on which the level may have been drawn; between them lies what is known.
    forecasts: doses.map(([doseMg, list]) => ({
      label: `${doseMg} mg`,
      low: Math.min(...list.map((f) => f.steady)),
      high: Math.max(...list.map((f) => f.steady)),
    })),
  };
}
