import { useMemo, useState } from "react";
import { keyOf, type Finding } from "@hapax/case";
import { compareClaim, nameOf, type Comparison } from "@hapax/evidence";
import { Checked } from "../components/Checked.tsx";
import { FindingCard } from "../components/FindingCard.tsx";
import { Mark } from "../components/Mark.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { WhatIf } from "../components/WhatIf.tsx";
import { claimRule } from "../page-rules.ts";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { Library } from "./Library.tsx";
import "./Evidence.css";

const isHere = (finding: Finding) => finding.rule.startsWith("evidence/") || finding.rule === "radiobiology/literature";

/** What the documents cite, held against the sources; what the library holds of this tumor. */
export function Evidence() {
  const { workup } = useCase();
  const { findings, tumor } = workup;
  const [words, setWords] = useState("");
  const [topics, setTopics] = useState(false);
  const regimens = findings.find((f) => f.rule === "radiobiology/literature");
  const factors = findings.find((f) => f.rule === "evidence/prognostic-factors");
  const treated = findings.find((f) => f.rule === "evidence/treatment-facts");
  const cards = findings.filter((f) => f.rule === "evidence/cards");
  return (
    <div className="evidence">
      <div className="page-head">
        <h1>Evidence</h1>
        <p>Cohorts and cases as published; no advice to treat.</p>
        <div className="page-actions">
          <label className="heard" htmlFor="evidence-words">
            Filter claims and studies
          </label>
          <input id="evidence-words" className="evidence-words" type="search" placeholder="Filter claims and studies" value={words} onChange={(e) => setWords(e.target.value)} />
        </div>
      </div>
      <Claims words={words} />
      {(regimens !== undefined || factors !== undefined) && (
        <div className="evidence-pair">
          {regimens !== undefined && <Regimens finding={regimens} />}
          {factors !== undefined && <Factors finding={factors} />}
        </div>
      )}
      <InThisCase findings={[factors, treated, regimens].filter((f) => f !== undefined)} />
      <Library studies={tumor?.studies ?? []} words={words} />
      {cards.length > 0 && (
        <section className="evidence-topics">
          <div className="group-head">
            <h2>By topic</h2>
            <span>cited beside published; two readings stand side by side</span>
          </div>
          {topics ? (
            <ul className="findings">
              {cards.map((finding) => (
                <FindingCard key={keyOf(finding)} finding={finding} />
              ))}
            </ul>
          ) : (
            <p className="evidence-more">
              <button type="button" className="link" data-row aria-expanded={topics} onClick={() => setTopics(true)}>
                {cards.length} topics
              </button>
            </p>
          )}
        </section>
      )}
      <WhatIf here={isHere} />
    </div>
  );
}

const longest = 90;

function InThisCase({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section className="card-group">
      <div className="group-head">
        <h2>In this case</h2>
        <span>each opens with every source beside it</span>
      </div>
      <ul className="findings">
        {findings.map((finding) => (
          <FindingCard key={keyOf(finding)} finding={finding}>
            {finding.text.length > longest ? <CountsFirst finding={finding} /> : undefined}
          </FindingCard>
        ))}
      </ul>
    </section>
  );
}

/** Where the value is a long list of names: its counts, and the names behind them. */
function CountsFirst({ finding }: { readonly finding: Finding }) {
  return (
    <>
      <span className={finding.status === "undecided" ? "finding-value undecided" : "finding-value"}>{finding.brief}</span>
      <span className="finding-brief">
        <span className="finding-words">{finding.text}</span>
      </span>
    </>
  );
}

type Held = "differs" | "agrees" | "not checked" | "unresolved";
const kinds: readonly { readonly held: Held; readonly says: string }[] = [
  { held: "differs", says: "differs" },
  { held: "agrees", says: "agrees" },
  { held: "not checked", says: "not checked" },
  { held: "unresolved", says: "source not found" },
];

interface ClaimRow {
  readonly finding: Finding;
  readonly comparison: Comparison;
  readonly held: Held;
}

const heldOf = (finding: Finding, { study }: Comparison): Held =>
  finding.status === "contradiction" ? "differs" : finding.status === "determined" ? "agrees" : study === undefined ? "unresolved" : "not checked";

const opens = 14;

function Claims({ words }: { readonly words: string }) {
  const { workup, href } = useCase();
  const { view, tumor, byKey } = workup;
  const [held, setHeld] = useState<Held>();
  const [all, setAll] = useState(false);
  const rows = useMemo(
    () =>
      view
        .all("claim")
        .flatMap((claim): ClaimRow[] => {
          const finding = byKey[keyOf({ rule: claimRule, subject: claim.id })];
          const comparison = compareClaim(claim, tumor?.studies ?? []);
          return finding === undefined ? [] : [{ finding, comparison, held: heldOf(finding, comparison) }];
        })
        .sort((a, b) => order(a.held) - order(b.held)),
    [view, tumor, byKey],
  );
  if (rows.length === 0) {
    return (
      <p className="evidence-none">
        No claim of a document is recorded. What a document cites appears here, beside what its source says. <Link href={href("record")}>Record a claim</Link>
      </p>
    );
  }
  const wanted = rows.filter((row) => (held === undefined || row.held === held) && matches(words, row));
  const filtered = held !== undefined || words.trim() !== "";
  const differing = rows.filter((row) => row.held === "differs").length;
  const shown = all || filtered ? wanted : wanted.slice(0, Math.max(opens, differing));
  return (
    <section className="evidence-claims">
      <div className="group-head">
        <h2>Claims of the documents</h2>
        <span>as cited, and as in the source</span>
        <div className="evidence-filter" role="group" aria-label="Show claims">
          <button type="button" aria-pressed={held === undefined} onClick={() => setHeld(undefined)}>
            all {rows.length}
          </button>
          {kinds.map((kind) => (
            <button key={kind.held} type="button" aria-pressed={held === kind.held} onClick={() => setHeld(kind.held)}>
              {kind.says} {rows.filter((row) => row.held === kind.held).length}
            </button>
          ))}
        </div>
      </div>
      <div className="evidence-columns" aria-hidden="true">
        <span />
        <span>Topic</span>
        <span>Reference</span>
        <span>As cited</span>
        <span>As in the source</span>
        <span>Directness</span>
        <span>Checked</span>
      </div>
      <ul className="findings">
        {shown.map(({ finding, comparison }) => (
          <FindingCard key={keyOf(finding)} finding={finding} label={comparison.claim.topic}>
            <ClaimCells finding={finding} comparison={comparison} />
          </FindingCard>
        ))}
      </ul>
      {wanted.length === 0 && <p className="evidence-more">No claim matches.</p>}
      {!filtered && rows.length > Math.max(opens, differing) && (
        <p className="evidence-more">
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Fewer claims" : `All ${rows.length} claims`}
          </button>
        </p>
      )}
    </section>
  );
}

