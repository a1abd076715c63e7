import { useId, useState } from "react";
import { listed, showNumber } from "@hapax/base";
import type { Finding } from "@hapax/case";
import { limitText, nextCourse, type LedgerRow, type NextCourse as Next } from "@hapax/radiobiology";
import { CardLink } from "../components/CardLink.tsx";
import { Mark } from "../components/Mark.tsx";
import "./NextCourse.css";

const numberIn = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text.replace(",", ".")));

/** What is wrong with a setting, in words; undefined where all can be used. */
function wrong(fractions: number, alphaBeta: number, recovery: number): string | undefined {
  if (!Number.isInteger(fractions) || fractions < 1 || fractions > 200) return "Fractions are a whole number from 1 to 200.";
  if (!(alphaBeta > 0 && alphaBeta <= 100)) return "α/β is above 0 and at most 100 Gy.";
  if (!(recovery >= 0 && recovery <= 100)) return "Recovery is 0 to 100 %.";
  return undefined;
}

/** Doses by which a next course stays within each published limit, as the reader sets organ, fractions, α/β and recovery. */
export function NextCourse({ rows, findings }: { readonly rows: readonly LedgerRow[]; readonly findings: readonly Finding[] }) {
  const usable = rows.filter((row) => row.limits.length > 0);
  const first = usable.find((row) => row.contributions.some((c) => c.known === "recorded")) ?? usable[0];
  const [chosen, setChosen] = useState<string>();
  const row = usable.find((r) => r.organ === chosen) ?? first;
  if (row === undefined) return null;
  return (
    <aside className="next-course" aria-label="A next course">
      <h2>A next course</h2>
      <Panel key={`${row.organ} ${row.alphaBeta} ${row.recovery}`} row={row} organs={usable} choose={setChosen} card={findings.find((f) => f.rule === "radiobiology/ledger" && f.subject === row.organ)} />
    </aside>
  );
}

interface PanelProps {
  readonly row: LedgerRow;
  readonly organs: readonly LedgerRow[];
  choose(organ: string): void;
  readonly card: Finding | undefined;
}

function Panel({ row, organs, choose, card }: PanelProps) {
  const id = useId();
  const plan = row.planned.find((p) => p.fractions !== undefined && p.dose.high !== undefined && p.dose.high > 0);
  const [fractionsText, setFractions] = useState(String(plan?.fractions ?? 20));
  const [alphaBetaText, setAlphaBeta] = useState(String(row.alphaBeta));
  const [recoveryText, setRecovery] = useState(String(row.recovery));
  const [fractions, alphaBeta, recovery] = [numberIn(fractionsText), numberIn(alphaBetaText), numberIn(recoveryText)];
  const problem = wrong(fractions, alphaBeta, recovery);
  return (
    <>
      <div className="next-fields">
        <div className="field">
          <label htmlFor={`${id}-organ`}>Organ</label>
          <select id={`${id}-organ`} value={row.organ} onChange={(e) => choose(e.target.value)}>
            {organs.map((organ) => (
              <option key={organ.organ} value={organ.organ}>
                {organ.name}
              </option>
            ))}
          </select>
        </div>
        <Setting id={`${id}-fractions`} name="Fractions" value={fractionsText} set={setFractions} />
        <Setting id={`${id}-alpha-beta`} name="α/β" unit="Gy" value={alphaBetaText} set={setAlphaBeta} />
        <Setting id={`${id}-recovery`} name="Recovery" unit="%" value={recoveryText} set={setRecovery} />
      </div>
      <div aria-live="polite">
        {problem !== undefined ? (
          <p className="next-problem">
            <Mark is="not met" says="" /> {problem}
          </p>
        ) : (
          <Left row={row} plan={plan} next={nextCourse(row, { fractions, alphaBeta, recovery })} short={nextCourse(row, { fractions: 5, alphaBeta, recovery })} />
        )}
      </div>
      <p className="next-note quiet">
        {row.samePoint ? "Assumes the same point in both courses." : "The courses may not share a point; the highest counts."}
        {card !== undefined && (
          <>
            <br />
            <CardLink to={card} className="mono">
              {card.rule}
            </CardLink>
          </>
        )}
      </p>
    </>
  );
}

interface SettingProps {
  readonly id: string;
  readonly name: string;
  readonly unit?: string;
  readonly value: string;
  set(value: string): void;
}

