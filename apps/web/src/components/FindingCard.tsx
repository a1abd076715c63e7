import { useId, useState, type ReactNode } from "react";
import { keyOf, titleOf, type Assumption, type Finding, type Missing, type Reason } from "@hapax/case";
import { shortName, type Reference } from "@hapax/references";
import { fileOf } from "@hapax/workup";
import { closeOnEscape } from "../keys.ts";
import { go, Link, useAddress } from "../router.tsx";
import { useCase, type Value } from "../state/CaseState.tsx";
import { choiceScale } from "./choice-scale.ts";
import { FigureView } from "./FigureView.tsx";
import { Mark, statusInWords } from "./Mark.tsx";
import { placeOf } from "./Quote.tsx";
import { ValueText } from "./ValueText.tsx";
import "./FindingCard.css";

interface Props {
  readonly finding: Finding;
  /** In place of the question, where the page around it already says half of it. */
  readonly label?: string;
  /** In place of value and because, where a page lays them out its own way. */
  readonly children?: ReactNode;
}

/**
 * One finding everywhere: a row that says what, and opens in its place to say why, what is missing, what was taken as
 * given and where it comes from. Which one is open stands in the address, so a link keeps it.
 */
export function FindingCard({ finding, label, children }: Props) {
  const { plain } = useCase();
  const { query } = useAddress();
  const body = useId();
  const key = keyOf(finding);
  const open = query.getAll("open").includes(key);
  const before = plain.byKey[key];
  const changed = before !== undefined && before.text !== finding.text;

  const turn = (next: boolean) => {
    const now = new URLSearchParams(location.search);
    const others = now.getAll("open").filter((one) => one !== key);
    now.delete("open");
    for (const one of next ? [...others, key] : others) now.append("open", one);
    go(location.pathname + (now.size > 0 ? `?${now}` : ""), { replace: true });
  };

  return (
    <li className={open ? "finding open" : "finding"} onKeyDown={(event) => open && closeOnEscape(event, () => turn(false))} data-rule={finding.rule} data-finding={key}>
      <button type="button" className="finding-row" data-row aria-expanded={open} aria-controls={body} onClick={() => turn(!open)}>
        <span className="heard">{statusInWords[finding.status]}: </span>
        <Mark is={finding.status} says="" />
        <span className="finding-question">{label ?? finding.question}</span>
        {children ?? <ValueAndBrief finding={finding} changed={changed} />}
      </button>
      {open && (
        <div className="finding-body" id={body}>
          {changed && (
            <p className="finding-before">
              Before <span className="finding-struck">{before.text}</span> → now <strong>{finding.text}</strong>
            </p>
          )}
          <FindingBody finding={finding} />
        </div>
      )}
    </li>
  );
}

function ValueAndBrief({ finding, changed }: { readonly finding: Finding; readonly changed: boolean }) {
  return (
    <>
      <span className="finding-value">
        <ValueText finding={finding} />
        {changed && (
          <span className="finding-changed">
            <span className="heard">, changed by you</span>
          </span>
        )}
      </span>
      <span className="finding-brief">
        <span className="finding-words">{finding.brief}</span>
        {finding.unverified !== undefined && finding.unverified.length > 0 && (
          <span className="finding-doubt">
            {" · "}
            <span className="unverified">unverified</span>
          </span>
        )}
      </span>
    </>
  );
}

/** What an open finding says; its parts appear only where there is something to say. */
function FindingBody({ finding }: { readonly finding: Finding }) {
  const { record, href } = useCase();
  const scale = choiceScale(finding);
  const entries = [...new Set(finding.because.flatMap((reason) => reason.entries ?? []))].flatMap((id) => record.entries.find((e) => e.id === id) ?? []);
  const said = finding.stated !== undefined || finding.missing.length > 0 || (finding.caveats?.length ?? 0) > 0;
  return (
    <div className={said ? "finding-parts" : "finding-parts two"}>
      <div>
        {finding.because.length > 0 && (
          <section>
            <h3>Because</h3>
            <ul className="finding-list">
              {finding.because.map((reason, i) => (
                <BecauseLine key={i} reason={reason} />
              ))}
            </ul>
          </section>
        )}
        {scale !== undefined && (
          <div className="finding-scale">
            <FigureView figure={scale} />
          </div>
        )}
        {scale === undefined && finding.table !== undefined && <FindingTableView table={finding.table} />}
        {entries.length > 0 && (
          <p className="place finding-entries">
            Rests on{" "}
            {entries.map((entry, i) => (
              <span key={entry.id}>
                {i > 0 && ", "}
                <Link href={href("record", { entry: entry.id })}>{titleOf(entry)}</Link>
              </span>
            ))}
          </p>
        )}
      </div>
      {said && (
        <div>
          {finding.stated !== undefined && (
            <section>
              <h3>Stated</h3>
              {(finding.stated.from ?? []).length === 0 && <p className="quote">“{finding.stated.text}”</p>}
              {finding.stated.from?.map((from) => (
                <div key={from.place}>
                  <p className="quote">“{from.wording ?? finding.stated?.text}”</p>
                  <p className="place">{placeOf(from, record)}</p>
                </div>
              ))}
            </section>
          )}
          {finding.missing.length > 0 && (
            <section>
              <h3>Missing</h3>
              <ul className="finding-list">
                {finding.missing.map((missing) => (
                  <MissingLine key={missing.input} missing={missing} />
                ))}
              </ul>
            </section>
          )}
          {finding.caveats !== undefined && finding.caveats.length > 0 && (
            <section>
              <h3>Mind</h3>
              <ul className="finding-list">
                {finding.caveats.map((caveat) => (
                  <li key={caveat}>{caveat}</li>
                ))}
              </ul>
            </section>
          )}
        </div>
      )}
      <div>
        {finding.assumptions.length > 0 && (
          <section>
            <h3>Assumptions</h3>
            {finding.assumptions.map((assumption) => (
              <AssumptionField key={assumption.key} assumption={assumption} />
            ))}
          </section>
        )}
        <section>
          <h3>Source</h3>
          <ul className="finding-list">
            {finding.source.map((reference) => (
              <SourceLine key={reference.key} reference={reference} />
            ))}
            {finding.source.length === 0 && <li>the record alone</li>}
          </ul>
          {finding.unverified?.map((words) => (
            <p key={words} className="place">
              <span className="unverified">unverified</span> {words}
            </p>
          ))}
          <p>
            <Link className="mono" href={href("board", { open: keyOf(finding) })} title={`${fileOf(finding.rule)}; ./hapax explain ${finding.rule}`}>
              {finding.rule}
            </Link>
          </p>
          <p className="place finding-file">{fileOf(finding.rule)}</p>
        </section>
      </div>
    </div>
  );
}

