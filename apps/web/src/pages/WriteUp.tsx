import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Figure } from "@hapax/figures";
import { careCoverage, isResult, pointerText, rangesOf, referenceText, type Block, type CareItem, type CareStatus, type Note, type ReportDocument, type Section, type Span, type TableBlock } from "@hapax/report";
import { reportAddress } from "../api.ts";
import { FigureView } from "../components/FigureView.tsx";
import { Mark, type MarkKind } from "../components/Mark.tsx";
import { useKeys } from "../keys.ts";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { figureWidth, lintOf, writeUp } from "../write-up.ts";
import "./WriteUp.css";

const markOf: Readonly<Record<CareStatus, MarkKind>> = { present: "determined", partly: "undecided", missing: "not recorded" };
const files = [
  ["docx", "DOCX"],
  ["html", "HTML"],
  ["pdf", "PDF"],
] as const;

/** The case as a case report in CARE order, every number bound to the record, the audit beside its line. */
export function WriteUp() {
  const { workup, id, asOf, assume, suppose } = useCase();
  const { document, figures, bound, remarked } = useMemo(() => writeUp(workup), [workup]);
  const lint = lintOf(workup);
  const [linting, setLinting] = useState(false);
  const paper = useRef<HTMLElement>(null);
  useKeys({ l: () => setLinting((now) => !now) }, "page");
  const { covered, of } = careCoverage(lint);
  const query = new URLSearchParams({
    ...(asOf === undefined ? {} : { asOf }),
    ...(Object.keys(assume).length === 0 ? {} : { assume: JSON.stringify(assume) }),
    ...(Object.keys(suppose).length === 0 ? {} : { suppose: JSON.stringify(suppose) }),
  });
  const { notes } = document;
  return (
    <div className="write-up">
      <div className="page-head">
        <h1>Write-up</h1>
        <p>
          {covered} of {of} CARE items; {bound} numbers bound to the record; {notes.length} {notes.length === 1 ? "note" : "notes"}
        </p>
        <div className="page-actions">
          <button type="button" className="button" aria-expanded={linting} onClick={() => setLinting(!linting)}>
            Lint <kbd aria-hidden="true">L</kbd>
          </button>
          {files.map(([kind, name]) => (
            <a key={kind} className={kind === "pdf" ? "button main" : "button"} href={`${reportAddress(id, kind)}${query.size > 0 ? `?${query}` : ""}`} download>
              {name}
            </a>
          ))}
        </div>
      </div>
      {linting && <Lint lint={lint} />}
      <div className="write-up-desk">
        <Order document={document} lint={lint} />
        <article className="write-up-paper" ref={paper} aria-label="The write-up">
          <Manuscript document={document} figures={figures} remarked={remarked} />
        </article>
        <Margin notes={notes} paper={paper} />
      </div>
    </div>
  );
}

const itemOf = (care: string) => /^\d+/.exec(care)?.[0] ?? care;
const nameOf = (document: ReportDocument, item: string) => (item === "1" ? "Title" : (document.sections.find((s) => s.care === item)?.heading ?? item));

/** What is missing of one item of CARE: "c, d missing; b partly". */
function lacking(own: readonly CareItem[]): string {
  const of = (status: CareStatus, word: string) => {
    const letters = own.filter((i) => i.status === status).map((i) => i.item.replace(/^\d+/, ""));
    return letters.length === 0 ? [] : [`${letters.filter((l) => l !== "").join(", ")} ${word}`.trim()];
  };
  return [...of("missing", "missing"), ...of("partly", "partly")].join("; ");
}