function Setting({ id, name, unit, value, set }: SettingProps) {
  return (
    <div className="field next-setting">
      <label htmlFor={id}>{name}</label>
      <span>
        <input id={id} inputMode="decimal" autoComplete="off" value={value} onChange={(e) => set(e.target.value)} />
        {unit !== undefined && <span aria-hidden="true">{unit}</span>}
      </span>
    </div>
  );
}

interface LeftProps {
  readonly row: LedgerRow;
  readonly plan: LedgerRow["planned"][number] | undefined;
  readonly next: Next;
  /** The same in 5 fractions. */
  readonly short: Next;
}

/** "54 and 60" */

function Left({ row, plan, next, short }: LeftProps) {
  const open = row.contributions.filter((c) => c.eqd2.low !== c.eqd2.high);
  const binding = row.binding?.key;
  const inFive = next.fractions !== 5;
  return (
    <>
      <table className="next-limits">
        <caption className="heard">
          What is left under each published limit of {row.name}, {open.length > 0 ? "if the doses not recorded were none" : "after all courses"}
        </caption>
        <thead>
          <tr>
            <th scope="col">Cumulative limit</th>
            <th scope="col" className="number">
              EQD2 left
            </th>
            <th scope="col" className="number">
              Gy in {next.fractions}
            </th>
            {inFive && (
              <th scope="col" className="number">
                in 5
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {next.rows.map(({ limit, most }, i) => (
            <tr key={limit.key} className={limit.key === binding ? "next-binding" : undefined}>
              <th scope="row">
                <strong>{limitText(limit)}</strong> {limit.name}
                {limit.detail !== undefined && `, ${limit.detail}`}
              </th>
              <td className="number">{showNumber(most.left, 1)}</td>
              <td className={limit.key === binding ? "number strong" : "number"}>{most.left === 0 ? "none" : showNumber(most.dose, 1)}</td>
              {inFive && <td className="number">{most.left === 0 ? "none" : showNumber(short.rows[i]?.most.dose ?? 0, 1)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {plan !== undefined && <Asked row={row} plan={plan} next={next} />}
      {open.length > 0 && <InFull row={row} next={next} open={open} />}
    </>
  );
}

/** The share of a planned course that the organ may take under the limits at which a board starts. */
function Asked({ row, plan, next }: { readonly row: LedgerRow; readonly plan: NonNullable<LeftProps["plan"]>; readonly next: Next }) {
  const { fractions } = plan;
  const dose = plan.dose.high;
  if (fractions === undefined || dose === undefined) return null;
  const shares = nextCourse(row, { fractions, alphaBeta: next.alphaBeta, recovery: next.recovery }).rows.filter((r) => r.limit.leading === true);
  if (shares.length === 0) return null;
  const says = shares.map((r, i) => `${Math.min(100, Math.round((100 * r.most.dose) / dose))} %${i === 0 ? " of it" : ""} under ${limitText(r.limit)}`);
  return (
    <p className="next-note">
      Asked: {plan.label}. The {row.short.toLowerCase()} may take {listed(says)}.
    </p>
  );
}

/** What is left if the courses whose dose to the organ is not recorded reached it in full. */
function InFull({ row, next, open }: { readonly row: LedgerRow; readonly next: Next; readonly open: LedgerRow["contributions"] }) {
  const names = listed(open.map((c) => c.label));
  const gone = next.rows.filter((r) => r.least?.left === 0);
  const least = next.rows.find((r) => r.least !== undefined && r.least.left > 0);
  const organ = row.short.toLowerCase();
  return (
    <p className="next-note next-open">
      <Mark is="undecided" />
      <span>
        {next.cumulative.high === undefined ? (
          `What ${names} gave to the ${organ} has no bound: this is the most that may be left.`
        ) : (
          <>
            If {names} reached the {organ} in full, the sum is {showNumber(next.cumulative.high, 1)} Gy:{" "}
            {gone.length > 0 && `nothing is left under ${listed(gone.map((r) => limitText(r.limit)))}`}
            {gone.length > 0 && least !== undefined && "; "}
            {least?.least !== undefined && `${showNumber(least.least.dose, 1)} Gy in ${next.fractions} would be left under ${limitText(least.limit)}`}.
          </>
        )}
      </span>
    </p>
  );
}
