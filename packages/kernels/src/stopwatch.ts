/** Median time of one call, ms: repeated for a quarter of a second after a warm-up. */
export function medianMs(work: () => unknown): number {
  for (let i = 0; i < 20; i++) work();
  const times: number[] = [];
  const until = performance.now() + 250;
  while (performance.now() < until || times.length < 5) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1] as number;
}

/** One line of a benchmark: ours, the plain reference of the same run, and how many times faster ours is. */
export function report(name: string, oursMs: number, reference: string, referenceMs: number, note = ""): void {
  const ratio = referenceMs / oursMs;
  console.log(`${name}  ${oursMs.toFixed(4)} ms  ${reference} ${referenceMs.toFixed(4)} ms  ×${ratio.toFixed(1)}${note === "" ? "" : `  ${note}`}`);
}
