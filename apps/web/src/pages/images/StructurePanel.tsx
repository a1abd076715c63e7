import type { Bounds } from "@hapax/kernels";
import { Unknown } from "../../components/Unknown.tsx";
import type { ShownStructure } from "./shown.ts";
import type { StructureAnswers } from "./use-structure-work.ts";
import { signed } from "./words.ts";

interface Props {
  readonly structures: readonly ShownStructure[];
  readonly answers: StructureAnswers;
  readonly withDose: boolean;
  readonly toggle: (number: number) => void;
  readonly goTo: (number: number) => void;
}

/** The structures with their volume and dose; the box shows or hides, the name leads to the middle of the structure. */
export function StructurePanel({ structures, answers, withDose, toggle, goTo }: Props) {
  return (
    <section>
      <div className="side-head">
        <h2>Structures</h2>
        <span>{structures.length}{withDose && ", doses in Gy"}</span>
      </div>
      <div className="side-scroll" tabIndex={0} role="group" aria-label="Table of structures">
      <table className="side-structures">
        <caption className="heard">Structures with volume and dose</caption>
        <thead>
          <tr>
            <th scope="col"><span className="heard">Structure</span></th>
            <th scope="col" className="number">cm³</th>
            {withDose && (
              <>
                <th scope="col" className="number">mean</th>
                <th scope="col" className="number">D95%</th>
                <th scope="col" className="number">D0.03cc</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {structures.map((structure) => (
            <Row key={structure.number} structure={structure} answer={answers.get(structure.number)} withDose={withDose} toggle={toggle} goTo={goTo} />
          ))}
        </tbody>
      </table>
      </div>
    </section>
  );
}

interface RowProps extends Pick<Props, "withDose" | "toggle" | "goTo"> {
  readonly structure: ShownStructure;
  readonly answer: ReturnType<StructureAnswers["get"]>;
}

function Row({ structure: { number, name, color, visible, lacks, hint }, answer, withDose, toggle, goTo }: RowProps) {
  const isTarget = /^(g|c|i|p)tv/i.test(name);
  if (lacks !== undefined) {
    return (
      <tr className="side-absent">
        <th scope="row"><span className="side-swatch none" aria-hidden="true" /><span className="side-name">{name}</span></th>
        <td colSpan={withDose ? 4 : 1} className="number">{lacks}</td>
      </tr>
    );
  }
  const dose = answer?.dose;
  return (
    <tr className={visible ? undefined : "side-hidden"}>
      <th scope="row">
        <button type="button" className="side-swatch" aria-pressed={visible} aria-label={`${visible ? "Hide" : "Show"} ${name}`} style={visible ? { background: color, borderColor: color } : { borderColor: color }} onClick={() => toggle(number)} />
        <button type="button" className="side-name" title={hint ?? `To the middle of ${name}`} onClick={() => goTo(number)}>
          <span className={hint === undefined ? undefined : "side-hint"}>{name}</span>
        </button>
      </th>
      <td className="number">{answer?.volumeCc === undefined ? <Wait answer={answer} /> : cc(answer.volumeCc)}</td>
      {withDose && dose === undefined && <td colSpan={3} className="number"><Wait answer={answer} /></td>}
      {withDose && dose !== undefined && (
        <>
          <td className="number">{gy(dose.mean)}</td>
          <td className="number">{isTarget ? gy(dose.d95) : <span className="heard">not asked of an organ</span>}</td>
          <td className="number">{gy(dose.d003cc)}</td>
        </>
      )}
    </tr>
  );
}

function Wait({ answer }: { readonly answer: RowProps["answer"] }) {
  if (answer?.problem !== undefined) return <span className="undecided" title={`${answer.problem.what} ${answer.problem.remedy}`}>cannot tell</span>;
  return <span className="quiet">computing</span>;
}

const cc = (value: number): string => signed(value, value < 10 ? 1 : 0);

/** A dose that is one number, or the bounds that are certain. */
function gy({ low, high }: Bounds) {
  if (Number.isNaN(low)) return <Unknown>smaller</Unknown>;
  if (high - low < 0.005) return signed(low);
  if (!Number.isFinite(high)) return <span className="undecided" title="Part of the structure lies outside the dose grid">≥ {signed(low)}</span>;
  return <span className="undecided" title="Part of the structure lies outside the dose grid">{signed(low)} to {signed(high)}</span>;
}
