import { useState } from "react";
import type { Added, OfSeveral } from "./add-scans.ts";
import "./Uploading.css";

interface Props {
  readonly of: OfSeveral;
  readonly taking: (answer: Promise<Added | OfSeveral>) => void;
  readonly discard: () => void;
}

/** Files of several patients: whose are meant. */
export function ChoosePatient({ of, taking, discard }: Props) {
  const [patient, setPatient] = useState(of.patients[0] ?? "");
  return (
    <div className="images-added" role="status">
      <p>
        The files are of {of.patients.length} patients, and a case is of one.{" "}
        <label>
          Take in those of{" "}
          <select value={patient} onChange={(event) => setPatient(event.target.value)}>
            {of.patients.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </label>{" "}
        <button type="button" className="button main" onClick={() => taking(of.take(patient))}>Take in</button>
        <button type="button" className="link" onClick={discard}>Discard</button>
      </p>
    </div>
  );
}
