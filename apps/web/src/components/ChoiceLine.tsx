import type { Finding } from "@hapax/case";

interface Point {
  readonly at: number;
  readonly label: string;
  readonly under: string;
  readonly stands: boolean;
  readonly against: boolean;
}

export interface Line {
  readonly says: string;
  readonly points: readonly Point[];
}

const leading = (text: string): number => Number.parseFloat(text.replace("−", "-"));

/** A finding whose table gives one number per choice, as a line of its choices; undefined for every other finding. */
export function choiceLineOf({ table, value, stated }: Finding): Line | undefined {
  if (table === undefined || table.columns.length !== 2 || table.rows.length < 3 || table.rows.length > 8) return undefined;
  const [choice = "", result = ""] = table.columns;
  const statedNumber = stated !== undefined && !stated.agrees ? leading(/[\d.]+(?!.*[\d.])/.exec(stated.text)?.[0] ?? "") : Number.NaN;
  const points = table.rows.map(([under = "", label = ""]): Point => {
    const at = leading(label);
    return {
      at,
      label: label.replace(/\s.*$/, ""),
      under: `${choice.replace(/, .*$/, "")} ${under.replace(/\s.*$/, "")}`,
      stands: typeof value === "number" && Math.abs(at - value) < 0.05,
      against: Math.abs(at - statedNumber) < 0.05,
    };
  });
  if (points.some((p) => !Number.isFinite(p.at)) || new Set(points.map((p) => p.at)).size < 2) return undefined;
  return { says: `${result} by ${choice}: ${table.rows.map(([a, b]) => `${b} at ${a}`).join(", ")}`, points };
}

const width = 330;
const margin = 24;

/** A small number line: what the answer is at each choice, and which choice gives what the document states. */
export function ChoiceLine({ line }: { readonly line: Line }) {
  const low = Math.min(...line.points.map((p) => p.at));
  const high = Math.max(...line.points.map((p) => p.at));
  const sorted = [...line.points].sort((a, b) => a.at - b.at);
  // Labels need 42 px; a point that stands too close moves its words aside, never its dot.
  let last = -Infinity;
  const placed = sorted.map((point) => {
    const x = margin + ((point.at - low) / (high - low)) * (width - 2 * margin);
    const words = Math.max(x, last + 44);
    last = words;
    return { ...point, x, words };
  });
  const over = Math.max(0, last - (width - 16));
  return (
    <svg className="choice-line" viewBox={`0 0 ${width + over} 46`} width={width + over} height="46" role="img" aria-label={line.says}>
      <path d={`M${margin - 14} 22H${width - 8}`} />
      {placed.map((point) => (
        <g key={point.under} className={point.against ? "choice-against" : point.stands ? "choice-stands" : undefined}>
          <circle cx={point.x} cy="22" r={point.against ? 4.5 : 3.5} />
          <text x={point.words} y="13">
            {point.label}
          </text>
          <text x={point.words} y="40" className="choice-under">
            {point.under}
          </text>
        </g>
      ))}
    </svg>
  );
}
