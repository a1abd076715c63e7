import { useEffect, useState } from "react";
import { HapaxError } from "@hapax/base";

/** What is on its way, there, or could not be had. */
export type Coming<T> = { readonly state: "coming" } | { readonly state: "there"; readonly value: T } | { readonly state: "failed"; readonly problem: HapaxError };

export const asProblem = (error: unknown): HapaxError =>
  error instanceof HapaxError ? error : new HapaxError("web/unexpected", error instanceof Error ? error.message : String(error), "Reload this page; the scans are on the disk.");

/**
 * What a door gives, asked again when its key changes; the answer to an earlier key is dropped.
 *
 * @param key  undefined asks nothing
 */
export function useDoor<T>(key: string | undefined, ask: (signal: AbortSignal) => Promise<T>): Coming<T> {
  const [answer, setAnswer] = useState<{ key: string; coming: Coming<T> }>();
  useEffect(() => {
    if (key === undefined) return undefined;
    const stop = new AbortController();
    ask(stop.signal).then(
      (value) => stop.signal.aborted || setAnswer({ key, coming: { state: "there", value } }),
      (error: unknown) => stop.signal.aborted || setAnswer({ key, coming: { state: "failed", problem: asProblem(error) } }),
    );
    return () => stop.abort();
    // What is asked is told by the key.
  }, [key]);
  return answer !== undefined && answer.key === key ? answer.coming : { state: "coming" };
}

/** The value, where it is there. */
export const there = <T>(coming: Coming<T>): T | undefined => (coming.state === "there" ? coming.value : undefined);
