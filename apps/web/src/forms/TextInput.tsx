import { useEffect, useRef, useState, type InputHTMLAttributes, type KeyboardEvent } from "react";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "onBlur"> {
  readonly value: string;
  /** Called on leaving the field, and only when the text has changed. */
  readonly onLeave: (text: string) => void;
  readonly long?: boolean;
}

/** A text that is kept here while it is being typed and handed on when the field is left. */
export function TextInput({ value, onLeave, long = false, ...rest }: Props) {
  const [text, setText] = useState(value);
  const latest = useRef({ text, value, onLeave });
  useEffect(() => {
    latest.current = { text, value, onLeave };
  });
  useEffect(() => setText(value), [value]);
  // A field that disappears while it is typed in (a page turned by a link) still hands on its text.
  useEffect(
    () => () => {
      const { text: last, value: before, onLeave: leave } = latest.current;
      if (last !== before) leave(last);
    },
    [],
  );

  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape" && text !== value) {
      event.stopPropagation();
      setText(value);
    } else if (event.key === "Enter" && !long && text !== value) {
      onLeave(text);
    }
  };
  const common = {
    value: text,
    "data-unsaved": text === value ? undefined : "",
    onBlur: () => text !== value && onLeave(text),
    onKeyDown: press,
  };
  if (!long) return <input type="text" autoComplete="off" {...rest} {...common} onChange={(event) => setText(event.target.value)} />;
  const { id, disabled, placeholder, "aria-describedby": describedBy, "aria-invalid": invalid, "aria-label": label } = rest;
  return (
    <textarea
      rows={Math.min(12, Math.max(2, Math.ceil(text.length / 90)))}
      {...{ id, disabled, placeholder, "aria-describedby": describedBy, "aria-invalid": invalid, "aria-label": label }}
      {...common}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
