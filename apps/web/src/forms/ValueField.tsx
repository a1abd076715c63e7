import { useState } from "react";
import type { Quantity } from "@hapax/base";
import { targets, useForm } from "./context.ts";
import { unitChoices, unitWords } from "./labels.ts";
import type { Draft, Field } from "./model.ts";
import { emptyOf } from "./model.ts";
import { numberFrom } from "./number.ts";
import { SourceField } from "./SourceField.tsx";
import { TextInput } from "./TextInput.tsx";
import { WhenField } from "./WhenField.tsx";

export interface ValueProps {
  readonly field: Field;
  /** Key in its object, which decides units offered and what may be pointed to. */
  readonly name: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly id: string;
  /** What the field says while it holds nothing. */
  readonly unknown?: string;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  /** Where no visible label is bound to it. */
  readonly label?: string;
}

/** One value of the record, whatever its type. */
export function ValueField(props: ValueProps) {
  const { Group } = useForm();
  const { field, value, onChange, id, unknown = "", describedBy, invalid = false, label } = props;
  const aria = { id, "aria-describedby": describedBy, "aria-invalid": invalid || undefined, "aria-label": label };
  const text = value === undefined || value === null ? "" : String(value);
  switch (field.is) {
    case "text":
      return <TextInput {...aria} long={field.long} value={text} placeholder={unknown} onLeave={(next) => onChange(next.trim() === "" ? undefined : next.trim())} />;
    case "number":
      return <TextInput {...aria} className="short" inputMode="decimal" value={text} placeholder={unknown} onLeave={(next) => onChange(numberFrom(next))} />;
    case "number or word":
      return (
        <TextInput {...aria} value={text} placeholder={unknown === "" ? `number, or ${field.words.join(", ")}` : unknown} onLeave={(next) => onChange(numberFrom(next))} />
      );
    case "yes or no":
      return (
        <select {...aria} value={text} onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value === "true")}>
          <option value="">{unknown === "" ? "not chosen" : unknown}</option>
          <option value="true">yes</option>
          <option value="false">no</option>
        </select>
      );
    case "choice":
      return (
        <select {...aria} value={text} onChange={(event) => onChange(field.of.find((option) => String(option) === event.target.value))}>
          <option value="">{unknown === "" ? "not chosen" : unknown}</option>
          {field.of.map((option) => (
            <option key={String(option)} value={String(option)}>
              {option}
            </option>
          ))}
        </select>
      );
    case "quantity":
      return <QuantityField {...props} />;
    case "mention":
      return <MentionField {...props} />;
    case "when":
      return <WhenField value={value as Draft | undefined} onChange={onChange} />;
    case "source":
      return <SourceField value={value as Draft} onChange={onChange} />;
    case "group":
      return (
        <div className="form-inline">
          <Group fields={field.fields} value={(value as Draft | undefined) ?? {}} onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)} />
        </div>
      );
    case "list":
      return <ListField {...props} of={field.of} />;
    case "fact":
      return null;
  }
}

