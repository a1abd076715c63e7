import { useId } from "react";
import type { GroupProps } from "./context.ts";
import { FactField } from "./FactField.tsx";
import { objection, withKey, type Draft, type NamedField } from "./model.ts";
import { SourcesField } from "./SourceField.tsx";
import { ValueField } from "./ValueField.tsx";

/** The fields of an object, each with its label above and what is wrong with it below. */
export function GroupFields({ fields, value, onChange }: GroupProps) {
  return fields.map((field) => <OneField key={field.key} field={field} value={value} onChange={onChange} />);
}

function OneField({ field, value, onChange }: { readonly field: NamedField; readonly value: Draft; readonly onChange: (value: Draft) => void }) {
  const id = useId();
  const own = value[field.key];
  const set = (next: unknown) => onChange(withKey(value, field.key, next));
  if (field.field.is === "fact") return <FactField field={field} id={id} value={own as Draft | undefined} onChange={set} />;
  if (field.field.is === "list" && field.field.of.is === "source") {
    return (
      <div className="form-plain wide">
        <p className="field-label">{field.label}</p>
        <SourcesField value={Array.isArray(own) ? (own as readonly Draft[]) : []} onChange={set} />
      </div>
    );
  }
  const wrong = own === undefined ? undefined : objection(field.schema, own);
  const missing = own === undefined && field.needed && Object.keys(value).length > 0;
  const list = field.field.is === "list" || field.field.is === "when" || field.field.is === "group";
  const wide = list || (field.field.is === "text" && field.field.long);
  const label = (
    <>
      {field.label}
      {field.needed && Object.keys(value).length > 0 && <span className={missing ? "undecided" : "quiet"}> needed</span>}
      {field.hint !== undefined && <span className="quiet"> {field.hint}</span>}
    </>
  );
  return (
    <div className={wide ? "form-plain wide" : "form-plain"}>
      {field.field.is === "when" ? null : list ? (
        <p className="field-label">{label}</p>
      ) : (
        <label htmlFor={id} className="field-label">
          {label}
        </label>
      )}
      <ValueField field={field.field} name={field.key} id={id} value={own} label={list ? field.label : undefined} describedBy={wrong === undefined ? undefined : `${id}-wrong`} invalid={wrong !== undefined} onChange={(next) => set(Array.isArray(next) && next.length === 0 && !field.needed ? undefined : next)} />
      {wrong !== undefined && (
        <p id={`${id}-wrong`} className="form-wrong">
          {wrong}
        </p>
      )}
    </div>
  );
}
