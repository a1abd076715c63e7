import { useCallback, useState } from "react";
import type { Arrived } from "./scan-door.ts";

/** How far what is fetched has come, told at most ten times a second. */
export function useArrival(): [arrived: Arrived | undefined, told: (arrived: Arrived) => void] {
  const [arrived, setArrived] = useState<Arrived>();
  const [clock] = useState({ last: 0 });
  const told = useCallback(
    (next: Arrived) => {
      const now = performance.now();
      if (now - clock.last < 100) return;
      clock.last = now;
      setArrived(next);
    },
    [clock],
  );
  return [arrived, told];
}
