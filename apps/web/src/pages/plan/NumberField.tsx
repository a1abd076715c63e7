import { useEffect, useState } from "react";
import { signed } from "../images/words.ts";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly change: (value: number) => void;
  readonly least?: number;
  readonly most?: number;
  readonly decimals?: number;
  readonly unit?: string;
  readonly disabled?: boolean;
}

/** A number that is taken over when its field is left or Enter is pressed; what is no number stays as it was. */
export function NumberField({ label, value, change, least = -Infinity, most = Infinity, decimals = 1, unit, disabled = false }: Props) {
  const written = Number.isInteger(value) ? `${value}` : value.toFixed(decimals);
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  const take = () => {
    const next = Number(text.trim().replace(",", ".").replace("−", "-"));
    if (text.trim() === "" || !Number.isFinite(next) || next < least || next > most) return setText(written);
    if (next !== value) change(next);
  };
  const bounds = Number.isFinite(least) && Number.isFinite(most) ? `, ${signed(least, 0)} to ${signed(most, 0)}` : "";
  return (
    <span className="plan-number">
      <input inputMode="decimal" aria-label={`${label}${unit === undefined ? "" : `, ${unit}`}${bounds}`} value={text} disabled={disabled} onChange={(event) => setText(event.target.value)} onBlur={take} onKeyDown={(event) => event.key === "Enter" && take()} />
      {unit !== undefined && <span aria-hidden="true">{unit}</span>}
    </span>
  );
}
