import { useMemo } from "react";
import type { Finding } from "@hapax/case";
import { figures } from "@hapax/figures";
import { figureAddress } from "../api.ts";
import { CardGroup } from "../components/CardGroup.tsx";
import { EmptyPage } from "../components/EmptyPage.tsx";
import { FactText } from "../components/FactText.tsx";
import { FigureExport } from "../components/FigureExport.tsx";
import { FigureView } from "../components/FigureView.tsx";
import { Mark } from "../components/Mark.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { FindingLinks } from "./FindingLinks.tsx";
import { lesionWords, sizeRows, type SizeRow } from "./sizes.ts";
import "./Tumor.css";

const groups: readonly (readonly [name: string, about: string, rules: readonly string[]])[] = [
  ["Response", "each treatment against the last comparable imaging before it", ["imaging/recist11", "imaging/who1979", "imaging/percist10"]],
  ["Size and growth", "lesion by lesion, one method", ["imaging/lesion-change", "imaging/volume", "imaging/growth"]],
  ["Like for like", "method, region, plane and coverage of what is compared", ["imaging/comparability"]],
];

/** How large each lesion was, when, and what that says of each treatment. */
export function Tumor() {
  const { workup, id, asOf } = useCase();
  const { view, findings } = workup;
  const own = useMemo(() => findings.filter((f) => f.rule.startsWith("imaging/")), [findings]);
  const rows = useMemo(() => sizeRows(view, findings), [view, findings]);
  const chart = useMemo(() => figures.diameters(view, findings, { width: 720, height: 400 }), [view, findings]);
  if (rows.length === 0 && own.length === 0) {
    return (
      <EmptyPage name="Tumor" lacks="no size recorded" action="Record a lesion and its size">
        Here stand the sizes of every lesion over time, the response to each treatment and the growth between. They need a lesion and one measurement of it.
      </EmptyPage>
    );
  }
  const lesions = new Set(rows.map((r) => r.lesion.id)).size;
  const methods = [...new Set(rows.map((r) => r.point.measurement.method))];
  const grouped = groups.map(([name, about, rules]) => ({ name, about, findings: own.filter((f) => rules.includes(f.rule)) }));
  const others = own.filter((f) => !groups.some(([, , rules]) => rules.includes(f.rule)));
  return (
    <div className="tumor">
      <div className="page-head">
        <h1>Tumor</h1>
        <p>
          {lesions} {lesions === 1 ? "lesion" : "lesions"}, {rows.length} {rows.length === 1 ? "size" : "sizes"} by {methods.join(", ")}
        </p>
        <div className="page-actions">
          <FigureExport figures={[chart]} png={`${figureAddress(id, "diameters", "png")}${asOf === undefined ? "" : `?asOf=${encodeURIComponent(asOf)}`}`} />
        </div>
      </div>
      <div className="tumor-top">
        <FigureView figure={chart} />
        <div>
          <Growth findings={own} />
          <Warnings findings={own} />
        </div>
      </div>
      <Sizes rows={rows} />
      <Responses findings={own} />
      {grouped.map((group) => (
        <CardGroup key={group.name} {...group} />
      ))}
      <CardGroup name="More" findings={others} />
    </div>
  );
}

/** A cell of a finding's table: words for the unknown in their box, what says nothing in a quiet voice. */
export function Cell({ text }: { readonly text: string | undefined }) {
  if (text === undefined || text === "" || text === "not recorded") return <Unknown />;
  if (/^(not (compared|bounded)|shrinking|one diameter|nothing( recorded)?)$/.test(text)) return <span className="quiet">{text}</span>;
  return <>{text}</>;
}

