import { useEffect, useMemo, useState } from "react";
import { z } from "zod";
import { HapaxError, listed } from "@hapax/base";
import { CaseRecord, Entry, parseCase, Patient, SourceDocument, TimePoint, titleOf, type Kind } from "@hapax/case";
import { tumors } from "@hapax/workup";
import { Mark } from "../components/Mark.tsx";
import { Problem } from "../components/Problem.tsx";
import { FormContext } from "../forms/context.ts";
import { kindGroups, kindNames } from "../forms/labels.ts";
import { emptyOf, fieldsOf, objections, type Draft, type NamedField, type Schema } from "../forms/model.ts";
import { GroupFields } from "../forms/NamedFields.tsx";
import { go, Link, useAddress } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { History } from "./History.tsx";
import "../forms/forms.css";
import "./RecordForms.css";

type Shape = Readonly<Record<string, Schema>>;
const shapes = new Map<string, Shape>(Entry.options.map((option) => [option.shape.kind.value, option.shape]));
const shapeOf = (kind: Kind): Shape => shapes.get(kind) ?? {};
const common = ["label", "when", "state", "reason", "from", "note"];

/** What of the case is being edited. */
type Part =
  | { readonly is: "case" }
  | { readonly is: "patient" }
  | { readonly is: "history" }
  | { readonly is: "document" | "time point" | "entry"; readonly id: string };

function partOf(query: URLSearchParams, record: CaseRecord): Part {
  for (const is of ["entry", "document", "time point"] as const) {
    const id = query.get(is.replace(" ", "-"));
    if (id !== null) return { is, id };
  }
  if (query.get("part") === "patient") return { is: "patient" };
  if (query.get("part") === "history") return { is: "history" };
  if (query.get("part") === "case" || record.entries.length === 0) return { is: "case" };
  return { is: "patient" };
}

/** Every entry of the case, to be made, changed and removed; each change is saved at once and can be undone. */
export function RecordForms() {
  const open = useCase();
  const { record, href, save, undo, redo, canUndo, canRedo } = open;
  const { query } = useAddress();
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  const [problem, setProblem] = useState<HapaxError>();
  const part = partOf(query, record);
  const shown = "id" in part ? part.id : part.is;
  useEffect(() => setProblem(undefined), [shown]);

  /** Saves a record that holds together; says in place why another does not. */
  const keep = (next: unknown, what: string): boolean => {
    try {
      save(parseCase(next, record.id), what);
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(error instanceof HapaxError ? error : new HapaxError("web/unexpected", String(error), "Undo the last change."));
      return false;
    }
  };
  const setDraft = (id: string, draft: Draft | undefined) =>
    setDrafts((all) => {
      const { [id]: _before, ...rest } = all;
      return draft === undefined ? rest : { ...rest, [id]: draft };
    });
  const look = (to: Readonly<Record<string, string>>) => go(href("record", to));

  const add = (kind: Kind) => {
    const taken = new Set([...record.entries, ...record.timePoints, ...record.documents].map((e) => e.id).concat(Object.keys(drafts)));
    const id = freeId(kind === "drugLevel" ? "drug-level" : kind, taken);
    setDraft(id, { kind, id, ...emptyOf(shapeOf(kind)) });
    look({ entry: id });
  };
  const addTimePoint = () => {
    const id = freeId("T", new Set(record.timePoints.map((t) => t.id)), "");
    if (keep({ ...record, timePoints: [...record.timePoints, { id, label: "Next time point" }] }, `time point ${id} added`)) look({ "time-point": id });
  };
  const addDocument = () => {
    const id = freeId("document", new Set(record.documents.map((d) => d.id)));
    if (keep({ ...record, documents: [...record.documents, { id, title: "New document", kind: "other" }] }, `document ${id} added`)) look({ document: id });
  };

  return (
    <div className="record">
      <div className="page-head record-head">
        <h1>Record</h1>
        <p>every change is saved when you leave the field</p>
        <div className="page-actions">
          <button type="button" className="button" disabled={!canUndo} onClick={undo}>
            Undo <kbd aria-hidden="true">Ctrl Z</kbd>
          </button>
          <button type="button" className="button" disabled={!canRedo} onClick={redo}>
            Redo
          </button>
        </div>
      </div>
      <Contents part={part} drafts={drafts} add={add} addTimePoint={addTimePoint} addDocument={addDocument} />
      <div className="record-form">
        {problem !== undefined && <Problem problem={problem} />}
        {part.is === "history" && <History />}
        <FormContext value={{ record, Group: GroupFields, kind: part.is === "entry" ? String((drafts[part.id] ?? record.entries.find((e) => e.id === part.id))?.["kind"] ?? "") : part.is }}>
          {part.is === "case" && <CaseForm key="case" keep={keep} />}
          {part.is === "patient" && (
            <ObjectForm
              key="patient"
              title="Patient"
              id="patient"
              shape={Patient.shape}
              stored={record.patient}
              draft={drafts["patient"]}
              setDraft={setDraft}
              commit={(patient, what) => keep({ ...record, patient }, `patient: ${what}`)}
            />
          )}
          {part.is === "time point" && (
            <ListedForm key={part.id} id={part.id} list="timePoints" name="Time point" shape={TimePoint.shape} drafts={drafts} setDraft={setDraft} keep={keep} />
          )}
          {part.is === "document" && (
            <ListedForm key={part.id} id={part.id} list="documents" name="Document" shape={SourceDocument.shape} drafts={drafts} setDraft={setDraft} keep={keep} />
          )}
          {part.is === "entry" && <EntryForm key={part.id} id={part.id} draft={drafts[part.id]} setDraft={setDraft} keep={keep} />}
        </FormContext>
      </div>
    </div>
  );
}

