import { figures, ledgerBars, type DrugCourse, type Figure, type FigureData, type FigureName } from "@hapax/figures";
import { ledger, sirolimusCourse, type SirolimusCourse, type Workup } from "@hapax/workup";

/** What the disciplines computed, in the form in which figures take it. */
export function figureDataOf({ view, tumor }: Pick<Workup, "view" | "tumor">): FigureData {
  const course = sirolimusCourse(view, tumor?.drugs ?? []);
  return { ledger: ledgerBars(ledger(view)), ...(course === undefined ? {} : { drug: course.drug, course: drugCourse(course) }) };
}

/** The figures of the write-up; it has the whole ledger, of which the cord is one row. */
const written: readonly FigureName[] = ["timeline", "diameters", "level", "hemoglobin", "ledger"];

/**
 * The figures that belong in the text, those without a single point left out: they say nothing that it does not say.
 *
 * @param sizes  px; the width of each, where a page asks for another than its own
 */
export function reportFigures(worked: Workup, sizes: Readonly<Partial<Record<FigureName, number>>>): Figure[] {
  const { view, findings } = worked;
  const data = figureDataOf(worked);
  return written
    .map((name) => {
      const width = sizes[name];
      return figures[name](view, findings, { ...data, ...(width === undefined ? {} : { width }) });
    })
    .filter((figure) => figure.table.rows.length > 0);
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
