import { memo, useCallback, useMemo, useState, type ReactNode } from "react";
import type { Vec3, Volume } from "@hapax/base";
import { Problem } from "../../components/Problem.tsx";
import { CalculatePanel } from "./CalculatePanel.tsx";
import { isCalculated, useCalculatedDoses, type CalculatedDose } from "./calculated-doses.ts";
import { DifferencePanel } from "./DifferencePanel.tsx";
import type { DoseOver } from "./dose-over.ts";
import { GammaPanel } from "./GammaPanel.tsx";
import { SumPanel } from "./SumPanel.tsx";
import { DosePanel } from "./DosePanel.tsx";
import type { DoseView } from "./dose-view.ts";
import { DvhPanel, type DvhCurve } from "./DvhPanel.tsx";
import { GoalPanel } from "./GoalPanel.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { middleOf } from "./opening-point.ts";
import { PictureList } from "./PictureList.tsx";
import { Problems } from "./Problems.tsx";
import type { DoseInfo, ScanSummary } from "./scan-summary.ts";
import { StructureMeasure } from "./StructureMeasure.tsx";
import { StructurePanel } from "./StructurePanel.tsx";
import type { Study } from "./studies.ts";
import type { StudyDose } from "./use-dose.ts";
import type { StructureAnswers } from "./use-structure-work.ts";
import { structureSetsOf, type StudyStructures } from "./use-structures.ts";

interface Props {
  readonly study: Study;
  /** The voxels of the study. */
  readonly ct: Volume;
  readonly scans: ScanSummary;
  readonly dose: StudyDose;
  readonly doseView: DoseView;
  readonly setDoseView: (next: (view: DoseView) => DoseView) => void;
  readonly structures: StudyStructures;
  /** Of the second dose; undefined where there is none. */
  readonly secondNumbers: StructureAnswers | undefined;
  readonly hidden: ReadonlySet<number>;
  readonly setHidden: (next: ReadonlySet<number>) => void;
  readonly goTo: (at: Vec3) => void;
  readonly over: DoseOver | undefined;
  readonly showOver: (over: DoseOver | undefined) => void;
  readonly fusion: ReactNode;
  readonly children?: ReactNode;
}

