import { useEffect, useState } from "react";

const msPerSlice = 100;

/** Plays slice after slice; `step` is called ten times a second until it is stopped. */
export function useCine<Name extends string>(step: (name: Name) => void): { readonly playing: Name | undefined; readonly turn: (name: Name) => void } {
  const [playing, setPlaying] = useState<Name>();
  useEffect(() => {
    if (playing === undefined) return undefined;
    let frame = 0;
    let last = performance.now();
    const next = (now: number) => {
      if (now - last >= msPerSlice) {
        last = now;
        step(playing);
      }
      frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => cancelAnimationFrame(frame);
  }, [playing, step]);
  return { playing, turn: (name) => setPlaying((now) => (now === name ? undefined : name)) };
}
