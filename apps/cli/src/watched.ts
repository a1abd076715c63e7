import { HapaxError } from "@hapax/base";
import type { WorkOptions } from "@hapax/kernels";
import type { Session } from "./session.ts";

/** What Ctrl-C ends a command with. */
export const stopped = (): HapaxError => new HapaxError("cli/stopped", "Stopped.", "Nothing was written.");

const cells = 24;
/** Between two drawings of the bar, ms. */
const pause = 100;

/** Part of a whole as a bar, with its percent. */
export function barOf(share: number): string {
  const done = Math.floor(cells * Math.min(1, Math.max(0, share)));
  return `${"━".repeat(done)}${"─".repeat(cells - done)} ${Math.floor(100 * share)} %`;
}

/** Draws a line over the line before, on a terminal only and not too often; what is drawn last is cleared by `clear`. */
export function lineOf({ err, terminal = false }: Session): { draw(text: string, now?: boolean): void; clear(): void } {
  let drawnAt: number | undefined;
  return {
    draw(text, now = false) {
      const at = performance.now();
      if (!terminal || (drawnAt !== undefined && at - drawnAt < pause && !now)) return;
      drawnAt = at;
      err(`\r${text}\u001b[K`);
    },
    clear() {
      if (drawnAt !== undefined) err("\r\u001b[K");
      drawnAt = undefined;
    },
  };
}

/**
 * Work that a person watches: a bar on a terminal, nothing elsewhere, and Ctrl-C stops it.
 *
 * @param what  is being done, before the bar
 * @throws      cli/stopped after Ctrl-C, and what the work throws
 */
export async function watched<T>(session: Session, what: string, work: (options: WorkOptions) => Promise<T>): Promise<T> {
  const signal = session.interrupted?.();
  const line = lineOf(session);
  const draw = (share: number) => line.draw(`${what} ${barOf(share)}`, share >= 1);
  try {
    draw(0);
    const done = await work({ signal, onProgress: draw });
    signal?.throwIfAborted();
    return done;
  } catch (error) {
    throw signal?.aborted === true ? stopped() : error;
  } finally {
    // What follows stands where the line stood.
    line.clear();
  }
}
