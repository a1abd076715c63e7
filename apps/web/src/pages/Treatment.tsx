import { useState } from "react";
import { lowerFirst, show, showNumber } from "@hapax/base";
import { known, titleOf, type CaseView, type EntryOf, type Finding } from "@hapax/case";
import { ledgerBars, ledgerFigure } from "@hapax/figures";
import { ledger, organData, organName, type LedgerRow } from "@hapax/radiobiology";
import { courseFacts, stateWords } from "@hapax/radiotherapy";
import { doseHistory } from "@hapax/systemic";
import { CardGroup } from "../components/CardGroup.tsx";
import { CardLink } from "../components/CardLink.tsx";
import { FigureView } from "../components/FigureView.tsx";
import { Mark } from "../components/Mark.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { ValueText } from "../components/ValueText.tsx";
import { WhatIf } from "../components/WhatIf.tsx";
import { treatmentRules } from "../page-rules.ts";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { NextCourse } from "./NextCourse.tsx";
import "./Treatment.css";

/** The rules that are at home on this page. */
const isHere = (finding: Finding) => treatmentRules.some((rule) => finding.rule.startsWith(rule));

/** What was given, what it adds up to in every organ, and what a next course may still give. */
export function Treatment() {
  const { workup, href } = useCase();
  const { view, findings } = workup;
  const courses = view.all("radiotherapy");
  const drugs = view.all("drug");
  return (
    <div className="treatment">
      <div className="page-head">
        <h1>Treatment</h1>
        <p>as recorded; doses in Gy, EQD2 by the dose per fraction of each volume</p>
      </div>
      {courses.length + drugs.length === 0 && (
        <p className="treatment-none">
          Courses of radiotherapy and drugs appear here, with what each organ has had. <Link href={href("record")}>Record a treatment</Link>
        </p>
      )}
      {courses.length > 0 && <Courses view={view} courses={courses} findings={findings} />}
      {courses.length > 0 && <Ledger view={view} />}
      {drugs.length > 0 && <Drugs view={view} drugs={drugs} findings={findings} />}
      <CardGroup name="Dose and effect" about="EQD2, ledger, what a next course may give" findings={findings.filter((f) => f.rule.startsWith("radiobiology/"))} />
      <CardGroup name="Courses" findings={findings.filter((f) => f.rule.startsWith("radiotherapy/"))} />
      <CardGroup name="Drugs" findings={findings.filter((f) => isHere(f) && f.rule.startsWith("systemic/"))} />
      <WhatIf here={isHere} />
    </div>
  );
}

interface CoursesProps {
  readonly view: CaseView;
  readonly courses: readonly EntryOf<"radiotherapy">[];
  readonly findings: readonly Finding[];
}

