import { useEffect } from "react";
import { useScanFiles } from "./DropScans.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { PictureList } from "./PictureList.tsx";
import type { ScanSummary } from "./scan-summary.ts";
import { Problems } from "./Problems.tsx";

/** The page before a case has scans: what belongs here, and the one thing to do. */
export function NoScans({ scans, again }: { readonly scans: ScanSummary; readonly again: () => void }) {
  const { id } = useCase();
  const { choose } = useScanFiles();
  const { preparing } = scans;
  useEffect(() => {
    if (preparing === undefined || preparing.step === "failed") return undefined;
    const later = setTimeout(again, 1000);
    return () => clearTimeout(later);
  }, [preparing, again]);
  if (preparing !== undefined && preparing.step !== "failed") {
    return (
      <div className="images-empty" role="status">
        <h1>Images</h1>
        <p>No scan of this patient is public. A synthetic phantom with the published sizes is being made, once; the other pages work meanwhile.</p>
        <p className="quiet">{preparing.step}, {Math.floor((100 * preparing.done) / preparing.of)} %</p>
        <progress max={preparing.of} value={preparing.done} aria-label="Phantom" />
      </div>
    );
  }
  return (
    <div className="images-empty">
      <h1>Images</h1>
      <p>
        Here stand the CT, MR and PET of this case in three linked planes, with contours, dose and beams over them. Drop a folder, files or a zip of DICOM on this page, or{" "}
        <button type="button" className="link" onClick={choose}>
          choose a folder
        </button>
        .
      </p>
      <PictureList id={id} pictures={scans.pictures} />
      <Problems problems={scans.problems} />
    </div>
  );
}