/** The thirteen items in their order; the ones in view stand out. */
function Order({ document, lint }: { readonly document: ReportDocument; readonly lint: readonly CareItem[] }) {
  const items = [...new Set(lint.map((i) => itemOf(i.item)))];
  const seen = useSeen(items, document);
  return (
    <nav className="write-up-order" aria-label="CARE order">
      <h2>CARE order</h2>
      <ol>
        {items.map((item) => {
          const own = lint.filter((i) => itemOf(i.item) === item);
          const status: CareStatus = own.every((i) => i.status === "present") ? "present" : own.every((i) => i.status === "missing") ? "missing" : "partly";
          const words = lacking(own);
          return (
            <li key={item}>
              <Mark is={markOf[status]} says={status} />
              <span className="write-up-number">{item}</span>
              <span>
                <a href={`#care-${item}`} aria-current={seen.has(item) ? "true" : undefined}>
                  {nameOf(document, item)}
                </a>
                {words !== "" && <span className="place">{words}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Which sections stand in the upper part of the window. */
function useSeen(items: readonly string[], document: ReportDocument): ReadonlySet<string> {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const key = items.join();
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) =>
        setSeen((before) => {
          const now = new Set(before);
          for (const entry of entries) {
            const item = entry.target.id.replace("care-", "");
            if (entry.isIntersecting) now.add(item);
            else now.delete(item);
          }
          return now;
        }),
      { rootMargin: "-70px 0px -45% 0px" },
    );
    for (const item of key.split(",")) {
      const section = globalThis.document.getElementById(`care-${item}`);
      if (section !== null) observer.observe(section);
    }
    return () => observer.disconnect();
  }, [key, document]);
  return seen;
}

/** All sub-items of the checklist, and why each is as it is. */
function Lint({ lint }: { readonly lint: readonly CareItem[] }) {
  return (
    <section className="write-up-lint" aria-label="CARE checklist">
      <ol>
        {lint.map((item) => (
          <li key={item.item}>
            <Mark is={markOf[item.status]} says={item.status} />
            <a className="plain" href={`#care-${itemOf(item.item)}`} data-row>
              {item.item}
            </a>
            <span>
              {item.topic} <span className={item.status === "present" ? "quiet" : "undecided"}>{item.why}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface Printed {
  readonly remarked: ReadonlyMap<Span, Note>;
}

function Manuscript({ document, figures, remarked }: Printed & { readonly document: ReportDocument; readonly figures: readonly Figure[] }) {
  const told = { remarked, notes: document.notes };
  return (
    <>
      <p className="write-up-running">
        <span>{document.runningHead}</span>
        <span>{document.asOf === undefined ? document.caseName : `known up to ${document.asOf}`}</span>
      </p>
      <h2 className="write-up-title" id="care-1">
        <Spans spans={document.title} {...told} />
      </h2>
      {document.sections.map((section) => (
        <SectionView key={section.heading} section={section} figures={figures} {...told} />
      ))}
      {document.glossary.length > 0 && (
        <section>
          <h3>Glossary</h3>
          <dl className="write-up-glossary">
            {document.glossary.map((g) => (
              <div key={g.term}>
                <dt>{g.term}</dt>
                <dd>{g.meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {document.references.length > 0 && (
        <section>
          <h3>References</h3>
          <ol className="write-up-references">
            {document.references.map(({ number, reference, mark }) => (
              <li key={number} id={`ref-${number}`}>
                <span className="write-up-number">{number}</span>
                <span>
                  {referenceText(reference)} {reference.doi !== undefined && <span className="quiet">doi {reference.doi}.</span>} {mark !== undefined && <span className="unverified">{mark}</span>}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      <p className="write-up-disclaimer">{document.disclaimers.join(" ")}</p>
    </>
  );
}

interface Told extends Printed {
  readonly notes: readonly Note[];
}

function SectionView({ section, figures, ...told }: Told & { readonly section: Section; readonly figures: readonly Figure[] }) {
  return (
    <section id={section.care === undefined ? undefined : `care-${section.care}`}>
      <h3>{section.heading}</h3>
      {section.blocks.map((block, i) => (
        <BlockView key={`${block.kind} ${block.care} ${i}`} block={block} figures={figures} {...told} />
      ))}
    </section>
  );
}

function BlockView({ block, figures, ...told }: Told & { readonly block: Block; readonly figures: readonly Figure[] }) {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          {block.lead !== undefined && <strong>{block.lead}. </strong>}
          <Spans spans={block.spans} {...told} />
        </p>
      );
    case "absent":
      return (
        <p className="write-up-absent">
          <Spans spans={block.spans} {...told} />
        </p>
      );
    case "table":
      return <TableView block={block} {...told} />;
    case "figure": {
      const figure = figures.find((f) => f.name === block.name);
      return (
        <figure className="write-up-figure" id={`figure-${block.number}`}>
          {figure !== undefined && <FigureView figure={figure} fit={figure.width <= figureWidth} />}
          <figcaption>
            <b>Figure {block.number}.</b> <Spans spans={block.caption} {...told} />
          </figcaption>
        </figure>
      );
    }
  }
}

function TableView({ block, ...told }: Told & { readonly block: TableBlock }) {
  const shares = block.columns.map((c) => c.share ?? 1);
  const all = shares.reduce((a, b) => a + b, 0);
  return (
    <figure className={block.columns.length > 5 ? "write-up-table wide" : "write-up-table"} id={`table-${block.number}`}>
      <figcaption>
        <b>Table {block.number}.</b> <Spans spans={block.caption} {...told} />.
      </figcaption>
      <div className="write-up-scroll" tabIndex={0} role="group" aria-label={`Table ${block.number}`}>
        <table>
          <colgroup>
            {shares.map((share, i) => (
              <col key={i} style={{ width: `${(100 * share) / all}%` }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {block.columns.map((column, i) => (
                <th key={i} scope="col" className={column.align === "right" ? "number" : undefined}>
                  <Spans spans={column.head} {...told} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, i) => (
              <tr key={i} className={row.strong === true ? "strong" : undefined}>
                {row.cells.map((cell, j) => (
                  <td key={j} className={block.columns[j]?.align === "right" ? "number" : undefined}>
                    <Spans spans={cell} {...told} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {block.note !== undefined && (
        <p className="write-up-table-note">
          <Spans spans={block.note} {...told} />
        </p>
      )}
    </figure>
  );
}

function Spans({ spans, remarked, notes }: Told & { readonly spans: readonly Span[] }): ReactNode {
  return spans.map((span, i) => <SpanView key={i} span={span} note={remarked.get(span)} notes={notes} />);
}

/** A span by its kind: what is bound to the record leads there, what a document says is quoted. */
function SpanView({ span, note, notes }: { readonly span: Span; readonly note: Note | undefined; readonly notes: readonly Note[] }) {
  const { href, hrefOf } = useCase();
  const here = note === undefined ? {} : { "data-note": note.letter, "aria-describedby": `note-${note.letter}` };
  switch (span.kind) {
    case "text":
      return span.text;
    case "term":
      return span.term;
    case "bound": {
      if (!isResult(span)) return <span {...here}>{span.text}</span>;
      const status = notes.find((n) => n.finding === span.finding)?.status;
      const entry = span.entries?.[0]?.split("/")[0];
      const to = span.finding !== undefined ? hrefOf(span.finding) : href("record", entry === undefined ? {} : { entry });
      return (
        <Link className={["bound", status, span.text.length < 24 ? "whole" : undefined].filter((c) => c !== undefined).join(" ")} href={to} title={span.finding ?? entry} {...here}>
          {span.text}
        </Link>
      );
    }
    case "quote":
      return (
        <span {...here}>
          “{span.quote}” <span className="write-up-place">({span.place})</span>
        </span>
      );
    case "cite":
      return (
        <sup>
          <a href={`#ref-${span.numbers[0] ?? 1}`} aria-label={`reference ${rangesOf(span.numbers)}`}>
            {rangesOf(span.numbers)}
          </a>
        </sup>
      );
    case "pointer":
      return <a href={`#${span.to}-${span.number}`}>{pointerText(span)}</a>;
  }
}

const apart = 10;

/** Notes of the audit, each level with its line, one below the other where lines are close. */
function Margin({ notes, paper }: { readonly notes: readonly Note[]; readonly paper: React.RefObject<HTMLElement | null> }) {
  const { hrefOf } = useCase();
  const margin = useRef<HTMLElement>(null);
  const [tops, setTops] = useState<readonly number[]>([]);
  useLayoutEffect(() => {
    const [page, column] = [paper.current, margin.current];
    if (page === null || column === null) return undefined;
    const place = () => {
      const above = column.getBoundingClientRect().top;
      let free = 0;
      setTops(
        notes.map((note) => {
          const line = page.querySelector(`[data-note="${note.letter}"]`)?.getClientRects()[0];
          const box = column.querySelector<HTMLElement>(`#note-${note.letter}`);
          const top = Math.max(free, line === undefined ? free : line.top - above - 3);
          free = top + (box?.offsetHeight ?? 0) + apart;
          return Math.round(top);
        }),
      );
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(page);
    return () => observer.disconnect();
  }, [notes, paper]);
  return (
    <aside className="write-up-margin" ref={margin} aria-label="Notes of the audit">
      {notes.map((note, i) => (
        <div key={note.finding} className="write-up-note" id={`note-${note.letter}`} style={{ top: tops[i] ?? 0 }}>
          <Mark is={note.status} />
          <div>
            <h3>
              <Link className="plain" href={hrefOf(note.finding)}>
                {note.question}
              </Link>
            </h3>
            <p>{note.text}</p>
            <p className="place">{note.places}</p>
          </div>
        </div>
      ))}
    </aside>
  );
}
