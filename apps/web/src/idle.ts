/** Without `requestIdleCallback`, which not every browser has, this long after what is going on now, ms. */
const afterwards = 200;

/**
 * Does something once the browser has nothing better to do.
 *
 * @returns a function that calls it off
 */
export function whenIdle(act: () => void): () => void {
  if (typeof window.requestIdleCallback !== "function") {
    const timer = window.setTimeout(act, afterwards);
    return () => window.clearTimeout(timer);
  }
  const waiting = window.requestIdleCallback(act);
  return () => window.cancelIdleCallback(waiting);
}
