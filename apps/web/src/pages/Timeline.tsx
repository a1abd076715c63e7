import { useEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { titleOf, type CaseView, type Entry, type Provenance } from "@hapax/case";
import { lanes, timeline, timelineRows, type Figure, type Lane, type SvgNode, type TimelineRow } from "@hapax/figures";
import { figureAddress } from "../api.ts";
import { EmptyPage } from "../components/EmptyPage.tsx";
import { FigureExport } from "../components/FigureExport.tsx";
import { FigureView } from "../components/FigureView.tsx";
import { Mark } from "../components/Mark.tsx";
import { Quote } from "../components/Quote.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { useWidth } from "../components/use-width.ts";
import { useKeys } from "../keys.ts";
import { go, Link, useAddress } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { boundsInWords, eventSpan } from "./event-span.ts";
import { FindingLinks } from "./FindingLinks.tsx";
import "./Timeline.css";

const scales = [1, 1.5, 2, 3] as const;
const laneNames: Readonly<Record<Lane, string>> = { disease: "Disease", imaging: "Imaging", systemic: "Systemic", radiotherapy: "Radiotherapy", supportive: "Supportive", outcome: "Outcome" };
const stateWords: Readonly<Partial<Record<Entry["state"], string>>> = { "not performed": "not done" };

/** When everything was, as exactly as the record says: the picture, the same events as a table, and one of them in detail. */
export function Timeline() {
  const { workup, id, asOf } = useCase();
  const { view, findings } = workup;
  const { query } = useAddress();
  const [box, width] = useWidth<HTMLDivElement>(1220);
  const [shown, setShown] = useState<readonly Lane[]>(lanes);
  const [anchor, setAnchor] = useState("");
  const [scale, setScale] = useState<number>(1);
  const [every, setEvery] = useState(false);
  const anchorField = useRef<HTMLSelectElement>(null);

  const figure = useMemo(
    () => timeline(view, findings, { width: Math.max(900, width) * scale, lanes: shown, detail: every ? "all" : "overview", ...(anchor === "" ? {} : { anchor }) }),
    [view, findings, width, scale, shown, every, anchor],
  );
  const rows = useMemo(() => timelineRows(view, shown), [view, shown]);
  const events = useMemo(() => timelineRows(view), [view]);
  const wanted = query.get("event");
  const chosen = (wanted === null ? undefined : view.get(wanted)) ?? firstBounded(rows, view, findings);

  const choose = (event: string) => {
    const now = new URLSearchParams(location.search);
    now.set("event", event);
    go(`${location.pathname}?${now}`, { replace: true });
  };
  const zoomBy = (step: 1 | -1) => setScale((now) => scales[Math.min(scales.length - 1, Math.max(0, scales.indexOf(now as 1) + step))] ?? 1);
  useKeys({ a: () => anchorField.current?.focus(), "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1) }, "page");

  if (events.length === 0) {
    return (
      <EmptyPage name="Timeline" lacks="no event recorded" action="Record the first event">
        Here stand the events of the case in their order: imaging, biopsies, drugs, courses, admissions, the outcome. A date is welcome and not needed.
      </EmptyPage>
    );
  }
  const points = view.record.timePoints.length;
  return (
    <div className="timeline">
      <div className="page-head">
        <h1>Timeline</h1>
        <p>
          {events.length} events, {points} time {points === 1 ? "point" : "points"}, {view.timing.dated ? "dated" : "no date in the source"}
        </p>
        <div className="page-actions timeline-actions">
          <label>
            Anchor
            <select ref={anchorField} value={anchor} onChange={(e) => setAnchor(e.target.value)}>
              <option value="">none</option>
              {anchorsOf(view).map((option) => (
                <option key={option.id} value={option.id}>
                  {option.name}
                </option>
              ))}
            </select>
            <kbd aria-hidden="true">A</kbd>
          </label>
          <LaneChoice shown={shown} change={setShown} every={every} setEvery={setEvery} />
          <span className="timeline-zoom" role="group" aria-label="Width of the picture">
            <button type="button" aria-label="Narrower" disabled={scale === scales[0]} onClick={() => zoomBy(-1)}>
              −
            </button>
            <output>{scale} ×</output>
            <button type="button" aria-label="Wider" disabled={scale === scales.at(-1)} onClick={() => zoomBy(1)}>
              +
            </button>
          </span>
          <FigureExport figures={[figure]} png={`${figureAddress(id, "timeline", "png")}${asOf === undefined ? "" : `?asOf=${encodeURIComponent(asOf)}`}`} />
        </div>
      </div>
      <Contradictions view={view} />
      <div className="timeline-picture" ref={box}>
        <Picture figure={figure} chosen={chosen?.id} choose={choose} scrolls={scale > 1 || width < 900} />
      </div>
      <div className="timeline-below">
        <Events rows={rows} chosen={chosen} choose={choose} view={view} />
        {chosen !== undefined && <Detail entry={chosen} order={events.find((r) => r.id === chosen.id)?.order} />}
      </div>
    </div>
  );
}

/** The event that a reader sees first: one whose length or bounds a finding rests on, else the first. */
function firstBounded(rows: readonly TimelineRow[], view: CaseView, findings: readonly { rule: string; because: readonly { entries?: readonly string[] }[] }[]): Entry | undefined {
  const rested = new Set(findings.filter((f) => f.rule === "workup/timing").flatMap((f) => f.because.flatMap((b) => b.entries ?? [])));
  const row = rows.find((r) => rested.has(r.id)) ?? rows[0];
  return row === undefined ? undefined : view.get(row.id);
}

/** Events from which a reader may count: the time points, and the beginning of each treatment. */
function anchorsOf(view: CaseView): { id: string; name: string }[] {
  const given = (e: Entry) => e.state === "recorded" || e.state === "completion not recorded";
  const treatments = [...view.all("drug").filter((d) => d.purpose === "antitumor"), ...view.all("radiotherapy")];
  return [
    ...view.record.timePoints.map((t) => ({ id: t.id, name: `${t.id}, ${t.label}` })),
    ...view.all("specimen").filter((s) => view.timing.has(s.id)).map((s) => ({ id: s.id, name: titleOf(s) })),
    ...treatments.filter((t) => given(t) && view.timing.has(t.id)).map((t) => ({ id: t.id, name: `start of ${titleOf(t)}` })),
  ];
}

function LaneChoice({ shown, change, every, setEvery }: { readonly shown: readonly Lane[]; readonly change: (lanes: readonly Lane[]) => void; readonly every: boolean; readonly setEvery: (every: boolean) => void }) {
  const sheet = useRef<HTMLDetailsElement>(null);
  const turn = (lane: Lane, on: boolean) => {
    const next = lanes.filter((l) => (l === lane ? on : shown.includes(l)));
    if (next.length > 0) change(next);
  };
  useEffect(() => {
    const close = (event: Event) => {
      const open = sheet.current;
      if (open?.open === true && !(event.target instanceof Node && open.contains(event.target))) open.open = false;
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, []);
  return (
    <details
      className="timeline-lanes"
      ref={sheet}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || sheet.current === null) return;
        sheet.current.open = false;
        sheet.current.querySelector("summary")?.focus();
      }}
    >
      <summary>
        Lanes: {shown.length} of {lanes.length}
      </summary>
      <fieldset>
        <legend className="heard">Lanes of the picture</legend>
        {lanes.map((lane) => (
          <label key={lane}>
            <input type="checkbox" checked={shown.includes(lane)} onChange={(e) => turn(lane, e.target.checked)} />
            <span className={`timeline-swatch lane-${lane}`} aria-hidden="true" />
            {laneNames[lane]}
          </label>
        ))}
        <label className="timeline-every">
          <input type="checkbox" checked={every} onChange={(e) => setEvery(e.target.checked)} />
          symptoms, labs and decisions too
        </label>
      </fieldset>
    </details>
  );
}

/** Times that cannot all hold, above everything else. */
function Contradictions({ view }: { readonly view: CaseView }) {
  const { href } = useCase();
  if (view.timing.contradictions.length === 0) return null;
  return (
    <ul className="timeline-against">
      {view.timing.contradictions.map((one) => (
        <li key={one.constraints.join()}>
          <Mark is="contradiction" />
          <div>
            <p>
              {one.constraints[0]} <span className="against">≠ {one.constraints.slice(1).join("; ")}</span>
            </p>
            <p className="place">
              Cannot all hold; the one recorded last is set aside in the picture. Recorded in{" "}
              {one.entries.map((id, i) => (
                <span key={id}>
                  {i > 0 && ", "}
                  {view.get(id) === undefined ? id : <Link href={href("record", { entry: id })}>{id}</Link>}
                </span>
              ))}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The same tree with the chosen event marked, so that the style sheet can ring it. */
function ringed(node: SvgNode, id: string | undefined): SvgNode {
  const own = node.attrs["data-entry"];
  const children = node.children.map((child) => (typeof child === "string" ? child : ringed(child, id)));
  return { ...node, children, attrs: own !== undefined && own === id ? { ...node.attrs, class: "chosen" } : node.attrs };
}

/** The picture; a click chooses an event. From the keyboard the table below does the same. */
function Picture({ figure, chosen, choose, scrolls }: { readonly figure: Figure; readonly chosen: string | undefined; readonly choose: (id: string) => void; readonly scrolls: boolean }) {
  const drawn = useMemo(() => ({ ...figure, root: ringed(figure.root, chosen) }), [figure, chosen]);
  const click = (event: MouseEvent) => {
    const id = event.target instanceof Element ? event.target.closest("[data-entry]")?.getAttribute("data-entry") : undefined;
    if (id !== undefined && id !== null && id !== "") choose(id);
  };
  return (
    <div onClick={click}>
      <FigureView figure={drawn} fit={!scrolls} />
    </div>
  );
}

function Events({ rows, chosen, choose, view }: { readonly rows: readonly TimelineRow[]; readonly chosen: Entry | undefined; readonly choose: (id: string) => void; readonly view: CaseView }) {
  const box = useRef<HTMLDivElement>(null);
  // A size is read on a study: its row is the study's.
  const row = chosen?.kind === "measurement" ? (chosen.study ?? chosen.id) : chosen?.id;
  useEffect(() => {
    const inside = box.current;
    const target = row === undefined ? null : inside?.querySelector<HTMLElement>(`[data-event="${CSS.escape(row)}"]`);
    if (inside === null || target === null || target === undefined || target.contains(document.activeElement)) return;
    // Only the box scrolls, so that the picture stays in view; the row before it tells what came before.
    const before = target.previousElementSibling;
    const first = before instanceof HTMLElement ? before : target;
    inside.scrollTop = first.offsetTop - (inside.querySelector("thead")?.clientHeight ?? 0);
  }, [row]);
  return (
    <div className="timeline-events" ref={box}>
      <table>
        <caption className="heard">Events in order; choosing one shows its bounds and its source beside the table</caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              Order
            </th>
            <th scope="col">
              <span className="heard">State</span>
            </th>
            <th scope="col">Event</th>
            <th scope="col">Lane</th>
            <th scope="col">Bounds</th>
            <th scope="col">Wording</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.id} data-event={r.id} className={r.id === row ? "chosen" : undefined}>
              <td className="number">{r.order}</td>
              <td>
                <Mark is={r.state} />
              </td>
              <td>
                <button type="button" data-row aria-current={r.id === row} onClick={() => choose(r.id)}>
                  {r.title}
                </button>
              </td>
              <td className="timeline-lane">
                <span className={`timeline-swatch lane-${r.lane}`} aria-hidden="true" />
                {laneNames[r.lane]}
              </td>
              <td className="soft">{view.timing.has(r.id) ? r.bounds : <Unknown>time not recorded</Unknown>}</td>
              <td className="quote">{r.wording === "" ? <Unknown>no wording kept</Unknown> : `“${r.wording}”`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Everyone who says something of an entry: its own source, then those of its facts. */
function sourcesOf(entry: Entry): Provenance[] {
  const facts = Object.values(entry).flatMap((value: unknown): Provenance[] => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !("from" in value)) return [];
    return Array.isArray(value.from) ? (value.from as Provenance[]) : [];
  });
  const all = [...(entry.from ?? []), ...facts];
  return all.filter((p, i) => all.findIndex((q) => q.place === p.place && q.wording === p.wording) === i);
}

function Detail({ entry, order }: { readonly entry: Entry; readonly order: number | undefined }) {
  const { workup, record, href } = useCase();
  const { view, findings } = workup;
  const span = useMemo(() => (view.timing.has(entry.id) ? eventSpan(view, entry) : undefined), [view, entry]);
  const timed = findings.filter((f) => f.rule === "workup/timing");
  const reasons = [...boundsInWords(view, entry), ...timed.flatMap((f) => f.because.filter((b) => b.entries?.includes(entry.id)).map((b) => `${b.text}. ${f.question}: ${f.text}.`))];
  const resting = findings.filter((f) => f.rule !== "workup/timing" && f.because.some((b) => b.entries?.includes(entry.id)));
  const sources = sourcesOf(entry);
  const part = (head: string, body: ReactNode) => (
    <section>
      <h3>{head}</h3>
      {body}
    </section>
  );
  return (
    <aside className="timeline-detail" aria-label="The event chosen" aria-live="polite">
      <div className="timeline-detail-head">
        <h2>{titleOf(entry)}</h2>
        {order !== undefined && <span>event {order}</span>}
        <Link className="small" href={href("record", { entry: entry.id })}>
          In the record
        </Link>
      </div>
      {entry.state !== "recorded" && (
        <p className="timeline-state">
          <Mark is={entry.state} says="" /> {stateWords[entry.state] ?? entry.state}
          <span className="soft">{entry.reason === undefined ? (entry.state === "uncertain" || entry.state === "completion not recorded" ? "" : ": reason not recorded") : `: ${entry.reason}`}</span>
        </p>
      )}
      {span === undefined ? (
        <p>
          <Unknown>time not recorded</Unknown>
        </p>
      ) : (
        <FigureView figure={span} />
      )}
      {reasons.length > 0 && part("Because", reasons.map((words) => <p key={words}>{words}</p>))}
      {entry.note !== undefined && part("Note", <p>{entry.note}</p>)}
      {part("Says so", <Quote from={sources.slice(0, 3)} record={record} />)}
      {resting.length > 0 && part(`Findings that rest on it, ${resting.length}`, <FindingLinks findings={resting} most={4} />)}
    </aside>
  );
}
