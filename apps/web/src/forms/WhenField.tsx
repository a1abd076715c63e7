import { useId, useState, type ReactNode } from "react";
import { HapaxError } from "@hapax/base";
import { edtfDays } from "@hapax/case";
import { targets, useForm } from "./context.ts";
import { withKey, type Draft } from "./model.ts";
import { TextInput } from "./TextInput.tsx";
import { numberFrom } from "./number.ts";

interface Props {
  readonly value: Draft | undefined;
  readonly onChange: (value: Draft | undefined) => void;
}

/** Why a date cannot be read, in words; undefined where it can. */
export function dateObjection(date: string): string | undefined {
  try {
    edtfDays(date);
    return undefined;
  } catch (error) {
    return error instanceof HapaxError ? `${error.what} ${error.remedy}` : "This date cannot be read.";
  }
}

/** When it happened: at a time point, on a date of any precision, or between other events, and never more than is known. */
export function WhenField({ value = {}, onChange }: Props) {
  const { record } = useForm();
  const id = useId();
  const set = (key: string, next: unknown) => {
    const changed = withKey(value, key, Array.isArray(next) && next.length === 0 ? undefined : next);
    onChange(Object.keys(changed).length === 0 ? undefined : changed);
  };
  const text = (key: string) => (value[key] === undefined ? "" : String(value[key]));
  const loose = ["day", "endDay", "after", "before", "during", "startsWith", "lasts"].some((key) => value[key] !== undefined);
  const [more, setMore] = useState(loose);
  const wrong = value["date"] === undefined ? undefined : dateObjection(text("date"));
  const all = targets(record, "of");
  const days = (key: string, label: string): ReactNode => (
    <div className="field">
      <label htmlFor={`${id}${key}`}>{label}</label>
      <TextInput id={`${id}${key}`} className="short" inputMode="numeric" value={text(key)} onLeave={(next) => set(key, numberFrom(next))} />
    </div>
  );
  const during = Array.isArray(value["during"]) ? (value["during"] as readonly string[]) : [];
  return (
    <div className="form-when">
      <div className="form-inline">
        <div className="field">
          <label htmlFor={`${id}at`}>At time point</label>
          <select id={`${id}at`} value={text("at")} onChange={(event) => set("at", event.target.value)}>
            <option value="">not recorded</option>
            {record.timePoints.map((t) => (
              <option key={t.id} value={t.id}>
                {t.id}, {t.label}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}date`}>Date</label>
          <TextInput
            id={`${id}date`}
            value={text("date")}
            placeholder="2024-03-07, 2024-03, 2024-03~"
            aria-describedby={wrong === undefined ? undefined : `${id}wrong`}
            aria-invalid={wrong !== undefined || undefined}
            onLeave={(next) => set("date", next.trim())}
          />
        </div>
        <button type="button" className="link small form-more" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? "Less of its time" : "Order, bounds and length"}
        </button>
      </div>
      {wrong !== undefined && (
        <p id={`${id}wrong`} className="form-wrong">
          {wrong}
        </p>
      )}
      {more && (
        <div className="form-order">
          <div className="form-inline">
            {days("day", "Days from the anchor")}
            {days("endDay", "End, days from the anchor")}
            <div className="field">
              <label htmlFor={`${id}sw`}>Begins with</label>
              <select id={`${id}sw`} value={text("startsWith")} onChange={(event) => set("startsWith", event.target.value)}>
                <option value="">not recorded</option>
                {all.map((t) => (
                  <option key={t.id} value={t.id}>
                    {t.name}
                  </option>
                ))}
              </select>
            </div>
          </div>
          {(["after", "before"] as const).map((key) => (
            <Bounds key={key} name={key} value={boundsOf(value[key])} onChange={(next) => set(key, next)} />
          ))}
          {during.length > 0 && (
            <div className="form-bound">
              <span className="field-label">During</span>
              {during.map((one) => (
                <span key={one} className="form-chip">
                  {all.find((t) => t.id === one)?.name ?? one}
                  <button type="button" aria-label={`Not during ${one}`} onClick={() => set("during", during.filter((other) => other !== one))}>
                    ×
                  </button>
                </span>
              ))}
            </div>
          )}
          <div className="form-bound">
            <span className="field-label">Add</span>
            {(["after", "before"] as const).map((key) => (
              <AddEvent key={key} says={`${key} an event`} add={(of) => set(key, [...boundsOf(value[key]), { of }])} />
            ))}
            <AddEvent says="during an event" add={(of) => set("during", [...during.filter((one) => one !== of), of])} />
          </div>
          <Span label="Lasts" value={(value["lasts"] as Draft | undefined) ?? {}} onChange={(next) => set("lasts", Object.keys(next).length === 0 ? undefined : next)} />
        </div>
      )}
    </div>
  );
}

const boundsOf = (value: unknown): readonly Draft[] => (Array.isArray(value) ? (value as readonly Draft[]) : []);

/** Adds a bound to another event of the case. */
function AddEvent({ says, add }: { readonly says: string; readonly add: (id: string) => void }) {
  const { record } = useForm();
  return (
    <select aria-label={says} value="" onChange={(event) => add(event.target.value)}>
      <option value="">{says}</option>
      {targets(record, "of").map((t) => (
        <option key={t.id} value={t.id}>
          {t.name}
        </option>
      ))}
    </select>
  );
}

function Bounds({ name, value, onChange }: { readonly name: "after" | "before"; readonly value: readonly Draft[]; readonly onChange: (value: readonly Draft[]) => void }) {
  const { record } = useForm();
  const all = targets(record, "of");
  const word = name === "after" ? "After" : "Before";
  if (value.length === 0) return null;
  return (
    <div className="form-bounds" role="group" aria-label={word}>
      {value.map((bound, i) => (
        <div key={i} className="form-bound">
          <span className="field-label">{word}</span>
          <select aria-label={`${word} which`} value={String(bound["of"] ?? "")} onChange={(event) => onChange(value.with(i, withKey(bound, "of", event.target.value)))}>
            <option value="">not chosen</option>
            {all.map((t) => (
              <option key={t.id} value={t.id}>
                {t.name}
              </option>
            ))}
          </select>
          <Span label="" value={bound} onChange={(next) => onChange(value.with(i, next))} />
          <button type="button" className="form-drop" aria-label="Remove this bound" onClick={() => onChange(value.filter((_, j) => j !== i))}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}

/** At least and at most so many days. */
function Span({ label, value, onChange }: { readonly label: string; readonly value: Draft; readonly onChange: (value: Draft) => void }) {
  return (
    <span className="form-bound">
      {label !== "" && <span className="field-label">{label}</span>}
      {(["atLeastDays", "atMostDays"] as const).map((key) => (
        <label key={key} className="form-days">
          {key === "atLeastDays" ? "at least" : "at most"}
          <TextInput className="short" inputMode="numeric" value={value[key] === undefined ? "" : String(value[key])} onLeave={(next) => onChange(withKey(value, key, numberFrom(next)))} />
          days
        </label>
      ))}
    </span>
  );
}
