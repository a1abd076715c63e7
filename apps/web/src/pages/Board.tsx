import { useMemo, useState } from "react";
import { cordChart, diameterChart, drugLevelChart, hemoglobinChart, type Figure } from "@hapax/figures";
import { keyOf, known, titleOf, type CaseView, type Finding } from "@hapax/case";
import type { OpenQuestion, NotDone, DecisionBeside } from "@hapax/workup";
import { FigureView } from "../components/FigureView.tsx";
import { FindingCard } from "../components/FindingCard.tsx";
import { Mark } from "../components/Mark.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { figureDataOf } from "@hapax/report";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { Readings } from "./Readings.tsx";
import "./Board.css";

/** After the schemes of the tumor: what a board asks next, and how many answers of each rule stand on this page. */
const asked: readonly (readonly [rule: string, rows: number])[] = [
  ["staging/ajcc8", 1],
  ["staging/fnclcc", 1],
  ["imaging/recist11", 2],
  ["radiobiology/eqd2", 1],
  ["radiobiology/next-course", 1],
  ["systemic/sirolimus-level", 1],
  ["labs/anemia", 1],
];

const silent: ReadonlySet<Finding["status"]> = new Set(["out of scope", "not applicable", "pending"]);
const answers = (finding: Finding) => !silent.has(finding.status) && finding.status !== "not recorded";

/** Findings of a rule that say something, what contradicts first. */
const ofRule = (findings: readonly Finding[], rule: string) =>
  findings
    .filter((f) => f.rule === rule && answers(f))
    .sort((a, b) => Number(b.status === "contradiction") - Number(a.status === "contradiction"));

/** The findings that a clinician reads first: what the schemes of the tumor answer, then what a board asks. */
function first(findings: readonly Finding[], tumorRules: readonly string[]): Finding[] {
  const schemes = tumorRules.flatMap((rule) => ofRule(findings, rule));
  // One row for each answer: schemes that agree stand together on the page of pathology.
  const chosen = schemes.filter((f, i) => schemes.findIndex((other) => other.text === f.text && other.status === f.status) === i).slice(0, 3);
  return [...chosen, ...asked.flatMap(([rule, rows]) => ofRule(findings, rule).slice(0, rows))];
}

/** Who, what, where now; what is open, what is contradictory. */
export function Board() {
  const { workup } = useCase();
  const { findings, tumor, lead, open, notDone, decisions } = workup;
  const [all, setAll] = useState(false);
  const rows = first(findings, tumor?.rules.map((r) => r.id) ?? []);
  const rest = findings.filter((f) => !rows.includes(f) && !f.rule.startsWith("audit/"));
  const contradictory = findings.filter((f) => f.rule.startsWith("audit/") && f.status === "contradiction");
  return (
    <div className="board">
      <div className="board-main">
        <h1 className="board-lead">{lead}</h1>
        <Multiples />
        <h2 className="heard">Findings</h2>
        {rows.length > 0 ? (
          <ul className="findings">
            {rows.map((finding) => (
              <FindingCard key={keyOf(finding)} finding={finding} />
            ))}
          </ul>
        ) : (
          <Nothing />
        )}
        {rest.length > 0 && (
          <>
            <p className="board-rest">
              <button type="button" className="link small" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? "Only the first findings" : `All ${rows.length + rest.length} findings`}
              </button>
            </p>
            {all && (
              <ul className="findings quiet-top">
                {rest.map((finding) => (
                  <FindingCard key={keyOf(finding)} finding={finding} />
                ))}
              </ul>
            )}
          </>
        )}
        {decisions.length > 0 && <Decisions decisions={decisions} view={workup.view} />}
      </div>
      <aside className="board-side" aria-label="Contradictory, open and not given">
        <Contradictory findings={contradictory} />
        <Open questions={open} />
        <NotGiven items={notDone} />
      </aside>
    </div>
  );
}

/** Four charts on the same order of time, each only where the record has something to draw. */
function Multiples() {
  const { workup } = useCase();
  const charts = useMemo((): readonly Figure[] => {
    const { view, findings } = workup;
    const options = { ...figureDataOf(workup), width: 202, height: 172 };
    return [
      ...(view.all("measurement").length > 0 ? [diameterChart(view, findings, options)] : []),
      ...(view.all("drugLevel").length > 0 ? [drugLevelChart(view, findings, options)] : []),
      ...(view.all("lab").some((l) => /h(a)?emoglobin/i.test(l.analyte)) ? [hemoglobinChart(view, findings, options)] : []),
      ...(view.all("radiotherapy").length > 0 ? [cordChart(view, findings, options)] : []),
    ];
  }, [workup]);
  if (charts.length === 0) return null;
  return (
    <div className="board-multiples">
      {charts.map((figure) => (
        <FigureView key={figure.name} figure={figure} />
      ))}
    </div>
  );
}

