import { useEffect, useState } from "react";

/** How far scans have come on their way into the archive. */
export interface UploadState {
  readonly step: "reading the folder" | "sending" | "reading the scans";
  readonly bytes: number;
  readonly of: number;
  readonly files?: number;
  /** On the clock of the page, ms. */
  readonly began: number;
}

/** Step, count and seconds of an upload, and how to stop it. */
export function Uploading({ upload: { step, bytes, of, files, began }, cancel }: { readonly upload: UploadState; readonly cancel: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const tick = setInterval(() => setSeconds(Math.round((performance.now() - began) / 1000)), 250);
    return () => clearInterval(tick);
  }, [began]);
  return (
    <div className="images-upload" role="status">
      <p>
        <strong>{{ "reading the folder": "Reading the folder", sending: "Sending to the archive", "reading the scans": "Reading the scans" }[step]}</strong>
        {files !== undefined && ` ${files} files,`} {mebibytes(bytes)} of {mebibytes(of)} MiB, {seconds} s
        <button type="button" className="link" onClick={cancel}>
          Stop and discard
        </button>
      </p>
      <progress max={Math.max(of, 1)} value={bytes} aria-label="Sent" />
      <p className="quiet">The case stays as it was until all is read.</p>
    </div>
  );
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0);
