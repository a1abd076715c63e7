import { useId, useState } from "react";
import { show } from "@hapax/base";
import type { Study } from "@hapax/case";
import { nameOf } from "@hapax/evidence";
import { findReference } from "@hapax/references";
import { Checked } from "../components/Checked.tsx";
import { Unknown } from "../components/Unknown.tsx";

const opens = 10;

/** What the filter looks through. */
function textOf(study: Study): string {
  return [
    nameOf(study), study.reference, study.design, study.population, study.site, study.treatment, study.course?.technique, study.response, study.outcome,
    study.biomarker, study.directness, ...study.results.flatMap((r) => [r.topic, r.says]),
  ].join(" ").toLowerCase();
}

/** Every study, series and single patient of the library of the tumor; a row opens to what was found. */
export function Library({ studies, words }: { readonly studies: readonly Study[]; readonly words: string }) {
  const [all, setAll] = useState(false);
  if (studies.length === 0) return <p className="evidence-none">No library of studies is known for this tumor.</p>;
  const ordered = [...studies.filter((s) => s.treatment !== undefined), ...studies.filter((s) => s.treatment === undefined)];
  const wanted = ordered.filter((study) => words.toLowerCase().split(/\s+/).every((word) => textOf(study).includes(word)));
  const shown = all || words.trim() !== "" ? wanted : wanted.slice(0, opens);
  return (
    <section className="evidence-library">
      <div className="group-head">
        <h2>Library of this tumor</h2>
        <span>
          {studies.length} studies, {studies.filter((s) => s.checked === "read").length} with the source read, {studies.filter((s) => s.directness === "this tumor").length} of this tumor
        </span>
      </div>
      <div className="evidence-scroll">
        <table>
          <caption className="heard">Studies with design, treatment and outcome; the button of a study opens its results</caption>
          <thead>
            <tr>
              {["Study", "Design", "Population, site", "Treatment", "Response", "Outcome", "Biomarker", "Checked"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((study) => (
              <StudyRows key={study.key} study={study} />
            ))}
          </tbody>
        </table>
      </div>
      {wanted.length === 0 && <p className="evidence-more">No study matches.</p>}
      {words.trim() === "" && studies.length > opens && (
        <p className="evidence-more">
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Fewer studies" : `All ${studies.length} studies`}
          </button>
        </p>
      )}
    </section>
  );
}

function StudyRows({ study }: { readonly study: Study }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const treated = study.treatment !== undefined;
  return (
    <>
      <tr className={open ? "open" : undefined}>
        <th scope="row">
          <button type="button" data-row aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            {nameOf(study)}
          </button>
          {study.directness !== "this tumor" && <span className="evidence-sub against">{study.directness}</span>}
        </th>
        <td>
          {study.design}
          <span className="evidence-sub">{study.n === undefined ? <Unknown>n not told</Unknown> : `n ${study.n}`}</span>
        </td>
        <td>
          {study.population}
          {study.site !== undefined && !study.population.includes(study.site) && <span className="evidence-sub">{study.site}</span>}
        </td>
        {treated ? (
          <>
            <td>
              {study.treatment}
              {study.course !== undefined && (
                <span className="evidence-sub">
                  {show(study.course.dose)} {study.course.fractions === undefined ? <Unknown>fractions not recorded</Unknown> : `in ${study.course.fractions}`}
                  {study.course.technique !== undefined && `, ${study.course.technique}`}
                </span>
              )}
            </td>
            <td>{study.response ?? <Unknown>not told</Unknown>}</td>
            <td>{study.outcome ?? <Unknown>not told</Unknown>}</td>
          </>
        ) : (
          <td colSpan={3} className="soft">
            no treatment; on {[...new Set(study.results.map((r) => (r.topic.split(": ")[1] ?? r.topic)))].join(", ") || "nothing read yet"}
          </td>
        )}
        <td>{study.biomarker ?? <span className="quiet">none told</span>}</td>
        <td>
          <Checked checked={study.checked} />
        </td>
      </tr>
      {open && (
        <tr className="evidence-results open" id={id}>
          <td colSpan={8}>
            <Results study={study} />
          </td>
        </tr>
      )}
    </>
  );
}

function Results({ study }: { readonly study: Study }) {
  const reference = study.citation === undefined ? undefined : findReference(study.citation);
  return (
    <>
      {study.results.length === 0 && <p>Its source was not found; what stands above is as the documents of the case cite it.</p>}
      {study.results.length > 0 && (
        <dl>
          {study.results.map((result, i) => (
            <div key={i}>
              <dt>{result.topic}</dt>
              <dd>{result.says}</dd>
            </div>
          ))}
        </dl>
      )}
      {study.course?.note !== undefined && <p className="soft">{study.course.note}</p>}
      {reference !== undefined && (
        <p className="place">
          {reference.authors} ({reference.year}). {reference.title}. {reference.where}
          {reference.doi !== undefined && (
            <>
              {" "}
              <a href={`https://doi.org/${reference.doi}`} target="_blank" rel="noreferrer">
                doi {reference.doi}
              </a>
            </>
          )}
        </p>
      )}
    </>
  );
}
