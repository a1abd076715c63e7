import { useCallback, useEffect, useId, useRef, useState, type DragEvent, type FormEvent } from "react";
import { HapaxError } from "@hapax/base";
import { tumors } from "@hapax/workup";
import { createCase, exportAddress, importCase, listCases, removeCase, undoCase, type CaseRow } from "../api.ts";
import { changedOn } from "../changed-on.ts";
import { Shell } from "../components/Frame.tsx";
import { Mark } from "../components/Mark.tsx";
import { Problem } from "../components/Problem.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { Waiting } from "../components/Waiting.tsx";
import type { Added, OfSeveral } from "./images/add-scans.ts";
import { ChoosePatient } from "./images/ChoosePatient.tsx";
import { chosenFiles, droppedFiles, isCaseFile, type DroppedFile } from "./images/dropped-files.ts";
import { Uploading, type UploadState } from "./images/Uploading.tsx";
import { moveRow, useKeys } from "../keys.ts";
import { go, Link, useAddress } from "../router.tsx";
import { turnTheme } from "../theme.ts";
import "./Cases.css";

const asProblem = (error: unknown): HapaxError =>
  error instanceof HapaxError ? error : new HapaxError("web/unexpected", String(error), "Reload this page; the records are on the disk.");

/** Every case of this machine in one table. */
export function Cases() {
  const { query } = useAddress();
  const [rows, setRows] = useState<readonly CaseRow[]>();
  const [problem, setProblem] = useState<HapaxError>();
  const [filter, setFilter] = useState("");
  const [over, setOver] = useState(false);
  const [removed, setRemoved] = useState<CaseRow>();
  const field = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [upload, setUpload] = useState<UploadState>();
  const [several, setSeveral] = useState<OfSeveral>();
  const stop = useRef<AbortController>(undefined);
  const adding = query.has("new");

  const read = useCallback(() => listCases().then(setRows, (error: unknown) => setProblem(asProblem(error))), []);
  useEffect(() => {
    document.title = "Cases – Hapax";
    void read();
  }, [read]);
  useKeys({
    n: () => go("/cases?new"),
    "/": () => field.current?.focus(),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    t: turnTheme,
  });

  const taking = async (answering: Promise<Added | OfSeveral>) => {
    setSeveral(undefined);
    const answer = await answering;
    if ("take" in answer) setSeveral(answer);
    else go(`/case/${encodeURIComponent(answer.id)}/images`);
  };
  const takeIn = async (read: Promise<readonly DroppedFile[]>) => {
    setProblem(undefined);
    const control = new AbortController();
    stop.current = control;
    try {
      const files = await read;
      const [first] = files;
      if (first === undefined) return;
      if (await isCaseFile(files)) {
        const { id } = await importCase(first.file);
        go(`/case/${encodeURIComponent(id)}/board`);
        return;
      }
      // The door of scans comes when it is needed.
      const { addScans } = await import("./images/add-scans.ts");
      await taking(addScans(files, undefined, { signal: control.signal, told: setUpload }));
    } catch (error) {
      if (!control.signal.aborted) setProblem(asProblem(error));
    }
    setUpload(undefined);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void takeIn(droppedFiles(event.dataTransfer));
  };
  const remove = (row: CaseRow) => {
    removeCase(row.id).then(
      () => {
        setRemoved(row);
        return read();
      },
      (error: unknown) => setProblem(asProblem(error)),
    );
  };
  const bringBack = (row: CaseRow) => {
    undoCase(row.id, "undo").then(
      () => {
        setRemoved(undefined);
        return read();
      },
      (error: unknown) => setProblem(asProblem(error)),
    );
  };

  const words = filter.toLowerCase().split(/\s+/).filter((w) => w !== "");
  const shown = rows?.filter((row) => words.every((w) => [row.id, row.name, row.who, row.what, row.now, row.tumor].join(" ").toLowerCase().includes(w)));

  return (
    <Shell
      header={<p className="frame-who frame-what">Cases</p>}
      nav={
        <ul>
          <li>
            <Link href="/cases" className="frame-page" aria-current="page">
              <span className="frame-page-name">Cases</span>
              {rows !== undefined && <span className="frame-count">{rows.length}</span>}
            </Link>
          </li>
        </ul>
      }
    >
      <div
        className={over ? "cases over" : "cases"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <div className="page-head">
          <h1>Cases</h1>
          <input
            ref={field}
            className="cases-filter"
            type="search"
            aria-label="Filter cases"
            placeholder="Filter"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") event.currentTarget.blur();
            }}
          />
          <div className="page-actions">
            <input ref={file} type="file" accept=".zip,.json,.dcm,application/zip,application/json,application/dicom" multiple hidden onChange={(event) => void takeIn(Promise.resolve(chosenFiles(event.target.files)))} />
            <button type="button" className="button" onClick={() => file.current?.click()}>
              Import a file
            </button>
            <button type="button" className="button main" onClick={() => go("/cases?new")}>
              New case <kbd aria-hidden="true">N</kbd>
            </button>
          </div>
        </div>
        {several !== undefined && (
          <ChoosePatient
            of={several}
            taking={(answer) => {
              taking(answer).then(() => setUpload(undefined), (error: unknown) => setProblem(asProblem(error)));
            }}
            discard={() => setSeveral(undefined)}
          />
        )}
        {upload !== undefined && <Uploading upload={upload} cancel={() => stop.current?.abort()} />}
        {problem !== undefined && (
          <Problem problem={problem}>
            <button type="button" className="link" onClick={() => setProblem(undefined)}>
              Close
            </button>
          </Problem>
        )}
        {removed !== undefined && (
          <p className="frame-trials" role="status">
            {removed.name ?? removed.id} is removed.
            <button type="button" className="link" onClick={() => bringBack(removed)}>
              Bring it back
            </button>
          </p>
        )}
        {adding && <NewCase onProblem={setProblem} />}
        {rows === undefined && problem === undefined && <Waiting />}
        {rows?.length === 0 && !adding && (
          <p className="cases-none">
            A case is one patient’s record and everything that follows from it. None is here yet.{" "}
            <button type="button" className="link" onClick={() => go("/cases?new")}>
              Start one
            </button>
            , or drop an exported case or a folder of DICOM on this page.
          </p>
        )}
        {rows !== undefined && rows.length > 0 && shown?.length === 0 && <p className="cases-none">No case has these words.</p>}
        {shown !== undefined && shown.length > 0 && (
          <table className="cases-table">
            <caption className="heard">All cases</caption>
            <thead>
              <tr>
                <th scope="col">Case</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Where now</th>
                <th scope="col" className="number">
                  Open
                </th>
                <th scope="col" className="number">
                  Contradictory
                </th>
                <th scope="col">Changed</th>
                <th scope="col">
                  <span className="heard">Do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <Link data-row href={`/case/${encodeURIComponent(row.id)}/board`}>
                      {row.name ?? row.id}
                    </Link>
                  </th>
                  <td>{row.who ?? <Unknown />}</td>
                  <td>{row.what ?? <Unknown />}</td>
                  <td>{row.now ?? <Unknown />}</td>
                  <td className="number">
                    <Tally mark="undecided" n={row.undecided} of="undecided" />
                  </td>
                  <td className="number">
                    <Tally mark="contradiction" n={row.contradictory} of="contradictory" />
                  </td>
                  <td className="soft">{changedOn(row.changed)}</td>
                  <td className="cases-do">
                    <a href={exportAddress(row.id)} aria-label={`Export ${row.name ?? row.id}`}>
                      export
                    </a>
                    <button type="button" className="link" aria-label={`Remove ${row.name ?? row.id}`} onClick={() => remove(row)}>
                      remove
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <p className="place cases-drop">Drop an exported case (.zip) or a case.json anywhere on this page to take it in.</p>
      </div>
    </Shell>
  );
}

function Tally({ mark, n, of }: { readonly mark: "undecided" | "contradiction"; readonly n: number | undefined; readonly of: string }) {
  if (n === undefined) return <Unknown>not computed</Unknown>;
  if (n === 0) return <span className="quiet">none</span>;
  return (
    <span className="cases-tally">
      <Mark is={mark} says={of} size={12} /> {n}
    </span>
  );
}

/** Name and tumor are all that a case needs to begin. */
function NewCase({ onProblem }: { readonly onProblem: (problem: HapaxError) => void }) {
  const id = useId();
  const [name, setName] = useState("");
  const [tumor, setTumor] = useState(tumors[0]?.key ?? "");
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    createCase(name.trim(), tumor).then(
      (made) => go(`/case/${encodeURIComponent(made.id)}/record`),
      (error: unknown) => onProblem(asProblem(error)),
    );
  };
  return (
    <form className="cases-new" onSubmit={start} onKeyDown={(event) => event.key === "Escape" && go("/cases")}>
      <div className="field">
        <label htmlFor={`${id}n`}>Name of the case</label>
        <input id={`${id}n`} autoFocus required maxLength={300} value={name} onChange={(event) => setName(event.target.value)} aria-describedby={`${id}h`} />
      </div>
      <div className="field">
        <label htmlFor={`${id}t`}>Tumor</label>
        <select id={`${id}t`} value={tumor} onChange={(event) => setTumor(event.target.value)}>
          {tumors.map((one) => (
            <option key={one.key} value={one.key}>
              {one.name}
            </option>
          ))}
          <option value="other">another tumor</option>
        </select>
      </div>
      <button type="submit" className="button main">
        Start the case
      </button>
      <button type="button" className="button" onClick={() => go("/cases")}>
        Leave it
      </button>
      <p id={`${id}h`} className="place">
        How you call it among yourselves, without a patient’s name. Everything else can be filled in later, in any order.
      </p>
    </form>
  );
}
