import { useCallback, useMemo } from "react";
import { Problem } from "../../components/Problem.tsx";
import { go, useAddress } from "../../router.tsx";
import { useCalculatedDoses, withCalculated } from "./calculated-doses.ts";
import { useCase } from "../../state/CaseState.tsx";
import { Loading } from "./Loading.tsx";
import { Refused } from "./Refused.tsx";
import { tumorOf } from "./opening-point.ts";
import { readSeries, readStructures } from "./scan-door.ts";
import type { ScanSummary } from "./scan-summary.ts";
import { SeriesChoice } from "./SeriesChoice.tsx";
import { firstStudy, knownWith, studiesOf, type Study } from "./studies.ts";
import { StudyViews } from "./StudyViews.tsx";
import { useArrival } from "./use-arrival.ts";
import { useDoor } from "./use-door.ts";
import { structureSetsOf } from "./use-structures.ts";

/** The studies of a case: one is chosen, by the reader or by the time up to which the record is known. */
export function Workspace({ scans: all }: { readonly scans: ScanSummary }) {
  const { id, record, workup } = useCase();
  const { query } = useAddress();
  const studies = useMemo(() => studiesOf(all, workup.view, record), [all, workup.view, record]);
  const calculated = useCalculatedDoses(id);
  const scans = useMemo(() => knownWith(withCalculated(all, calculated), studies), [all, calculated, studies]);
  const wanted = query.get("series");
  const study = studies.find(({ series }) => series.uid === wanted) ?? firstStudy(studies, scans) ?? studies[0];
  const choose = useCallback((uid: string) => {
    const now = new URLSearchParams(location.search);
    now.set("series", uid);
    go(`${location.pathname}?${now}`, { replace: true });
  }, []);
  const [arrived, told] = useArrival();
  const uid = study?.series.geometry.shown === "refused" ? undefined : study?.series.uid;
  const volume = useDoor(uid === undefined ? undefined : `${id} ${uid}`, async (signal) => {
    const { series } = study as Study;
    const [set] = structureSetsOf(scans, series);
    // Contours come beside the voxels, so that the study opens where they are.
    const drawn = set === undefined ? undefined : readStructures(id, set.uid).catch(() => undefined);
    const read = await readSeries(id, series, { signal, told });
    return { ...read, tumor: tumorOf((await drawn) ?? []) };
  });
  const choice = <SeriesChoice studies={studies} chosen={study} choose={choose} />;
  if (study === undefined) return <Bare choice={choice}>No scan of this case was known at this time. Choose a later time at the top.</Bare>;
  if (uid === undefined) return <Bare choice={choice}><Refused study={study} id={id} /></Bare>;
  if (volume.state === "failed") return <Bare choice={choice}><Problem problem={volume.problem} /></Bare>;
  if (volume.state === "coming") return <Bare choice={choice}><Loading arrived={arrived} /></Bare>;
  return <StudyViews key={uid} study={study} volume={volume.value.volume} tumor={volume.value.tumor} notice={volume.value.notice} studies={studies} scans={scans} choice={choice} />;
}

function Bare({ choice, children }: { readonly choice: React.ReactNode; readonly children: React.ReactNode }) {
  return (
    <div className="images">
      <div className="images-bar">
        <h1 className="heard">Images</h1>
        {choice}
      </div>
      <div className="images-bare">{children}</div>
    </div>
  );
}
