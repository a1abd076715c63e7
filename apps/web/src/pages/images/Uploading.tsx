import { useEffect, useState } from "react";
import "./Uploading.css";

/** How far scans have come on their way into the archive. */
export interface UploadState {
  readonly step: "reading the folder" | "sending" | "receiving" | "checking files" | "reading scans" | "done";
  readonly bytes: number;
  readonly of: number;
  readonly files?: number;
  /** Files that were looked into. */
  readonly checked?: number;
  /** On the clock of the page, ms. */
  readonly began: number;
}

const steps: Readonly<Record<UploadState["step"], string>> = {
  "reading the folder": "Reading the folder",
  sending: "Sending to the archive",
  receiving: "Sending to the archive",
  "checking files": "Looking into each file",
  "reading scans": "Reading the scans",
  done: "Reading the scans",
};

/** Step, count and seconds of an upload, and how to stop it. */
export function Uploading({ upload: { step, bytes, of, files, checked, began }, cancel }: { readonly upload: UploadState; readonly cancel: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const tick = setInterval(() => setSeconds(Math.round((performance.now() - began) / 1000)), 250);
    return () => clearInterval(tick);
  }, [began]);
  const looking = step === "checking files" && checked !== undefined && files !== undefined;
  return (
    <div className="images-upload" role="status">
      <p>
        <strong>{steps[step]}:</strong> {looking ? `${checked} of ${files} files` : `${files === undefined ? "" : `${files} files, `}${mebibytes(bytes)} of ${mebibytes(of)} MiB`}, {seconds} s
        <button type="button" className="link" onClick={cancel}>
          Stop and discard
        </button>
      </p>
      <progress max={looking ? files : Math.max(of, 1)} value={looking ? checked : bytes} aria-label={steps[step]} />
      <p className="quiet">The case stays as it is until all is read.</p>
    </div>
  );
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0);
