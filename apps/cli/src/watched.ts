import { HapaxError } from "@hapax/base";
import type { WorkOptions } from "@hapax/kernels";
import type { Session } from "./session.ts";

/** What Ctrl-C ends a command with. */
export const stopped = (): HapaxError => new HapaxError("cli/stopped", "Stopped.", "Nothing was written.");

const bar = 24;
/** Between two drawings of the bar, ms. */
const pause = 100;

/**
 * Work that a person watches: a bar on a terminal, nothing elsewhere, and Ctrl-C stops it.
 *
 * @param what  is being done, before the bar
 * @throws      cli/stopped after Ctrl-C, and what the work throws
 */
export async function watched<T>(session: Session, what: string, work: (options: WorkOptions) => Promise<T>): Promise<T> {
  const { err, terminal = false } = session;
  const signal = session.interrupted?.();
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = (share: number) => {
    const now = performance.now();
    if (!terminal || (now - drawnAt < pause && share < 1)) return;
    drawnAt = now;
    const done = Math.floor(bar * share);
    err(`\r${what} ${"━".repeat(done)}${"─".repeat(bar - done)} ${Math.floor(100 * share)} %`);
  };
  try {
    draw(0);
    const done = await work({ signal, onProgress: draw });
    signal?.throwIfAborted();
    return done;
  } catch (error) {
    throw signal?.aborted === true ? stopped() : error;
  } finally {
    // The line is cleared: what follows stands where it stood.
    if (terminal) err("\r\u001b[K");
  }
}
