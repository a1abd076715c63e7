import { nameOf, type Study } from "./studies.ts";

interface Props {
  readonly studies: readonly Study[];
  readonly chosen: Study | undefined;
  readonly choose: (uid: string) => void;
}

/** The series of the case by their time points; a refused one can be chosen too, and says why. */
export function SeriesChoice({ studies, chosen, choose }: Props) {
  const times = [...new Set(studies.map((s) => s.timePoint))];
  return (
    <span className="images-choice">
      <label className="heard" htmlFor="images-series">Series</label>
      <select id="images-series" value={chosen?.series.uid ?? ""} onChange={(event) => choose(event.target.value)}>
        {times.map((time) => (
          <optgroup key={time ?? ""} label={time ?? "Time not recorded"}>
            {studies
              .filter((s) => s.timePoint === time)
              .map((s) => (
                <option key={s.series.uid} value={s.series.uid}>
                  {[nameOf(s.series), time ?? s.series.date, s.series.geometry.shown === "as it is" ? undefined : s.series.geometry.shown].filter((part) => part !== undefined).join(", ")}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </span>
  );
}