/** What belongs to a study beside its pictures: dose, structures with their numbers, histogram and goals. */
export const SideColumn = memo(function SideColumn({ study, ct, scans, dose, doseView, setDoseView, structures, secondNumbers, hidden, setHidden, goTo, over, showOver, fusion, children }: Props) {
  const { id } = useCase();
  const { answers, list } = structures;
  const curves = useMemo(() => curvesOf(list, answers), [list, answers]);
  const secondCurves = useMemo(() => (secondNumbers === undefined ? [] : curvesOf(list, secondNumbers)), [list, secondNumbers]);
  const calculated = useCalculatedDoses(id).filter(({ info }) => info.grid.frameOfReference === study.series.frameOfReference);
  const plans = useMemo(() => {
    const sets = new Set(structureSetsOf(scans, study.series).map(({ uid }) => uid));
    return scans.plans.filter((p) => p.beams.length > 0 && (sets.has(p.structureSetUid ?? "") || dose.among.some(({ planUid }) => planUid === p.uid)));
  }, [scans, study, dose.among]);
  const showDose = useCallback((uid: string) => setDoseView((v) => ({ ...v, uid, shown: true })), [setDoseView]);
  const [compared, setCompared] = useState<{ readonly shown: string; readonly against: string }>();
  const against = compared !== undefined && compared.shown === dose.info?.uid ? compared.against : undefined;
  const compare = (shown: string, against: string) => {
    setDoseView((v) => ({ ...v, uid: shown, secondUid: against, shown: true, wash: true, lines: true }));
    setCompared({ shown, against });
    showOver(undefined);
  };
  const toggle = (number: number) => {
    const next = new Set(hidden);
    if (!next.delete(number)) next.add(number);
    setHidden(next);
  };
  const [chosen, setChosen] = useState<number>();
  const sized = list.find((s) => s.number === chosen);
  const sizedCc = chosen === undefined ? undefined : answers.get(chosen)?.volumeCc;
  const toMiddle = (number: number) => {
    setChosen(number);
    const middle = middleOf(structures.loops.get(number) ?? []);
    if (middle !== undefined) goTo(middle);
  };
  const { geometry } = study.series;
  return (
    <aside className="images-side" aria-label="Dose and structures">
      {children}
      {sized !== undefined && sizedCc !== undefined && (
        <StructureMeasure key={sized.number} name={sized.name} volumeCc={sizedCc} loops={structures.loops.get(sized.number) ?? []} spacingMm={study.series.grid === undefined ? 0 : spacingMm(study.series.grid.rows)} study={study} close={() => setChosen(undefined)} />
      )}
      {geometry.shown === "resampled" && <p className="images-notice">{geometry.notice}</p>}
      {dose.info !== undefined && (
        <DosePanel dose={dose.info} doses={dose.among} view={doseView} change={(next) => setDoseView((v) => ({ ...v, ...next }))} references={dose.references} reference={dose.reference} schemeName={dose.schemeName} scheme={dose.scheme} highest={dose.highest} goTo={goTo} />
      )}
      {plans.length > 0 && (
        <CalculatePanel
          {...{ id, study, ct, plans, calculated, compare }}
          patient={scans.patient}
          structures={structures.drawn}
          shown={dose.info}
          show={showDose}
          ofFile={(planUid) => doseOfPlan(dose.among, planUid, calculated)}
        />
      )}
      {dose.volume.state === "failed" && <Problem problem={dose.volume.problem} />}
      {dose.elsewhere.length > 0 && (
        <p className="images-notice">
          {dose.elsewhere.length === 1 ? "One dose of this case lies" : `${dose.elsewhere.length} doses of this case lie`} in another frame of reference and {dose.elsewhere.length === 1 ? "is" : "are"} not drawn here.
        </p>
      )}
      {structures.coming.state === "failed" && <Problem problem={structures.coming.problem} />}
      {list.length > 0 && <StructurePanel structures={list} answers={answers} withDose={dose.info !== undefined} toggle={toggle} goTo={toMiddle} />}
      {curves.length > 0 && dose.highest !== undefined && <DvhPanel curves={curves} second={secondCurves} highestGy={dose.highest.gy} referenceGy={dose.reference?.gy} />}
      {dose.info !== undefined && list.length > 0 && <GoalPanel goals={structures.goals} plan={dose.plan} />}
      {dose.info !== undefined && scans.doses.length > 1 && (
        <>
          <SumPanel key={dose.info.uid} id={id} scans={scans} first={dose.info} structures={structures.drawn} over={over} show={showOver} />
          <DifferencePanel key={`difference ${dose.info.uid} ${against ?? ""}`} id={id} scans={scans} shown={dose.info} values={dose.values} wholeGy={dose.reference?.gy} against={against} over={over} show={showOver} goTo={goTo} />
          <GammaPanel key={`gamma ${dose.info.uid} ${against ?? ""}`} id={id} scans={scans} reference={dose.info} values={dose.values} against={against} over={over} show={showOver} />
        </>
      )}
      {fusion}
      <PictureList id={id} pictures={scans.pictures} />
      <Problems problems={[...study.series.problems, ...(structures.set?.problems ?? []), ...(dose.info?.problems ?? []), ...scans.problems]} />
      {study.series.synthetic && <p className="side-foot">Synthetic phantom: no scan of this patient is public.</p>}
      <p className="side-foot">Research and education. Not a medical device.</p>
    </aside>
  );
});

/** The dose that came with a plan: one that another program made before one that was calculated and kept here. */
function doseOfPlan(among: readonly DoseInfo[], planUid: string, calculated: readonly CalculatedDose[]): DoseInfo | undefined {
  const own = new Set(calculated.map(({ info }) => info.uid));
  const found = among.filter((d) => d.planUid === planUid && d.summation === "PLAN" && !own.has(d.uid));
  return found.find((d) => !isCalculated(d)) ?? found[0];
}

/** Histograms of the structures that are drawn, under one dose. */
const curvesOf = (list: StudyStructures["list"], answers: StructureAnswers): DvhCurve[] =>
  list.flatMap((s): DvhCurve[] => {
    const answer = answers.get(s.number);
    return s.visible && answer?.dose !== undefined && answer.volumeCc !== undefined ? [{ name: s.name, color: s.color, dashed: s.dashed, dose: answer.dose, volumeCc: answer.volumeCc }] : [];
  });

/** Distance of the slices of a grid as JSON has it, mm. */
const spacingMm = (rows: readonly (readonly number[])[]): number => Math.hypot(...rows.map((row) => row[2] ?? 0));
