import { useCallback, useRef, useState } from "react";
import { Problem } from "../../components/Problem.tsx";
import { Waiting } from "../../components/Waiting.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { DropScans } from "./DropScans.tsx";
import { NoScans } from "./NoScans.tsx";
import { readScans } from "./scan-door.ts";
import type { ScanSummary } from "./scan-summary.ts";
import { useDoor } from "./use-door.ts";
import { Workspace } from "./Workspace.tsx";
import "./Images.css";

/** The scans of a case: seen, measured, and with their plan and dose. */
export function Images() {
  const { id } = useCase();
  const [reading, setReading] = useState(0);
  const scans = useDoor(`${id} ${reading}`, () => readScans(id));
  const again = useCallback(() => setReading((n) => n + 1), []);
  // While a phantom is made the page asks again and again: what it said last stands until the answer is there.
  const last = useRef<ScanSummary>(undefined);
  if (scans.state !== "coming") last.current = scans.state === "there" && scans.value.preparing !== undefined && scans.value.series.length === 0 ? scans.value : undefined;
  return (
    <DropScans added={again}>
      {scans.state === "coming" && (last.current === undefined ? <Waiting says="Reading the scans" /> : <NoScans scans={last.current} again={again} />)}
      {scans.state === "failed" && (
        <Problem problem={scans.problem}>
          <button type="button" className="link" onClick={again}>
            Ask again
          </button>
        </Problem>
      )}
      {scans.state === "there" && (scans.value.series.length === 0 ? <NoScans scans={scans.value} again={again} /> : <Workspace scans={scans.value} />)}
    </DropScans>
  );
}