/** "histology-1", the first that is free. */
function freeId(stem: string, taken: ReadonlySet<string>, joint = "-"): string {
  for (let n = 1; ; n++) {
    const id = `${stem}${joint}${n}`;
    if (!taken.has(id)) return id;
  }
}

interface ContentsProps {
  readonly part: Part;
  readonly drafts: Readonly<Record<string, Draft>>;
  readonly add: (kind: Kind) => void;
  readonly addTimePoint: () => void;
  readonly addDocument: () => void;
}

/** Everything in the record, by kind, each kind with a way to add to it. */
function Contents({ part, drafts, add, addTimePoint, addDocument }: ContentsProps) {
  const { record, href } = useCase();
  const current = (is: Part["is"], id?: string) => (part.is === is && (id === undefined || ("id" in part && part.id === id)) ? ("page" as const) : undefined);
  const byKind = useMemo(() => Map.groupBy(record.entries, (e) => e.kind), [record.entries]);
  const unsaved = Object.values(drafts).filter((d) => d["kind"] !== undefined && !record.entries.some((e) => e.id === d["id"]));
  return (
    <nav className="record-contents" aria-label="Entries">
      <ul>
        <li>
          <Link data-row className="record-entry" aria-current={current("case")} href={href("record", { part: "case" })}>
            Case
          </Link>
        </li>
        <li>
          <Link data-row className="record-entry" aria-current={current("patient")} href={href("record", { part: "patient" })}>
            Patient
          </Link>
        </li>
      </ul>
      <Group name="Time points" count={record.timePoints.length} add={addTimePoint} one="time point">
        {record.timePoints.map((t) => (
          <li key={t.id}>
            <Link data-row className="record-entry" aria-current={current("time point", t.id)} href={href("record", { "time-point": t.id })}>
              {t.id}, {t.label}
            </Link>
          </li>
        ))}
      </Group>
      <Group name="Documents" count={record.documents.length} add={addDocument} one="document">
        {record.documents.map((d) => (
          <li key={d.id}>
            <Link data-row className="record-entry" aria-current={current("document", d.id)} href={href("record", { document: d.id })}>
              {d.title}
            </Link>
          </li>
        ))}
      </Group>
      <ul>
        <li>
          <Link data-row className="record-entry" aria-current={current("history")} href={href("record", { part: "history" })}>
            History
          </Link>
        </li>
      </ul>
      {kindGroups.map(([group, kinds]) => (
        <section key={group}>
          <h2>{group}</h2>
          {kinds.map((kind) => {
            const entries = byKind.get(kind) ?? [];
            const begun = unsaved.filter((d) => d["kind"] === kind);
            return (
              <Group key={kind} name={kindNames[kind]} count={entries.length} add={() => add(kind)} one={kindNames[kind].toLowerCase()}>
                {entries.map((entry) => (
                  <li key={entry.id}>
                    <Link data-row className="record-entry" aria-current={current("entry", entry.id)} href={href("record", { entry: entry.id })}>
                      {entry.state !== "recorded" && <Mark is={entry.state} size={12} />}
                      <span>{titleOf(entry)}</span>
                    </Link>
                  </li>
                ))}
                {begun.map((draft) => (
                  <li key={String(draft["id"])}>
                    <Link data-row className="record-entry" aria-current={current("entry", String(draft["id"]))} href={href("record", { entry: String(draft["id"]) })}>
                      <span className="undecided">{String(draft["id"])}, not saved yet</span>
                    </Link>
                  </li>
                ))}
              </Group>
            );
          })}
        </section>
      ))}
    </nav>
  );
}

