import { useId } from "react";
import { targets, useForm } from "./context.ts";
import { withKey, type Draft } from "./model.ts";
import { TextInput } from "./TextInput.tsx";

interface Props {
  readonly value: Draft;
  readonly onChange: (value: Draft) => void;
}

/** Which document says so, where in it, and its wording. */
export function SourceField({ value, onChange }: Props) {
  const { record } = useForm();
  const id = useId();
  const text = (key: string) => (typeof value[key] === "string" ? value[key] : "");
  return (
    <div className="form-source">
      <div className="field">
        <label htmlFor={`${id}d`}>Document</label>
        <select id={`${id}d`} value={text("document")} onChange={(event) => onChange(withKey(value, "document", event.target.value))}>
          <option value="">not chosen</option>
          {targets(record, "document").map((d) => (
            <option key={d.id} value={d.id}>
              {d.name}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}p`}>Place in it</label>
        <TextInput id={`${id}p`} value={text("place")} placeholder="section, page or figure" maxLength={160} onLeave={(next) => onChange(withKey(value, "place", next.trim()))} />
      </div>
      <div className="field">
        <label htmlFor={`${id}w`}>Its words, kept short</label>
        <TextInput id={`${id}w`} className="quote" value={text("wording")} maxLength={240} onLeave={(next) => onChange(withKey(value, "wording", next.trim()))} />
      </div>
    </div>
  );
}

/** The sources of a fact or an entry. */
export function SourcesField({ value, onChange }: { readonly value: readonly Draft[]; readonly onChange: (value: readonly Draft[] | undefined) => void }) {
  const { record } = useForm();
  const [first] = record.documents;
  return (
    <div className="form-sources">
      {value.map((one, i) => (
        <div key={i} className="form-item">
          <SourceField value={one} onChange={(next) => onChange(value.with(i, next))} />
          <button type="button" className="form-drop" aria-label={`Remove source ${i + 1}`} onClick={() => onChange(value.length === 1 ? undefined : value.filter((_, j) => j !== i))}>
            ×
          </button>
        </div>
      ))}
      <button type="button" className="link small" onClick={() => onChange([...value, first === undefined ? {} : { document: first.id }])}>
        Add a source
      </button>
    </div>
  );
}
