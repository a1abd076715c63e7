import { useCallback, useState } from "react";
import { Problem } from "../../components/Problem.tsx";
import { Waiting } from "../../components/Waiting.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { DropScans } from "./DropScans.tsx";
import { NoScans } from "./NoScans.tsx";
import { readScans } from "./scan-door.ts";
import { useDoor } from "./use-door.ts";
import { Workspace } from "./Workspace.tsx";
import "./Images.css";

/** The scans of a case: seen, measured, and with their plan and dose. */
export function Images() {
  const { id } = useCase();
  const [reading, setReading] = useState(0);
  const scans = useDoor(`${id} ${reading}`, () => readScans(id));
  const again = useCallback(() => setReading((n) => n + 1), []);
  return (
    <DropScans added={again}>
      {scans.state === "coming" && <Waiting says="Reading the scans" />}
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
