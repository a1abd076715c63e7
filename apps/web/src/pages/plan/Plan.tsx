import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { HapaxError } from "@hapax/base";
import { Problem } from "../../components/Problem.tsx";
import { Waiting } from "../../components/Waiting.tsx";
import { go, Link, useAddress } from "../../router.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { isPosition } from "../images/patient-position.ts";
import { readScans } from "../images/scan-door.ts";
import type { ScanSummary } from "../images/scan-summary.ts";
import { firstStudy, knownWith, studiesOf, type Study } from "../images/studies.ts";
import { useDoor, type Coming } from "../images/use-door.ts";
import { structureSetsOf } from "../images/use-structures.ts";
import { readPlans, withKnown, type PlansOfCase } from "./plan-door.ts";
import { PlanWorkspace } from "./PlanWorkspace.tsx";
import "../images/Images.css";
import "./Plan.css";

/** While the server makes the plans of a case itself, it is asked again this often, ms. */
const againMs = 2000;

/** Plans of a case: prescribed, optimized, judged and compared. */
export function Plan() {
  const { id } = useCase();
  const [reading, setReading] = useState({ scans: 0, plans: 0 });
  const again = useCallback(() => setReading(({ scans, plans }) => ({ scans: scans + 1, plans: plans + 1 })), []);
  const scans = useLast(id, useDoor(`${id} ${reading.scans}`, () => readScans(id)));
  const known = useRef<PlansOfCase>(undefined);
  const plans = useLast(id, useDoor(`${id} ${reading.plans}`, async () => (known.current = withKnown(known.current, await readPlans(id)))));
  const making = isMaking(plans.value?.preparing);
  const waiting = isMaking(scans.value?.preparing) && scans.value?.series.length === 0;
  useEffect(() => {
    if (!making && !waiting) return undefined;
    const later = setTimeout(() => setReading((now) => ({ scans: now.scans + Number(waiting), plans: now.plans + 1 })), againMs);
    return () => clearTimeout(later);
  }, [making, waiting, plans.value, scans.value]);
  // Plans bring their doses among the scans; the scans are read again for them, and not each time that is asked how far they are.
  const count = plans.value?.plans.length;
  const counted = useRef<number>(undefined);
  useEffect(() => {
    if (count === undefined) return;
    const more = counted.current !== undefined && counted.current !== count;
    counted.current = count;
    if (more) setReading((now) => ({ ...now, scans: now.scans + 1 }));
  }, [count]);
  const problem = scans.problem ?? plans.problem;
  if (problem !== undefined) {
    return (
      <div className="plan-bare">
        <h1>Plan</h1>
        <Problem problem={problem}>
          <button type="button" className="link" onClick={again}>Ask again</button>
        </Problem>
      </div>
    );
  }
  if (scans.value === undefined || plans.value === undefined) return <Waiting says="Reading the plans" />;
  return <ChosenStudy scans={scans.value} plans={plans.value} again={again} />;
}

const isMaking = (preparing: PlansOfCase["preparing"]): boolean => preparing !== undefined && preparing.step !== "failed";

/** What a door gave last for a case stands until its next answer is there. */
function useLast<T>(id: string, coming: Coming<T>): { readonly value?: T; readonly problem?: HapaxError } {
  const last = useRef<{ readonly id: string; readonly value: T }>(undefined);
  if (coming.state === "there") last.current = { id, value: coming.value };
  if (coming.state === "failed") return { problem: coming.problem };
  return last.current?.id === id ? { value: last.current.value } : {};
}

interface Props {
  readonly scans: ScanSummary;
  readonly plans: PlansOfCase;
  readonly again: () => void;
}

/** The CT that is planned on: by the address, else the latest with contours. */
function ChosenStudy({ scans: all, plans, again }: Props) {
  const { id, record, workup } = useCase();
  const { query } = useAddress();
  const studies = useMemo(() => studiesOf(all, workup.view, record), [all, workup.view, record]);
  const scans = useMemo(() => knownWith(all, studies), [all, studies]);
  const fit = useMemo(() => studies.filter((one) => lackOf(one, scans) === undefined), [studies, scans]);
  const planned = fit.filter(({ series }) => plans.plans.some(({ made }) => made.madeFrom.ct === series.uid));
  const study = fit.find(({ series }) => series.uid === query.get("series")) ?? planned.at(-1) ?? firstStudy(fit, scans);
  const choose = useCallback((uid: string) => {
    const now = new URLSearchParams(location.search);
    now.set("series", uid);
    go(`${location.pathname}?${now}`, { replace: true });
  }, []);
  if (study === undefined) return <NoStudy studies={studies} scans={scans} plans={plans} />;
  return <PlanWorkspace key={`${id} ${study.series.uid}`} {...{ scans, plans, study, studies: fit, choose, again }} />;
}

/** Why no plan can be made on a study, in words; undefined where one can. */
function lackOf({ series }: Study, scans: ScanSummary): string | undefined {
  if (series.modality !== "CT") return "only a CT says how dense a voxel is";
  if (series.geometry.shown === "refused") return "the CT cannot be read as a volume";
  if (!isPosition(series.patientPosition)) return "the CT does not say how the patient lay (PatientPosition)";
  return structureSetsOf(scans, series).length === 0 ? "no contours are drawn on it" : undefined;
}

function NoStudy({ studies, scans, plans }: { readonly studies: readonly Study[]; readonly scans: ScanSummary; readonly plans: PlansOfCase }) {
  const { href } = useCase();
  const preparing = scans.preparing ?? plans.preparing;
  if (preparing !== undefined && preparing.step !== "failed") {
    return (
      <div className="plan-bare" role="status">
        <h1>Plan</h1>
        <p>No scan of this patient is public. A synthetic phantom with the published sizes is being made, once, and its courses are planned on it; the other pages work meanwhile.</p>
        <p className="quiet">{preparing.step}, {Math.floor((100 * preparing.done) / preparing.of)} %</p>
        <progress max={preparing.of} value={preparing.done} aria-label="Phantom" />
      </div>
    );
  }
  const [first] = studies;
  const why = first === undefined ? "This case has no scans yet." : `No study of this case can be planned on: ${lackOf(studies.find(({ series }) => series.modality === "CT") ?? first, scans)}.`;
  return (
    <div className="plan-bare">
      <h1>Plan</h1>
      <p>
        Here radiotherapy is planned on a CT of this case with contours of target and organs: prescribed by a template or by hand, optimized, judged against its goals, and kept as a revision. {why} <Link href={href("images")}>Add scans on the page images</Link>
      </p>
    </div>
  );
}
