import { useState } from "react";
import { placeOf } from "../components/Quote.tsx";
import { useForm } from "./context.ts";
import { objection, type Draft, type NamedField } from "./model.ts";
import { SourcesField } from "./SourceField.tsx";
import { TextInput } from "./TextInput.tsx";
import { ValueField } from "./ValueField.tsx";

const choices = [
  ["recorded", "recorded"],
  ["not recorded", "not recorded"],
  ["not performed", "not done"],
  ["uncertain", "uncertain"],
] as const;

interface Props {
  readonly field: NamedField;
  readonly id: string;
  readonly value: Draft | undefined;
  readonly onChange: (value: Draft | undefined) => void;
}

/** A fact: its value, its state beside it, why it is not known, and who says so. */
export function FactField({ field, id, value, onChange }: Props) {
  const { record } = useForm();
  const [wants, setWants] = useState<string>();
  const [sources, setSources] = useState(false);
  const [left, setLeft] = useState(false);
  if (field.field.is !== "fact") return null;
  const state = typeof value?.["state"] === "string" ? value["state"] : (wants ?? "not recorded");
  const from = Array.isArray(value?.["from"]) ? (value["from"] as readonly Draft[]) : [];
  const reason = typeof value?.["reason"] === "string" ? value["reason"] : undefined;
  const kept = from.length > 0 ? { from } : {};
  const wrong = value === undefined ? (wants === "recorded" && left ? "Give the value, or choose another state." : undefined) : objection(field.schema, value);

  const setValue = (next: unknown) => {
    setLeft(true);
    setWants(undefined);
    if (next === undefined) onChange(from.length > 0 || reason !== undefined ? { state: state === "uncertain" ? "uncertain" : "not recorded", ...(reason === undefined ? {} : { reason }), ...kept } : undefined);
    else if (state === "uncertain") onChange({ ...value, state, value: next });
    else onChange({ state: "recorded", value: next, ...kept });
  };
  const setState = (next: string) => {
    const had = value?.["value"];
    const why = reason === undefined ? {} : { reason };
    setWants(next);
    if (next === "recorded") onChange(had === undefined ? (from.length > 0 || reason !== undefined ? { state: "not recorded", ...why, ...kept } : undefined) : { state: "recorded", value: had, ...kept });
    else if (next === "not recorded") onChange(from.length > 0 || reason !== undefined ? { state: next, ...why, ...kept } : undefined);
    else onChange({ state: next, ...(next === "uncertain" && had !== undefined ? { value: had } : {}), ...why, ...kept });
  };
  const shown = wants === "recorded" && value === undefined ? "recorded" : state;
  const valued = shown === "recorded" || shown === "uncertain" || shown === "not recorded";
  const [first] = from;
  const place = first === undefined || typeof first["place"] !== "string" ? undefined : placeOf({ document: String(first["document"] ?? ""), place: first["place"] }, record);
  const wide = field.field.of.is === "group" || (field.field.of.is === "text" && field.field.of.long);
  return (
    <div className={wide ? "form-fact wide" : "form-fact"} data-state={shown}>
      <label htmlFor={id} className="field-label">
        {field.label}
        {field.hint !== undefined && <span className="quiet"> {field.hint}</span>}
      </label>
      <div className="form-fact-line">
        <div className="form-fact-value">
          {valued ? (
            <ValueField
              field={field.field.of}
              name={field.key}
              id={id}
              value={value?.["value"]}
              label={field.field.of.is === "group" || field.field.of.is === "quantity" ? field.label : undefined}
              unknown={shown === "uncertain" ? "uncertain" : "not recorded"}
              describedBy={wrong === undefined ? undefined : `${id}-wrong`}
              invalid={wrong !== undefined}
              onChange={setValue}
            />
          ) : (
            <TextInput id={id} aria-label={`${field.label}: why it was not done`} value={reason ?? ""} placeholder="reason not recorded" onLeave={(next) => onChange({ ...value, ...(next.trim() === "" ? { reason: undefined } : { reason: next.trim() }) })} />
          )}
        </div>
        <select className="form-state" aria-label={`${field.label}: state`} value={shown} onChange={(event) => setState(event.target.value)}>
          {choices.map(([choice, name]) => (
            <option key={choice} value={choice}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" className="link small form-sourced" aria-expanded={sources} title={place} onClick={() => setSources(!sources)}>
          {from.length === 0 ? "source" : from.length === 1 ? "1 source" : `${from.length} sources`}
          <span className="heard"> of {field.label}</span>
        </button>
      </div>
      {shown === "uncertain" && (
        <TextInput aria-label={`${field.label}: why it is uncertain`} value={reason ?? ""} placeholder="why it is uncertain" onLeave={(next) => onChange({ ...value, state: "uncertain", ...(next.trim() === "" ? { reason: undefined } : { reason: next.trim() }) })} />
      )}
      {wrong !== undefined && (
        <p id={`${id}-wrong`} className="form-wrong">
          {wrong}
        </p>
      )}
      {sources && (
        <SourcesField
          value={from}
          onChange={(next) => {
            const { from: _before, ...rest } = value ?? { state: "not recorded" };
            onChange(next === undefined ? (rest["state"] === "not recorded" && reason === undefined ? undefined : rest) : { ...rest, from: next });
          }}
        />
      )}
    </div>
  );
}