function Courses({ view, courses, findings }: CoursesProps) {
  return (
    <div className="treatment-scroll">
      <table className="treatment-courses">
        <caption className="heard">Courses of radiotherapy, one row for each volume</caption>
        <thead>
          <tr>
            <th scope="col">Radiotherapy</th>
            <th scope="col" className="number">
              Gy in fractions
            </th>
            <th scope="col" className="number">
              Gy each
            </th>
            <th scope="col" className="number">
              EQD2, α/β 2
            </th>
            <th scope="col" className="number">
              <span className="heard">EQD2, α/β </span>3
            </th>
            <th scope="col" className="number">
              <span className="heard">EQD2, α/β </span>10
            </th>
            <th scope="col">Target</th>
            <th scope="col">Organs</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {courses.map((course) => (
            <CourseRows key={course.id} view={view} course={course} findings={findings} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One decimal, a second only where the dose per fraction has one: 2.2, 3.0, 1.25. */
const perFraction = (gy: number) => showNumber(gy, Number.isInteger(Math.round(gy * 1000) / 100) ? 1 : 2);

function CourseRows({ view, course, findings }: { readonly view: CaseView; readonly course: EntryOf<"radiotherapy">; readonly findings: readonly Finding[] }) {
  const facts = courseFacts(course, 5);
  const card = findings.find((f) => f.rule === "radiotherapy/courses" && f.subject === course.id);
  const eqd2 = findings.filter((f) => f.rule === "radiobiology/eqd2" && f.subject?.startsWith(`${course.id}/`));
  const volumes = facts.volumes.map((volume, i) => ({ volume, finding: eqd2[i] })).sort((a, b) => (b.volume.gy ?? 0) - (a.volume.gy ?? 0));
  const rows = volumes.length === 0 ? [undefined] : volumes;
  const happened = course.state === "recorded" || course.state === "completion not recorded";
  return rows.map((row, i) => {
    const first = i === 0;
    const { volume, finding } = row ?? {};
    const name = `${facts.technique}${volume?.boost === true ? ", boost" : ""}`;
    return (
      <tr key={volume?.name ?? course.id} className={happened ? undefined : "treatment-not-given"}>
        <th scope="row">
          <Mark is={course.state} says={stateWords[course.state]} />
          {card === undefined ? (
            name
          ) : (
            <CardLink to={card} className="plain" row>
              {name}
            </CardLink>
          )}
          <span className={volumes.length > 1 ? "treatment-sub mono" : "treatment-sub"}>{volumes.length > 1 ? volume?.name : (facts.intent ?? "intent not recorded")}</span>
        </th>
        <td className="number">
          {volume?.gy === undefined ? <Unknown>no dose</Unknown> : showNumber(volume.gy)}
          {facts.fractions !== undefined && volume?.gy !== undefined && ` in ${facts.fractions}`}
          {facts.fractions === undefined && volume?.gy !== undefined && (
            <>
              {" "}
              <Unknown>fractions</Unknown>
            </>
          )}
        </td>
        {volume?.perFraction === undefined ? (
          <td colSpan={4} className="number quiet">
            nothing to compute
          </td>
        ) : (
          <>
            <td className="number">{perFraction(volume.perFraction)}</td>
            {(["2", "3", "10"] as const).map((alphaBeta) => (
              <td key={alphaBeta} className="number">
                <Eqd2 finding={finding} alphaBeta={alphaBeta} />
              </td>
            ))}
          </>
        )}
        <td>
          {first ? facts.site : "same"}
          {volume?.site !== undefined && volume.site !== facts.site && <span className="treatment-sub">{lowerFirst(volume.site)}</span>}
        </td>
        <td>{first ? <Organs course={course} findings={findings} /> : "same"}</td>
        <td>
          {first && (
            <>
              {stateWords[course.state]}
              {course.reason !== undefined && `: ${lowerFirst(course.reason)}`}
              {course.state === "recorded" && <During view={view} id={course.id} />}
            </>
          )}
          {finding?.stated !== undefined && (
            <p>
              {!first && "same; "}stated EQD2{" "}
              <CardLink to={finding} className={finding.stated.agrees ? "quote plain" : "quote against"}>
                “{finding.stated.text}”{!finding.stated.agrees && " ≠"}
              </CardLink>
            </p>
          )}
          {!first && finding?.stated === undefined && "same"}
        </td>
      </tr>
    );
  });
}

function Eqd2({ finding, alphaBeta }: { readonly finding: Finding | undefined; readonly alphaBeta: string }) {
  const row = finding?.table?.rows.find(([at]) => at === alphaBeta);
  if (finding === undefined || row === undefined) return <Unknown>not computed</Unknown>;
  return (
    <CardLink to={finding} className="plain">
      {row[2]}
    </CardLink>
  );
}

/** What befell during a course, as recorded. */
function During({ view, id }: { readonly view: CaseView; readonly id: string }) {
  const during = view.all("complication").filter((c) => c.when?.during?.includes(id) === true);
  return during.map((c) => <span key={c.id}>; {lowerFirst(titleOf(c))} during the course</span>);
}

function Organs({ course, findings }: { readonly course: EntryOf<"radiotherapy">; readonly findings: readonly Finding[] }) {
  const hotSpot = findings.find((f) => f.rule === "radiobiology/hot-spot" && f.subject === course.id);
  const percent = known(course.globalMaximum);
  if (course.organDoses.length === 0 && percent === undefined) return <Unknown />;
  return (
    <>
      {course.organDoses.map((organ) => {
        const dose = known(organ.dose);
        return (
          <p key={`${organ.organ} ${organ.metric}`} title={organName(organ.organ)}>
            {organData(organ.organ)?.short ?? organ.organ} {organ.metric} {dose === undefined ? <Unknown /> : show(dose)}
          </p>
        );
      })}
      {percent !== undefined && (
        <p>
          {hotSpot === undefined ? (
            `Dmax ${showNumber(percent)} %`
          ) : (
            <CardLink to={hotSpot} className="plain">
              Dmax {showNumber(percent)} %, {hotSpot.text.replace(/,.*$/, "")}
            </CardLink>
          )}
        </p>
      )}
    </>
  );
}

const opens = 4;

/** First the organs with a recorded dose or a limit that is exceeded, then the others, as far as a page opens. */
function leading(rows: readonly LedgerRow[]): readonly LedgerRow[] {
  const speaks = (row: LedgerRow) => row.contributions.some((c) => c.known !== "bounds only") || row.limits.some((l) => l.stands === "exceeded");
  return [...rows.filter(speaks), ...rows.filter((row) => !speaks(row))].slice(0, Math.max(opens, rows.filter(speaks).length));
}

function Ledger({ view }: { readonly view: CaseView }) {
  const { workup } = useCase();
  const [all, setAll] = useState(false);
  const rows = ledger(view);
  const first = leading(rows);
  const shown = all ? rows : first;
  const recovery = rows[0]?.recovery ?? 0;
  return (
    <div className="treatment-ledger">
      <section aria-label="Ledger">
        <div className="group-head">
          <h2>Ledger</h2>
          <span>what each organ has had, course on course; {recovery === 0 ? "no recovery credited" : `${showNumber(recovery)} % recovery of earlier courses`}</span>
        </div>
        <FigureView figure={ledgerFigure(view, workup.findings, { width: 836, ledger: ledgerBars(shown) })} />
        {rows.length > first.length && (
          <p className="treatment-more">
            <button type="button" className="link small" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? "Fewer organs" : `${rows.length - first.length} more organs`}
            </button>
          </p>
        )}
      </section>
      <NextCourse rows={rows} findings={workup.findings} />
    </div>
  );
}

interface DrugsProps {
  readonly view: CaseView;
  readonly drugs: readonly EntryOf<"drug">[];
  readonly findings: readonly Finding[];
}

function Drugs({ view, drugs, findings }: DrugsProps) {
  const ordered = [...drugs.filter((d) => d.purpose === "antitumor"), ...drugs.filter((d) => d.purpose === "supportive")];
  const lines = findings.find((f) => f.rule === "systemic/lines");
  return (
    <section className="treatment-drugs" aria-label="Systemic and supportive">
      <div className="group-head">
        <h2>Systemic and supportive</h2>
        {lines !== undefined && (
          <span>
            <CardLink to={lines} className="plain">
              antitumor lines: {lines.text}
            </CardLink>
          </span>
        )}
      </div>
      <table>
        <caption className="heard">Drugs with their doses, levels and state</caption>
        <thead>
          <tr>
            <th scope="col">Drug</th>
            <th scope="col">Doses</th>
            <th scope="col">Level</th>
            <th scope="col">State and effect</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((drug) => (
            <DrugRow key={drug.id} view={view} drug={drug} findings={findings} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DrugRow({ view, drug, findings }: { readonly view: CaseView; readonly drug: EntryOf<"drug">; readonly findings: readonly Finding[] }) {
  const { href } = useCase();
  const given = drug.state === "recorded" || drug.state === "completion not recorded";
  const route = known(drug.route);
  const planned = known(drug.plannedLength);
  const stop = known(drug.stop);
  const name = titleOf(drug);
  return (
    <tr className={given ? undefined : "treatment-not-given"}>
      <th scope="row">
        <Mark is={drug.state} says={given && drug.state === "recorded" ? "given" : drug.state} />
        <Link href={href("record", { entry: drug.id })} className="plain" data-row="">
          {name.charAt(0).toUpperCase() + name.slice(1)}
        </Link>
        {route !== undefined && <span className="treatment-route">, {route}</span>}
      </th>
      <td>
        {drug.steps.length > 0 ? (
          <ul>
            {doseHistory(view, drug).map((step, i) => (
              <li key={i}>{step.startsWith("dose not recorded") ? <DoseUnknown step={step} /> : `${i > 0 ? "then " : ""}${step}`}</li>
            ))}
          </ul>
        ) : (
          <>
            {planned !== undefined && `${show(planned)} planned, `}
            <Unknown>no dose</Unknown>
          </>
        )}
      </td>
      <td>
        <Levels view={view} drug={drug} findings={findings} />
      </td>
      <td>
        {!given && `${drug.state}${drug.reason === undefined ? "" : `: ${lowerFirst(drug.reason)}`}`}
        {given && <Effects drug={drug} findings={findings} stop={stop} />}
      </td>
    </tr>
  );
}

function DoseUnknown({ step }: { readonly step: string }) {
  return (
    <>
      <Unknown>dose not recorded</Unknown>
      {step.replace(/^dose not recorded/, "")}
    </>
  );
}

function Levels({ view, drug, findings }: { readonly view: CaseView; readonly drug: EntryOf<"drug">; readonly findings: readonly Finding[] }) {
  const about = (rule: string) => findings.find((f) => f.rule === rule && f.because.some((r) => r.entries?.includes(drug.id)));
  const typical = about("systemic/sirolimus-typical");
  const levels = view.all("drugLevel").filter((level) => level.drug === drug.id);
  if (levels.length === 0) return <span className="quiet">{drug.state === "recorded" ? "no level" : "nothing to measure"}</span>;
  return levels.map((level) => {
    const value = known(level.value);
    const at = known(level.dose);
    return (
      <p key={level.id}>
        level {value === undefined ? <Unknown /> : <strong>{show(value)}</strong>}
        {at !== undefined && ` at ${show(at)}`}
        {typical !== undefined && <span className="quiet"> typical {typical.text.replace(/ .*$/, "")}</span>}
      </p>
    );
  });
}

function Effects({ drug, findings, stop }: { readonly drug: EntryOf<"drug">; readonly findings: readonly Finding[]; readonly stop: string | undefined }) {
  const response = findings.find((f) => f.rule === "imaging/recist11" && f.subject === drug.id);
  const interactions = findings.filter((f) => f.rule === "systemic/interactions" && f.subject?.endsWith(`/${drug.id}`) === true);
  return (
    <>
      {response !== undefined && (
        <p>
          <strong>{response.text}</strong> <span className="quiet">RECIST</span>
        </p>
      )}
      {interactions.map((finding) => (
        <p key={finding.subject}>
          <CardLink to={finding} className="plain">
            {finding.question}: <ValueText finding={finding} />
          </CardLink>
        </p>
      ))}
      <p>{stop !== undefined ? `ended: ${lowerFirst(stop)}` : <Unknown>end not recorded</Unknown>}</p>
    </>
  );
}