function QuantityField({ name, value, onChange, id, unknown, describedBy, invalid, label }: ValueProps) {
  const { kind } = useForm();
  const quantity = (value ?? {}) as Partial<Quantity>;
  const choices = unitChoices[`${kind}.${name}`] ?? unitChoices[name] ?? ["1"];
  const [offered, setOffered] = useState<string>();
  const unit = quantity.unit ?? offered ?? choices[0] ?? "1";
  const [writing, setWriting] = useState(false);
  const listed = choices.includes(unit) ? choices : [...choices, unit];
  const setUnit = (next: string) => {
    setOffered(next);
    if (quantity.value !== undefined) onChange({ ...quantity, unit: next });
  };
  return (
    <span className="form-quantity">
      <TextInput
        id={id}
        inputMode="decimal"
        value={quantity.value === undefined ? "" : String(quantity.value)}
        placeholder={unknown}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        aria-label={label}
        onLeave={(text) => {
          const next = numberFrom(text);
          onChange(next === undefined ? undefined : { value: next, unit });
        }}
      />
      {writing ? (
        <TextInput
          className="form-unit"
          aria-label="Unit, a UCUM code"
          autoFocus
          value={unit}
          onLeave={(text) => {
            setWriting(false);
            if (text.trim() !== "") setUnit(text.trim());
          }}
        />
      ) : (
        <select className="form-unit" aria-label={`Unit${label === undefined ? "" : ` of ${label}`}`} value={unit} onChange={(event) => (event.target.value === "other" ? setWriting(true) : setUnit(event.target.value))}>
          {listed.map((code) => (
            <option key={code} value={code}>
              {unitWords[code] ?? code}
            </option>
          ))}
          <option value="other">another…</option>
        </select>
      )}
    </span>
  );
}

function MentionField({ name, value, onChange, id, describedBy, invalid, label }: ValueProps) {
  const { record } = useForm();
  const list = targets(record, name);
  const text = typeof value === "string" ? value : "";
  const known = text === "" || list.some((t) => t.id === text);
  return (
    <select id={id} aria-describedby={describedBy} aria-invalid={invalid === true || undefined} aria-label={label} value={text} onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}>
      <option value="">{list.length === 0 ? "none in the case yet" : "not chosen"}</option>
      {!known && <option value={text}>{text}, not in the case</option>}
      {list.map((target) => (
        <option key={target.id} value={target.id}>
          {target.name}
        </option>
      ))}
    </select>
  );
}

const singular: Readonly<Record<string, string>> = {
  diameters: "diameter",
  steps: "dose step",
  volumes: "volume",
  organDoses: "organ dose",
  lesions: "lesion",
  bears: "rule",
  about: "entry",
  figures: "figure",
  gaps: "gap",
  keywords: "keyword",
  from: "source",
};

function ListField({ name, value, onChange, id, label, of }: ValueProps & { readonly of: Field }) {
  const { Group } = useForm();
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const [adding, setAdding] = useState(false);
  const one = singular[name] ?? "item";
  const set = (at: number, next: unknown) => {
    const changed = next === undefined ? items.filter((_, i) => i !== at) : items.with(at, next);
    onChange(changed);
  };
  const simple = of.is !== "group" && of.is !== "source";
  const add = () => (simple ? setAdding(true) : onChange([...items, of.is === "group" ? emptyGroup(of) : {}]));
  return (
    <div className={simple ? "form-list simple" : "form-list"} role="group" id={id} aria-label={label ?? one}>
      {items.map((item, i) => (
        <div key={i} className="form-item">
          {of.is === "group" ? (
            <div className="form-grid">
              <Group fields={of.fields} value={item as Draft} onChange={(next) => set(i, next)} />
            </div>
          ) : (
            <ValueField field={of} name={name} id={`${id}-${i}`} value={item} label={`${one} ${i + 1}`} onChange={(next) => set(i, next)} />
          )}
          <button type="button" className="form-drop" aria-label={`Remove ${one} ${i + 1}`} onClick={() => onChange(items.filter((_, j) => j !== i))}>
            ×
          </button>
        </div>
      ))}
      {adding && (
        <div className="form-item">
          <ValueField
            field={of}
            name={name}
            id={`${id}-new`}
            value={undefined}
            label={`new ${one}`}
            onChange={(next) => {
              setAdding(false);
              if (next !== undefined) onChange([...items, next]);
            }}
          />
        </div>
      )}
      <button type="button" className="link small" onClick={add}>
        Add {one === "entry" || one === "item" ? "an" : "a"} {one}
      </button>
    </div>
  );
}

const emptyGroup = (field: Extract<Field, { is: "group" }>): Draft => emptyOf(Object.fromEntries(field.fields.map((f) => [f.key, f.schema])));