/** Doublings between one size and the next; times as bounds where no dates are known. */
function Growth({ findings }: { readonly findings: readonly Finding[] }) {
  const growing = findings.filter((f) => f.rule === "imaging/growth" && f.table !== undefined);
  if (growing.length === 0) return null;
  return (
    <section>
      <div className="group-head">
        <h2>Growth</h2>
        <span>ellipsoid volumes; days as the record bounds them</span>
      </div>
      <table className="tumor-table">
        <caption className="heard">Growth of each lesion between two sizes</caption>
        <thead>
          <tr>
            <th scope="col">Interval</th>
            <th scope="col" className="number">Days</th>
            <th scope="col" className="number">Volume</th>
            <th scope="col" className="number">Doublings</th>
            <th scope="col" className="number">Doubling time</th>
          </tr>
        </thead>
        {growing.map((finding) => (
          <tbody key={finding.subject}>
            <tr className="tumor-group">
              <th scope="rowgroup" colSpan={5}>
                {finding.question.replace(/^[^,]*, /, "")}
              </th>
            </tr>
            {finding.table?.rows.map(([interval, volume, doublings, days, time]) => (
              <tr key={interval}>
                <td>{interval}</td>
                <td className="number"><Cell text={days?.replace(/ d$/, "")} /></td>
                <td className="number">{volume}</td>
                <td className="number">{doublings?.replace("-", "−")}</td>
                <td className="number"><Cell text={time} /></td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

/** What stands against comparing, and what could not be evaluated. */
function Warnings({ findings }: { readonly findings: readonly Finding[] }) {
  const shown = findings.filter((f) => f.rule === "imaging/comparability" || f.rule === "imaging/percist10");
  if (shown.length === 0) return null;
  return (
    <section className="tumor-warnings">
      <div className="group-head">
        <h2>Before comparing</h2>
      </div>
      <FindingLinks findings={shown} />
    </section>
  );
}

function Sizes({ rows }: { readonly rows: readonly SizeRow[] }) {
  const { href } = useCase();
  if (rows.length === 0) return null;
  return (
    <section className="tumor-block">
      <div className="group-head">
        <h2>Measurements</h2>
        <span>in the order of their times; hollow: not compared with the others</span>
      </div>
      <div className="tumor-scroll" tabIndex={0} role="group" aria-label="Table of measurements">
        <table className="tumor-table">
          <caption className="heard">Every measurement of every lesion</caption>
          <thead>
            <tr>
              <th scope="col">Lesion</th>
              <th scope="col">Time</th>
              <th scope="col">Method</th>
              <th scope="col" className="number">Diameters, cm</th>
              <th scope="col" className="number">Since before</th>
              <th scope="col" className="number">Since first</th>
              <th scope="col" className="number">Product, cm²</th>
              <th scope="col" className="number">Volume, mL</th>
              <th scope="col">Region</th>
              <th scope="col">Plane</th>
              <th scope="col">Coverage</th>
              <th scope="col">Field</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const { measurement, study, timePoint } = row.point;
              const apart = row.sinceBefore === undefined;
              return (
                <tr key={measurement.id} className={row.first ? "tumor-first" : undefined}>
                  <td className="tumor-lesion">
                    {!row.first && <span className="heard">{row.lesion.name}</span>}
                    {row.first && (
                      <>
                        <Link className="plain" href={href("record", { entry: row.lesion.id })}>
                          <span className="tumor-swatch" style={{ background: row.color }} aria-hidden="true" />
                          {row.lesion.name}
                        </Link>
                        <span className="place">{lesionWords(row.lesion)}</span>
                      </>
                    )}
                  </td>
                  <td>{timePoint ?? <Unknown />}</td>
                  <td className="tumor-method">
                    <span className={apart ? "tumor-dot hollow" : "tumor-dot"} style={{ borderColor: row.color, background: apart ? undefined : row.color }} aria-hidden="true" />
                    {measurement.method}
                    {measurement.state !== "recorded" && <Mark is={measurement.state} />}
                  </td>
                  <td className="number">
                    <Link className={apart ? "plain tumor-apart" : "plain tumor-size"} href={href("record", { entry: measurement.id })}>
                      {row.diameters}
                    </Link>
                  </td>
                  {apart ? (
                    <td colSpan={2} className="number quiet">
                      not compared
                    </td>
                  ) : (
                    <>
                      <td className="number"><Change text={row.sinceBefore} /></td>
                      <td className="number"><Change text={row.sinceFirst} /></td>
                    </>
                  )}
                  <td className="number">{row.product ?? <span className="quiet">one diameter</span>}</td>
                  <td className="number">{row.volume ?? <span className="quiet">not by hand</span>}</td>
                  <td>
                    {study?.region ?? (measurement.method === "palpation" ? <span className="quiet">by hand</span> : <Unknown />)}
                    {row.unlike.length > 0 && <span className="tumor-unlike undecided">unlike the one before: {row.unlike.join(", ")}</span>}
                  </td>
                  <td><FactText fact={measurement.plane} /></td>
                  <td><FactText fact={measurement.coverage} /></td>
                  <td className="soft">{row.field}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Change({ text }: { readonly text: string | undefined }) {
  if (text === "first") return <span className="quiet">first</span>;
  return <Cell text={text} />;
}

/** RECIST and WHO side by side: a row per time point, under the treatment that it is judged for. */
function Responses({ findings }: { readonly findings: readonly Finding[] }) {
  const { href } = useCase();
  const recist = findings.filter((f) => f.rule === "imaging/recist11" && f.table !== undefined);
  const who = findings.filter((f) => f.rule === "imaging/who1979" && f.table !== undefined);
  const subjects = [...new Set([...recist, ...who].map((f) => f.subject))];
  if (subjects.length === 0) return null;
  const treatment = (f: Finding | undefined) => f?.question.replace(/^Response to /, "").replace(/, (RECIST|WHO products)$/, "");
  return (
    <section className="tumor-block">
      <div className="group-head">
        <h2>At each time point</h2>
        <span>sums against the baseline of each treatment given</span>
      </div>
      <div className="tumor-scroll" tabIndex={0} role="group" aria-label="Table of responses">
        <table className="tumor-table tumor-response">
          <caption className="heard">Response to each treatment at each time point, by RECIST 1.1 and by WHO products</caption>
          <thead>
            <tr>
              <th scope="col">Treatment</th>
              <th scope="col">Time</th>
              <th scope="col">Method</th>
              <th scope="col" className="number">Sum of longest</th>
              <th scope="col" className="number">Against baseline</th>
              <th scope="col" className="number">Against nadir</th>
              <th scope="col">RECIST 1.1</th>
              <th scope="col" className="number">Sum of products</th>
              <th scope="col" className="number">Against baseline</th>
              <th scope="col" className="number">Against smallest</th>
              <th scope="col">WHO</th>
            </tr>
          </thead>
          {subjects.map((subject) => {
            const sums = recist.find((f) => f.subject === subject);
            const products = who.find((f) => f.subject === subject);
            const times = [...new Set([...(sums?.table?.rows ?? []), ...(products?.table?.rows ?? [])].flatMap((row) => row[0] ?? []))];
            return (
              <tbody key={subject}>
                {times.map((time, i) => {
                  const s = sums?.table?.rows.find((row) => row[0] === time);
                  const p = products?.table?.rows.find((row) => row[0] === time);
                  return (
                    <tr key={time} className={i === 0 ? "tumor-first" : undefined}>
                      <td className="tumor-lesion">
                        {i > 0 && <span className="heard">{treatment(sums ?? products)}</span>}
                        {i === 0 && (
                          <Link className="plain" href={href("record", { entry: subject ?? "" })}>
                            {treatment(sums ?? products)}
                          </Link>
                        )}
                      </td>
                      <td>{time}</td>
                      <td>{s?.[1]}</td>
                      <ResponseCells cells={s?.slice(2)} />
                      <ResponseCells cells={p?.slice(1)} />
                    </tr>
                  );
                })}
              </tbody>
            );
          })}
        </table>
      </div>
    </section>
  );
}

/** Sum, change from baseline, change from the smallest, and what that is called. */
function ResponseCells({ cells }: { readonly cells: readonly string[] | undefined }) {
  const [sum, baseline, nadir, response] = cells ?? [];
  if (cells === undefined || sum === "not compared") {
    return (
      <td colSpan={4} className="quiet tumor-none">
        {cells === undefined ? "fewer than two diameters" : "not compared"}
      </td>
    );
  }
  return (
    <>
      <td className="number">{sum}</td>
      {response === "baseline" ? (
        <td colSpan={3} className="number quiet">
          baseline
        </td>
      ) : (
        <>
          <td className="number">{baseline}</td>
          <td className="number">{nadir}</td>
          <td className="strong">{response}</td>
        </>
      )}
    </>
  );
}