function BecauseLine({ reason }: { readonly reason: Reason }) {
  const mark = "met" in reason ? (reason.met === true ? "met" : reason.met === false ? "out of scope" : "not recorded") : undefined;
  const says = { met: "met", "out of scope": "not met", "not recorded": "not recorded" } as const;
  return (
    <li className={mark === undefined ? undefined : "finding-feature"}>
      {mark !== undefined && <Mark is={mark === "met" ? "determined" : mark} says={says[mark]} />}
      <span>{reason.text}</span>
    </li>
  );
}

function MissingLine({ missing }: { readonly missing: Missing }) {
  const is = missing.state === "not performed" ? "not performed" : missing.state === "uncertain" ? "undecided" : "not recorded";
  return (
    <li className="finding-feature">
      <Mark is={is} says={missing.state ?? "not recorded"} />
      <span>
        {missing.input} <span className="quiet">decides {missing.decides}</span>
      </span>
    </li>
  );
}

function SourceLine({ reference }: { readonly reference: Reference }) {
  const where = `${reference.authors} (${reference.year}). ${reference.title}. ${reference.where}`;
  const name = <span className={reference.read === "recalled" ? "unverified" : undefined}>{shortName(reference)}</span>;
  return (
    <li title={where}>
      {reference.doi === undefined ? (
        name
      ) : (
        <a href={`https://doi.org/${reference.doi}`} target="_blank" rel="noreferrer">
          {name}
        </a>
      )}
      {reference.read !== "read" && <span className="quiet"> {reference.read === "recalled" ? "recalled, unverified" : "second-hand"}</span>}
    </li>
  );
}

/** How many rows of a table stand in an open card before the reader asks for the rest. */
const rowsAtFirst = 8;

function FindingTableView({ table }: { readonly table: NonNullable<Finding["table"]> }) {
  const [all, setAll] = useState(false);
  const body = useId();
  const more = table.rows.length - rowsAtFirst;
  return (
    <div className="finding-table">
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody id={body}>
          {(all ? table.rows : table.rows.slice(0, rowsAtFirst)).map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <button type="button" className="link small" aria-expanded={all} aria-controls={body} onClick={() => setAll(!all)}>
          {all ? `Only the first ${rowsAtFirst} rows` : `${more} more ${more === 1 ? "row" : "rows"}`}
        </button>
      )}
    </div>
  );
}

/** An assumption, which the reader changes here; every finding that rests on it follows. */
export function AssumptionField({ assumption }: { readonly assumption: Assumption }) {
  const { assume, setAssume } = useCase();
  const id = useId();
  const touched = Object.hasOwn(assume, assumption.key);
  const options = [...new Set<Value>([...(assumption.options ?? []), assumption.value])];
  const choose = (text: string) => {
    const option = options.find((one) => String(one) === text);
    if (option !== undefined) setAssume(assumption.key, option);
  };
  const words = (value: Value) => (typeof value === "boolean" ? (value ? "yes" : "no") : `${value}${assumption.unit === undefined ? "" : ` ${assumption.unit}`}`);
  if (assumption.options === undefined && typeof assumption.value === "string") {
    return (
      <p className="assumption">
        {assumption.name}: {assumption.value} <span className="place">{assumption.why}</span>
      </p>
    );
  }
  return (
    <div className="assumption">
      <label htmlFor={id} className="place">
        {assumption.name}
      </label>
      <div className="assumption-field">
        {typeof assumption.value === "boolean" ? (
          <input id={id} type="checkbox" checked={assumption.value} onChange={(e) => setAssume(assumption.key, e.target.checked)} />
        ) : typeof assumption.value === "number" && assumption.options === undefined ? (
          <input
            id={id}
            type="number"
            step="any"
            value={assumption.value}
            onChange={(e) => Number.isFinite(e.target.valueAsNumber) && setAssume(assumption.key, e.target.valueAsNumber)}
          />
        ) : (
          <select id={id} value={String(assumption.value)} onChange={(e) => choose(e.target.value)}>
            {options.map((option) => (
              <option key={String(option)} value={String(option)}>
                {words(option)}
              </option>
            ))}
          </select>
        )}
        {touched && (
          <button type="button" className="link small" onClick={() => setAssume(assumption.key, undefined)}>
            put back
          </button>
        )}
      </div>
      <p className="place">{assumption.why}</p>
    </div>
  );
}
