import { useEffect, useRef, useState } from "react";
import type { Volume } from "@hapax/base";
import type { BeamsEye, OutlinedStructure } from "@hapax/figures";
import type { BeamAnswer, BeamScan, BeamWork } from "./beam-worker.ts";

/** The radiograph of a view and the shadows in it, drawn beside the page; coarse first. */
export function useRadiograph(scan: Volume, view: BeamsEye | undefined, structures: readonly OutlinedStructure[]): Omit<BeamAnswer, "turn"> {
  const [answer, setAnswer] = useState<Omit<BeamAnswer, "turn">>({});
  const [worker, setWorker] = useState<Worker>();
  const turn = useRef(0);
  useEffect(() => {
    const one = new Worker(new URL("./beam-worker.ts", import.meta.url), { type: "module" });
    one.postMessage({ scan } satisfies BeamScan);
    setWorker(one);
    return () => one.terminate();
  }, [scan]);
  useEffect(() => {
    if (worker === undefined || view === undefined) return undefined;
    const mine = ++turn.current;
    const hear = ({ data: { turn: of, ...what } }: MessageEvent<BeamAnswer>) => of === mine && setAnswer((now) => ({ ...now, ...what }));
    worker.addEventListener("message", hear);
    worker.postMessage({ turn: mine, view, structures } satisfies BeamWork);
    return () => worker.removeEventListener("message", hear);
  }, [worker, view, structures]);
  return answer;
}
