import type { DoseScheme } from "@hapax/figures";
import type { ReactNode } from "react";
import type { Vec3 } from "@hapax/base";
import { schemeNames, type SchemeName } from "./dose-levels.ts";
import type { DoseView } from "./dose-view.ts";
import type { ReferenceDose } from "./reference-dose.ts";
import type { DoseInfo } from "./scan-summary.ts";
import type { StudyDose } from "./use-dose.ts";
import { signed } from "./words.ts";

interface Props {
  readonly dose: DoseInfo;
  readonly doses: readonly DoseInfo[];
  readonly view: DoseView;
  readonly change: (next: Partial<DoseView>) => void;
  readonly references: readonly ReferenceDose[];
  readonly reference: ReferenceDose | undefined;
  readonly schemeName: SchemeName;
  readonly scheme: DoseScheme;
  readonly highest: StudyDose["highest"];
  readonly goTo: (at: Vec3) => void;
  readonly children?: ReactNode;
}

/** The dose: what is 100 %, its bands with their Gy, and how much of it is drawn. */
export function DosePanel({ dose, doses, view, change, references, reference, schemeName, scheme, highest, goTo, children }: Props) {
  return (
    <section>
      <div className="side-head">
        <h2>Dose</h2>
        <span>
          {reference === undefined ? "prescription not in the files" : `${reference.because} ${signed(reference.gy)} Gy`}
          {highest !== undefined && (
            <>
              , <button type="button" className="side-switch" title="To the highest dose" onClick={() => goTo(highest.at)}>Dmax {signed(highest.gy, 2)} Gy</button>
            </>
          )}
          {dose.summation === "FRACTION" && ", dose of one fraction"}
        </span>
      </div>
      {dose.comment !== undefined && <p className="quiet small">{dose.comment}</p>}
      {dose.notes !== undefined && (
        <details className="side-notes">
          <summary className="quiet small">What its file says of it</summary>
          <ul className="side-method">{dose.notes.split(/\r?\n/).map((line) => <li key={line}>{line}</li>)}</ul>
        </details>
      )}
      {doses.length > 1 && (
        <label className="side-line">
          <span>Shown</span>
          <select value={dose.uid} onChange={(event) => change({ uid: event.target.value })}>
            {doses.map((d, i) => <option key={d.uid} value={d.uid}>{doseName(d, i)}</option>)}
          </select>
        </label>
      )}
      {doses.length > 1 && (
        <div className="side-line">
          <label>
            <span>Dashed</span>
            <select value={view.secondUid ?? ""} onChange={(event) => change({ secondUid: event.target.value || undefined })}>
              <option value="">no second dose</option>
              {doses.map((d, i) => d.uid !== dose.uid && <option key={d.uid} value={d.uid}>{doseName(d, i)}</option>)}
            </select>
          </label>
        </div>
      )}
      <Bands scheme={scheme} reference={reference} />
      <div className="side-line">
        <label><input type="checkbox" checked={view.wash} onChange={(event) => change({ wash: event.target.checked })} /> Wash</label>
        <label><input type="checkbox" checked={view.lines} onChange={(event) => change({ lines: event.target.checked })} /> Lines</label>
        <input type="range" min={5} max={90} value={Math.round(view.share * 100)} aria-label="Opacity of the wash" onChange={(event) => change({ share: Number(event.target.value) / 100 })} />
        <span className="number">{Math.round(view.share * 100)} %</span>
      </div>
      <div className="side-line">
        {reference !== undefined && (
          <select aria-label="Levels" value={schemeName} onChange={(event) => change({ scheme: event.target.value as SchemeName })}>
            {schemeNames.map((name) => <option key={name} value={name}>Levels: {name}</option>)}
          </select>
        )}
        {references.length > 1 ? (
          <select aria-label="What is 100 %" value={reference?.gy} onChange={(event) => change({ statedGy: Number(event.target.value) })}>
            {references.map((r) => <option key={r.gy} value={r.gy}>100 % is {signed(r.gy)} Gy</option>)}
          </select>
        ) : (
          references.length === 0 && (
            <label>
              100 % is{" "}
              <input className="side-gy" inputMode="decimal" placeholder="not said" defaultValue={view.statedGy ?? ""} onBlur={(event) => change({ statedGy: grays(event.target.value) })} onKeyDown={(event) => event.key === "Enter" && change({ statedGy: grays(event.currentTarget.value) })} /> Gy
            </label>
          )
        )}
      </div>
      {children}
    </section>
  );
}

export const doseName = ({ label, comment }: DoseInfo, i: number): string => label || comment || `Dose ${i + 1}`;

function grays(text: string): number | undefined {
  const gy = Number(text.replace(",", "."));
  return Number.isFinite(gy) && gy > 0 && gy <= 300 ? gy : undefined;
}

/** One field for each band of the wash, with where it begins. */
function Bands({ scheme, reference }: Pick<Props, "scheme" | "reference">) {
  const washed = scheme.filter(({ drawn }) => drawn !== "line").toReversed();
  const many = washed.length > 4;
  return (
    <ol className={many ? "side-bands many" : "side-bands"}>
      {washed.map(({ percent, color }, i) => (
        <li key={percent}>
          <span className="side-band" style={{ background: color }} />
          {reference === undefined ? `${percent} Gy` : many ? `${percent}` : bandWords(washed, i)}
          {!many && reference !== undefined && (
            <span className="side-band-gy">{signed((percent / 100) * reference.gy)} Gy</span>
          )}
        </li>
      ))}
    </ol>
  );
}

const bandWords = (rising: DoseScheme, i: number): string => {
  const [from, to] = [rising[i]?.percent, rising[i + 1]?.percent];
  return to === undefined ? `from ${from} %` : `${from}–${to} %`;
};

