import { useEffect, useId, useState, type MouseEvent } from "react";
import { HapaxError } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { historyOf, revisionOf, type Revision } from "../api.ts";
import { changedOn } from "../changed-on.ts";
import { Problem } from "../components/Problem.tsx";
import { Waiting } from "../components/Waiting.tsx";
import { changesOf, type Change } from "../forms/changes.ts";
import { closeOnEscape } from "../keys.ts";
import { go, Link, useAddress } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./History.css";

/** How many revisions, and how many changes of one, stand there before the reader asks for more. */
const revisionsAtFirst = 50;
const changesAtFirst = 20;

const asProblem = (error: unknown): HapaxError =>
  error instanceof HapaxError ? error : new HapaxError("web/unexpected", error instanceof Error ? error.message : String(error), "Reload this page; your record is on the disk.");

/** What a door gave: still on its way, there, or why not. */
type Answer<T> = { readonly is: "coming" } | { readonly is: "there"; readonly value: T } | { readonly is: "failed"; readonly problem: HapaxError };

/** Asks anew whenever the question changes; an answer to an earlier one is dropped. */
function useAnswer<T>(question: string, ask: () => Promise<T>): Answer<T> {
  const [answered, setAnswered] = useState<{ readonly question: string; readonly answer: Answer<T> }>();
  useEffect(() => {
    let here = true;
    const tell = (answer: Answer<T>) => here && setAnswered({ question, answer });
    ask().then(
      (value) => tell({ is: "there", value }),
      (error: unknown) => tell({ is: "failed", problem: asProblem(error) }),
    );
    return () => {
      here = false;
    };
    // `ask` is made anew with every drawing; the question says all that it depends on.
  }, [question]);
  return answered?.question === question ? answered.answer : { is: "coming" };
}

/** Every change of the case, newest first; each says what it changed, and can be written again as a new one. */
export function History() {
  const { id, saved } = useCase();
  const [revisions, setRevisions] = useState<readonly Revision[]>();
  const [problem, setProblem] = useState<HapaxError>();
  const [all, setAll] = useState(false);
  const [restored, setRestored] = useState<number>();
  // Those that are there stay while a change is on its way to the disk.
  useEffect(() => {
    if (saved === "saving") return;
    let here = true;
    historyOf(id).then(
      (next) => {
        if (!here) return;
        setRevisions(next.toReversed());
        setProblem(undefined);
      },
      (error: unknown) => here && setProblem(asProblem(error)),
    );
    return () => {
      here = false;
    };
  }, [id, saved]);

  const shown = all ? revisions : revisions?.slice(0, revisionsAtFirst);
  const earlier = (revisions?.length ?? 0) - revisionsAtFirst;
  return (
    <section className="history" aria-label="History">
      <div className="record-title">
        <h2>History</h2>
        <span className="quiet small">every change, newest first; nothing is ever overwritten</span>
      </div>
      <p className={restored === undefined ? "heard" : "history-told"} role="status">
        {restored !== undefined && `Revision ${restored} stands again, written as a new one. Undo takes it back.`}
      </p>
      {problem !== undefined && <Problem problem={problem} />}
      {revisions === undefined && problem === undefined && <Waiting says="Reading the history" />}
      {revisions?.length === 0 && <p className="quiet">No change is recorded.</p>}
      {shown !== undefined && shown.length > 0 && (
        <>
          <div className="history-head" aria-hidden="true">
            <span>Revision</span>
            <span>When</span>
            <span>Who</span>
            <span>What</span>
          </div>
          <ol className="history-list">
            {shown.map((revision, i) => (
              <RevisionRow
                key={revision.revision}
                revision={revision}
                latest={i === 0}
                before={revisions?.slice(i + 1).find((r) => !r.removed)?.revision}
                onRestored={setRestored}
              />
            ))}
          </ol>
        </>
      )}
      {earlier > 0 && (
        <p className="history-more">
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `Only the last ${revisionsAtFirst}` : `${earlier} earlier`}
          </button>
        </p>
      )}
    </section>
  );
}

interface RowProps {
  readonly revision: Revision;
  /** The one that stands now. */
  readonly latest: boolean;
  /** The revision that this one changed; undefined where the case began. */
  readonly before: number | undefined;
  readonly onRestored: (revision: number) => void;
}