/** What belongs here when the record says nothing yet. */
function Nothing() {
  const { href } = useCase();
  return (
    <p className="board-nothing">
      Findings appear here as soon as the record has something to compute from: a histology, a size, a level, a course.{" "}
      <Link href={href("record")}>Fill in the record</Link>
    </p>
  );
}

function Decisions({ decisions, view }: { readonly decisions: readonly DecisionBeside[]; readonly view: CaseView }) {
  const { href } = useCase();
  return (
    <section className="board-decisions">
      <div className="group-head">
        <h2>Decisions</h2>
        <span>as recorded, beside what the numbers say</span>
      </div>
      <ul>
        {decisions.map(({ decision, findings }) => {
          const from = decision.because?.from ?? decision.from;
          const wording = from?.find((f) => f.wording !== undefined)?.wording;
          const because = known(decision.because);
          return (
            <li key={decision.id} className="board-decision">
              <h3>
                <Link className="plain" href={href("record", { entry: decision.id })}>
                  {titleOf(decision)}
                </Link>
                {view.timePointOf(decision.id) !== undefined && <span className="place"> {view.timePointOf(decision.id)}</span>}
              </h3>
              <div>{wording !== undefined ? <p className="quote">“{wording}”</p> : because !== undefined ? <p>{because}</p> : <Unknown>reason not recorded</Unknown>}</div>
              <div>
                {findings.length === 0 && <span className="quiet">nothing to compute</span>}
                {findings.slice(0, 2).map((finding) => (
                  <p key={keyOf(finding)}>
                    <Link className="plain" href={href("board", { open: keyOf(finding) })}>
                      {finding.question}: <strong>{finding.text}</strong>
                    </Link>
                  </p>
                ))}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The first of each kind, then the second of each, so that a long kind does not hide the others. */
function mixed(findings: readonly Finding[]): readonly Finding[] {
  const kinds = [...Map.groupBy(findings, (f) => f.rule).values()];
  const rounds = Math.max(0, ...kinds.map((kind) => kind.length));
  return Array.from({ length: rounds }, (_, i) => kinds.flatMap((kind) => kind[i] ?? [])).flat();
}

function Contradictory({ findings }: { readonly findings: readonly Finding[] }) {
  const { href } = useCase();
  const shown = mixed(findings).slice(0, 4);
  return (
    <section>
      <div className="group-head">
        <h2>Contradictory</h2>
        <span>{findings.length === 0 ? "none found" : findings.length}</span>
      </div>
      <ul>
        {shown.map((finding) => (
          <li key={keyOf(finding)} className="board-against">
            <Mark is="contradiction" />
            <Readings finding={finding} />
          </li>
        ))}
      </ul>
      {findings.length > shown.length && (
        <p className="board-more">
          <Link href={href("audit")}>{findings.length - shown.length} more in the audit</Link>
        </p>
      )}
    </section>
  );
}

const longest = 60;

/** What an input would decide: in its own words while they are few, else the questions that wait for it. */
function decidedBy(question: OpenQuestion, byKey: Readonly<Record<string, Finding>>): string {
  const words = question.decides.join("; ");
  if (words.length <= longest) return words;
  const waiting = [...new Set(question.findings.flatMap((key) => byKey[key]?.question ?? []))];
  return `${waiting.slice(0, 3).join("; ")}${waiting.length > 3 ? ` and ${waiting.length - 3} more` : ""}`;
}

function Open({ questions }: { readonly questions: readonly OpenQuestion[] }) {
  const { byKey } = useCase().workup;
  const [all, setAll] = useState(false);
  const shown = all ? questions : questions.slice(0, 7);
  return (
    <section>
      <div className="group-head">
        <h2>Open</h2>
        <span>{questions.length === 0 ? "nothing is missing" : "and what it would decide"}</span>
      </div>
      <ul>
        {shown.map((question) => (
          <li key={question.input} className="board-open">
            <Mark is={question.state} />
            <span>
              {question.input.charAt(0).toUpperCase() + question.input.slice(1)}
              {question.state === "not performed" && <span className="quiet"> not done</span>}
            </span>
            <span className="soft">{decidedBy(question, byKey)}</span>
          </li>
        ))}
      </ul>
      {questions.length > 7 && (
        <p className="board-more">
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Fewer" : `${questions.length - 7} more`}
          </button>
        </p>
      )}
    </section>
  );
}

function NotGiven({ items }: { readonly items: readonly NotDone[] }) {
  const { href } = useCase();
  if (items.length === 0) return null;
  return (
    <section>
      <div className="group-head">
        <h2>Planned, not given; not done</h2>
      </div>
      <ul>
        {items.map(({ entry, reason }) => (
          <li key={entry.id} className="board-open">
            <Mark is={entry.state} />
            <Link className="plain" href={href("record", { entry: entry.id })}>
              {titleOf(entry)}
            </Link>
            <span className="soft">{reason ?? <Unknown>reason not recorded</Unknown>}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
