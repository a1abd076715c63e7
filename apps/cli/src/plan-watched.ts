import { showNumber } from "@hapax/base";
import { openCrew } from "@hapax/kernels/crew-node";
import type { PlanningProgress, PlanningWork } from "@hapax/planning";
import { engineOf, type Session } from "./session.ts";
import { barOf, lineOf, stopped } from "./watched.ts";

const firstLine = "Ctrl-C ends the optimization and keeps what it has found; a second one discards it.\n";

/**
 * Planning that a person watches: on a terminal a line with bar, step, count, objective and seconds; Ctrl-C once ends the
 * optimization where it is and keeps the plan, twice discards it.
 *
 * @throws cli/stopped after the second Ctrl-C, and what the work throws
 */
export async function watchedPlanning<T>(session: Session, threads: number, work: (work: PlanningWork) => Promise<T>): Promise<T> {
  const engine = await engineOf(session);
  const discard = new AbortController();
  const stop = session.interrupted?.();
  stop?.addEventListener("abort", () => session.interrupted?.().addEventListener("abort", () => discard.abort(), { once: true }), { once: true });
  const line = lineOf(session);
  const started = performance.now();
  let last: PlanningProgress["step"] | undefined;
  const crew = await openCrew(threads);
  if (session.terminal === true) session.err(firstLine);
  try {
    return await work({
      crew, engine, signal: discard.signal, stop,
      onProgress: (progress) => {
        line.draw(progressLine(progress, (performance.now() - started) / 1000, stop?.aborted === true), progress.step !== last);
        last = progress.step;
      },
    });
  } catch (error) {
    throw discard.signal.aborted ? stopped() : error;
  } finally {
    line.clear();
    await crew.close();
  }
}

/** One line, short enough for a terminal of 100 columns. */
export function progressLine({ step, share, iteration }: PlanningProgress, seconds: number, ending: boolean): string {
  const count = iteration === undefined ? [] : [`${iteration.iteration} of ${iteration.atMost}`, `objective ${Number(iteration.objective.toPrecision(4))}`];
  return [`${barOf(share)} ${step}`, ...count, `${showNumber(seconds, 0)} s`, ...(ending ? ["ending"] : [])].join(", ");
}
