import { useState } from "react";
import type { HapaxError } from "@hapax/base";
import { Problem } from "../../components/Problem.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { addScans } from "./add-scans.ts";
import { askWorker } from "./ask-worker.ts";
import { markKept, type CalculatedDose } from "./calculated-doses.ts";
import type { DoseMaking } from "./calculation-work.ts";
import type { DoseFileAnswer, DoseFileWork } from "./dose-file-worker.ts";
import type { DoseInfo, ScanPatient } from "./scan-summary.ts";
import { asProblem } from "./use-door.ts";
import { signed } from "./words.ts";

interface Props {
  readonly id: string;
  readonly patient: ScanPatient;
  readonly dose: CalculatedDose;
  /** The dose that came with its plan. */
  readonly ofFile: DoseInfo | undefined;
  readonly compare: (calculated: string, ofFile: string) => void;
}

const begin = () => new Worker(new URL("./dose-file-worker.ts", import.meta.url), { type: "module" });

/** What a calculated dose was made from, and what can be done with it. */
export function Making({ id, patient, dose, ofFile, compare }: Props) {
  const { reload } = useCase();
  const [keeping, setKeeping] = useState(false);
  const [problem, setProblem] = useState<HapaxError>();
  const { info, making, kept } = dose;
  const keep = async () => {
    setKeeping(true);
    setProblem(undefined);
    try {
      const { bytes } = await askWorker<DoseFileWork, DoseFileAnswer>(begin, fileOf(dose, patient));
      await addScans([{ path: `${info.uid}.dcm`, file: new File([bytes], `${info.uid}.dcm`) }], id, { signal: new AbortController().signal, told: () => undefined });
      markKept(id, info.uid);
      reload();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setKeeping(false);
  };
  return (
    <div className="side-making">
      <p className="side-values"><strong>{info.label}</strong></p>
      {!making.absolute && <p className="undecided small">The plan has no monitor units: this is the dose of 1 MU of each beam, and cannot be held against a dose in Gy.</p>}
      <div className="side-line">
        {ofFile === undefined ? (
          <span className="quiet">No dose came with this plan.</span>
        ) : (
          <button type="button" disabled={!making.absolute} onClick={() => compare(info.uid, ofFile.uid)}>Compare with the dose of the file</button>
        )}
        {kept ? (
          <span role="status">Kept with the case.</span>
        ) : (
          <button type="button" disabled={keeping || !making.absolute} onClick={() => void keep()}>{keeping ? "Keeping …" : "Keep with the case"}</button>
        )}
      </div>
      {problem !== undefined && <Problem problem={problem} />}
      <ul className="side-method">
        {sentencesOf(making).map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
    </div>
  );
}

/** Machine, version, grid, cones, form and beams; the curve and every approximation are among the notes. */
function sentencesOf({ machine, gridMm, size, cones, form, seconds, fractions, absolute, beams, notes }: DoseMaking): string[] {
  return [
    `${machine.name} (${machine.id}), version ${machine.version}.`,
    `Collapsed cones, ${cones} directions; grid of ${size.join(" × ")} voxels of ${gridMm} mm.`,
    `Calculated on ${form}, in ${signed(seconds)} s.`,
    ...beams.map(({ number, name, mu, isocenterGy }) => `Beam ${number}, ${name}: ${mu === undefined ? "monitor units not recorded" : `${signed(mu)} MU in ${fractions === 1 ? "1 fraction" : `each of ${fractions} fractions`}`}${isocenterGy === undefined || !absolute ? "" : `, ${signed(isocenterGy, 2)} Gy at its isocenter${fractions === 1 ? "" : " in all"}`}.`),
    ...notes,
  ];
}

/** The RTDOSE of it: of the same patient, with what it was made from. */
function fileOf({ info, volume, making, seed }: CalculatedDose, { id, sex }: ScanPatient): DoseFileWork {
  // The server tells the page no name, and the archive goes by PatientID.
  const patient = { id: id ?? "", name: "", ...(sex !== undefined && { sex }) };
  return {
    dose: volume,
    context: { patient, seed, label: info.label, date: new Date().toISOString().slice(0, 19), synthetic: info.synthetic },
    description: { planUid: info.planUid ?? "", comment: info.label, notes: sentencesOf(making).join("\n") },
  };
}