interface GroupProps {
  readonly name: string;
  readonly count: number;
  readonly one: string;
  readonly add: () => void;
  readonly children: React.ReactNode;
}

function Group({ name, count, one, add, children }: GroupProps) {
  return (
    <div className="record-kind">
      <p>
        <span className={count === 0 ? "quiet" : undefined}>{name}</span>
        <button type="button" className="link" aria-label={`Add ${one}`} onClick={add}>
          add
        </button>
      </p>
      <ul>{children}</ul>
    </div>
  );
}

interface ObjectFormProps {
  readonly title: string;
  readonly id: string;
  readonly shape: Shape;
  readonly stored: object | undefined;
  readonly draft: Draft | undefined;
  readonly setDraft: (id: string, draft: Draft | undefined) => void;
  /** Stores a whole object; false where the case would not hold together. */
  readonly commit: (value: Draft, what: string) => boolean;
  readonly remove?: () => void;
  /** Fields in the order of the form, by their keys; all of the shape where left out. */
  readonly sections?: readonly (readonly [name: string, keys: readonly string[]])[];
  readonly file?: string;
}

/** A form over one object of the record; what does not fit yet is kept here, what fits is saved. */
function ObjectForm({ title, id, shape, stored, draft, setDraft, commit, remove, sections, file }: ObjectFormProps) {
  const value = draft ?? (stored as Draft | undefined) ?? {};
  const fields = useMemo(() => fieldsOf(shape), [shape]);
  const wrong = objections(fields, value);
  const groups = sections ?? [["", fields.map((f) => f.key)] as const];
  const pick = (keys: readonly string[]) => keys.flatMap((key) => fields.find((f) => f.key === key) ?? []);

  const change = (next: Draft) => {
    const label = fields.find((f) => next[f.key] !== value[f.key])?.label ?? title;
    const fits = objections(fields, next).length === 0;
    if (fits && commit(next, label.toLowerCase())) setDraft(id, undefined);
    else setDraft(id, next);
  };
  const isNew = stored === undefined;
  return (
    <form className="record-object" onSubmit={(event) => event.preventDefault()} aria-label={title}>
      <div className="record-title">
        <h2>{title}</h2>
        {file !== undefined && <span className="mono quiet">{file}</span>}
        {remove !== undefined && (
          <button type="button" className="link small record-remove" onClick={remove}>
            {isNew ? "Leave it" : "Remove"}
          </button>
        )}
      </div>
      {draft !== undefined && wrong.length > 0 && (
        <p className="record-waiting" role="status">
          <Mark is="undecided" says="" /> {isNew ? "Not saved yet" : "The last change is not saved yet"}: {listNeeds(wrong)}.
        </p>
      )}
      {groups.map(([name, keys]) => {
        const own = pick(keys);
        return own.length === 0 ? null : (
          <fieldset key={name} className="record-section">
            <legend className={name === "" ? "heard" : undefined}>{name === "" ? title : name}</legend>
            <div className="form-grid">
              <GroupFields fields={own as readonly NamedField[]} value={value} onChange={change} />
            </div>
          </fieldset>
        );
      })}
    </form>
  );
}

function listNeeds(wrong: readonly { readonly label: string; readonly words: string }[]): string {
  const needed = wrong.filter((w) => w.words === "This is needed." || w.words === "Choose one." || w.words === "Add at least one.").map((w) => w.label);
  const others = wrong.filter((w) => !needed.includes(w.label)).map((w) => `${w.label}: ${w.words.replace(/\.$/, "")}`);
  const needs = needed.length === 0 ? [] : [`${listed(needed)} ${needed.length === 1 ? "is" : "are"} needed`];
  return [...needs, ...others].join("; ");
}