/** A change as a row that opens in its place; which one is open stands in the address. */
function RevisionRow({ revision, latest, before, onRestored }: RowProps) {
  const { href } = useCase();
  const { query } = useAddress();
  const body = useId();
  const { revision: number, when, who, what, removed } = revision;
  const open = query.get("revision") === String(number);
  const turn = (next: boolean) => go(href("record", { part: "history", ...(next ? { revision: String(number) } : {}) }), { replace: true });
  return (
    <li className={open ? "history-row open" : "history-row"} onKeyDown={(event) => open && closeOnEscape(event, () => turn(false))}>
      <button type="button" data-row aria-expanded={open} aria-controls={body} onClick={() => turn(!open)}>
        <span className="history-number">
          <span className="heard">Revision </span>
          {number}
        </span>
        <span>{changedOn(when)}</span>
        <span className="history-who">{who}</span>
        <span>
          {what}
          {latest && <span className="quiet"> · as it stands now</span>}
        </span>
      </button>
      {open && (
        <div className="history-body" id={body}>
          {removed ? <p>The case was removed here; the revision before it can be restored.</p> : <Changes number={number} before={before} latest={latest} onRestored={onRestored} />}
        </div>
      )}
    </li>
  );
}

interface ChangesProps {
  readonly number: number;
  readonly before: number | undefined;
  readonly latest: boolean;
  readonly onRestored: (revision: number) => void;
}

function Changes({ number, before, latest, onRestored }: ChangesProps) {
  const { id, href, save } = useCase();
  const [all, setAll] = useState(false);
  const answer = useAnswer(`${number} against ${before}`, async () => {
    const [record, old] = await Promise.all([revisionOf(id, number), before === undefined ? undefined : revisionOf(id, before)]);
    return { record, changes: old === undefined ? undefined : changesOf(old, record) };
  });
  if (answer.is === "coming") return <Waiting says="Reading both revisions" />;
  if (answer.is === "failed") return <Problem problem={answer.problem} />;
  const { record, changes } = answer.value;
  const restore = (event: MouseEvent<HTMLButtonElement>) => {
    event.currentTarget.closest(".history-row")?.querySelector("button")?.focus();
    save(record, `restored revision ${number}`);
    onRestored(number);
    go(href("record", { part: "history" }), { replace: true });
  };
  const more = (changes?.length ?? 0) - changesAtFirst;
  return (
    <>
      {changes === undefined && <p>The case begins here, with {contents(record)}.</p>}
      {changes?.length === 0 && <p>Nothing in the record differs from revision {before}.</p>}
      {changes !== undefined && changes.length > 0 && (
        <ul className="history-changes" aria-label={`Changed against revision ${before}`}>
          {(all ? changes : changes.slice(0, changesAtFirst)).map((change) => (
            <ChangeItem key={`${change.is} ${change.part} ${change.kind} ${change.id}`} change={change} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <button type="button" className="link small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Only the first ${changesAtFirst}` : `${more} more`}
        </button>
      )}
      {!latest && (
        <p className="history-restore">
          <button type="button" className="button" onClick={restore}>
            Restore revision {number}
          </button>
          <span className="quiet small">as a new revision; those since then stay in the history</span>
        </p>
      )}
    </>
  );
}

function contents({ documents, timePoints, entries }: CaseRecord): string {
  const count = (n: number, one: string, many = `${one}s`) => `${n === 0 ? "no" : n} ${n === 1 ? one : many}`;
  return `${count(documents.length, "document")}, ${count(timePoints.length, "time point")} and ${count(entries.length, "entry", "entries")}`;
}

/** Where a part of the record is edited. */
const queryOf = ({ part, id }: Change): Readonly<Record<string, string>> =>
  part === "case" || part === "patient" ? { part } : { [part.replace(" ", "-")]: id };

/** Whether the record as it stands has the part still. */
function hasStill(record: CaseRecord, { part, id }: Change): boolean {
  if (part === "case" || part === "patient") return true;
  const list: readonly { readonly id: string }[] = part === "entry" ? record.entries : part === "document" ? record.documents : record.timePoints;
  return list.some((item) => item.id === id);
}

function ChangeItem({ change }: { readonly change: Change }) {
  const { record, href } = useCase();
  const { is, kind, title, fields } = change;
  return (
    <li className={is === "changed" ? undefined : "history-whole"}>
      <p>
        {kind !== title && <span className="quiet">{kind} </span>}
        {hasStill(record, change) ? <Link href={href("record", queryOf(change))}>{title}</Link> : <span className="strong">{title}</span>} {is}
      </p>
      {fields.length > 0 && (
        <dl>
          {fields.map(({ label, before, after }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {before !== undefined && <del>{before}</del>}
                {before !== undefined && after !== undefined && <span className="history-turns"> → </span>}
                {after !== undefined && <ins>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