const order = (held: Held): number => kinds.findIndex((kind) => kind.held === held);

function matches(words: string, { finding, comparison: { claim, study } }: ClaimRow): boolean {
  const text = [claim.reference, claim.topic, claim.says, claim.reading, finding.text, study === undefined ? "" : nameOf(study)].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function ClaimCells({ finding, comparison }: { readonly finding: Finding; readonly comparison: Comparison }) {
  const { claim, study, inferred, differences, results } = comparison;
  const [first] = differences;
  const source = first?.study ?? study;
  const doubt = source !== undefined && ((inferred && source === study) || source.checked !== "read");
  return (
    <>
      <span className="soft">
        <span className="heard">reference </span>
        {claim.reference}
      </span>
      <span className="evidence-cited">
        <span className="heard">cited: </span>
        {/* Where only the patients differ, what is said of them still stands first. */}
        {first === undefined || first.kind === "directness" ? (claim.reading ?? claim.says) : first.claim}
        {first?.kind === "directness" && <span className="place">{first.claim}</span>}
      </span>
      <span className="evidence-source">
        <span className="heard">source: </span>
        {first !== undefined ? (
          <span className="quote against">≠ {first.source}</span>
        ) : results.length > 0 ? (
          <span className="quote">{[...new Set(results.map((r) => r.reading))].join("; ")}</span>
        ) : (
          <Unknown>{study === undefined ? "source not found" : "nothing read on this"}</Unknown>
        )}
        {source !== undefined && (
          <span className="place">
            <span className={doubt ? "unverified" : undefined}>{nameOf(source)}</span>
            {first !== undefined && `, ${finding.brief}`}
            {differences.length > 1 && `, and ${differences.length - 1} more`}
          </span>
        )}
      </span>
      <span className={source !== undefined && source.directness !== "this tumor" ? "against" : "soft"}>{source?.directness ?? "cannot tell"}</span>
      <span className="soft">{source === undefined ? "not found" : inferred && source === study ? <span className="unverified">identity inferred</span> : <Checked checked={source.checked} />}</span>
    </>
  );
}

function Regimens({ finding }: { readonly finding: Finding }) {
  if (finding.table === undefined) return null;
  const { columns, rows } = finding.table;
  return (
    <section>
      <div className="group-head">
        <h2>Regimens compared</h2>
        <span>EQD2 and BED in Gy, each by its own dose per fraction</span>
      </div>
      <table className="evidence-regimens">
        <caption className="heard">Regimens of this case and of the literature</caption>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th key={column} scope="col" className={i === 0 ? undefined : "number"}>
                {/^\d+$/.test(column) && <span className="heard">EQD2, α/β </span>}
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join()} className={row[0]?.startsWith("this case") === true ? "evidence-own" : undefined}>
              <RegimenCells row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The cells of a regimen; one whose number of fractions is not known is named and refused. */
function RegimenCells({ row: [name = "", dose = "", ...numbers] }: { readonly row: readonly string[] }) {
  const refused = !dose.includes(" in ");
  return (
    <>
      <th scope="row">{name}</th>
      <td className="number">
        {dose}
        {refused && (
          <>
            {" in "}
            <Unknown />
          </>
        )}
      </td>
      {refused ? (
        <td className="number quiet" colSpan={numbers.length}>
          fractions not recorded: neither EQD2 nor BED
        </td>
      ) : (
        numbers.map((number, i) => (
          <td key={i} className="number">
            {number}
          </td>
        ))
      )}
    </>
  );
}

/** Every published factor with its presence in the case; the card behind it holds the figures and the sources. */
function Factors({ finding }: { readonly finding: Finding }) {
  return (
    <section>
      <div className="group-head">
        <h2>Published prognostic factors</h2>
        <span>{finding.brief}</span>
      </div>
      <ul className="evidence-factors">
        {finding.because.map(({ text, met }) => {
          const [name = text, says = ""] = text.split(/: (.*)$/);
          return (
            <li key={text}>
              <Mark is={met === true ? "determined" : met === false ? "out of scope" : "not recorded"} says={met === true ? "present" : met === false ? "absent" : "not known"} />
              <span className={met === true ? "strong" : undefined}>{name.charAt(0).toUpperCase() + name.slice(1)}</span>
              <span className="soft">{says === "not recorded" ? <Unknown /> : says}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