type Keep = (next: unknown, what: string) => boolean;
interface PartProps {
  readonly id: string;
  readonly setDraft: (id: string, draft: Draft | undefined) => void;
  readonly keep: Keep;
}

function EntryForm({ id, draft, setDraft, keep }: PartProps & { readonly draft: Draft | undefined }) {
  const { record, href } = useCase();
  const stored = record.entries.find((e) => e.id === id);
  const kind = (stored?.kind ?? draft?.["kind"]) as Kind | undefined;
  if (kind === undefined) return <p>Nothing in the record has the id {id}; it may have been undone or removed.</p>;
  const shape = shapeOf(kind);
  const own = Object.keys(shape).filter((key) => !common.includes(key) && key !== "kind" && key !== "id");
  return (
    <ObjectForm
      title={stored === undefined ? `New ${kindNames[kind].toLowerCase()}` : titleOf(stored)}
      file={`${kind} ${id}`}
      id={id}
      shape={shape}
      stored={stored}
      draft={draft}
      setDraft={setDraft}
      sections={[
        ["", own],
        ["Its time", ["when"]],
        ["The entry as a whole", ["state", "reason", "label", "note", "from"]],
      ]}
      commit={(entry, what) =>
        keep(
          { ...record, entries: stored === undefined ? [...record.entries, entry] : record.entries.map((e) => (e.id === id ? entry : e)) },
          stored === undefined ? `${kindNames[kind].toLowerCase()} ${id} added` : `${titleOf(stored)}: ${what}`,
        )
      }
      remove={() => {
        setDraft(id, undefined);
        if (stored === undefined || keep({ ...record, entries: record.entries.filter((e) => e.id !== id) }, `${titleOf(stored)} removed`)) {
          go(href("record", { part: "patient" }));
        }
      }}
    />
  );
}

interface ListedProps extends PartProps {
  readonly list: "timePoints" | "documents";
  readonly name: string;
  readonly shape: Shape;
  readonly drafts: Readonly<Record<string, Draft>>;
}

function ListedForm({ id, list, name, shape, drafts, setDraft, keep }: ListedProps) {
  const { record, href } = useCase();
  const items: readonly { readonly id: string }[] = record[list];
  const stored = items.find((item) => item.id === id);
  if (stored === undefined) return <p>Nothing in the record has the id {id}; it may have been undone or removed.</p>;
  return (
    <ObjectForm
      title={`${name} ${id}`}
      id={id}
      shape={shape}
      stored={stored}
      draft={drafts[id]}
      setDraft={setDraft}
      commit={(value, what) => keep({ ...record, [list]: items.map((item) => (item.id === id ? value : item)) }, `${name.toLowerCase()} ${id}: ${what}`)}
      remove={() => {
        const anchor = record.anchor === id ? { anchor: undefined } : {};
        if (keep({ ...record, ...anchor, [list]: items.filter((item) => item.id !== id) }, `${name.toLowerCase()} ${id} removed`)) {
          setDraft(id, undefined);
          go(href("record", { part: "patient" }));
        }
      }}
    />
  );
}

const caseShape = {
  name: CaseRecord.shape.name,
  title: CaseRecord.shape.title,
  tumor: z.enum(["other", ...tumors.map((t) => t.key)]).or(CaseRecord.shape.tumor),
  anchor: CaseRecord.shape.anchor,
  keywords: CaseRecord.shape.keywords,
};

function CaseForm({ keep }: { readonly keep: Keep }) {
  const { record } = useCase();
  const [draft, setDraft] = useState<Draft>();
  const { name, title, tumor, anchor, keywords } = record;
  return (
    <ObjectForm
      title="Case"
      id="case"
      file={record.id}
      shape={caseShape}
      stored={{ name, title, tumor, ...(anchor === undefined ? {} : { anchor }), ...(keywords === undefined ? {} : { keywords }) }}
      draft={draft}
      setDraft={(_, next) => setDraft(next)}
      commit={(value, what) => {
        const { anchor: _anchor, keywords: _keywords, ...rest } = record;
        return keep({ ...rest, ...value }, `case: ${what}`);
      }}
    />
  );
}
