import { keyOf, type Finding } from "@hapax/case";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./Readings.css";

export interface Reading {
  readonly says: string;
  readonly place: string;
}

/** The readings of a finding of the audit, each with its place; none where something is left out and nothing said. */
export function readingsOf({ table }: Finding): readonly Reading[] {
  if (table?.columns[0] !== "says" || table.columns[1] !== "place") return [];
  return table.rows.map(([says = "", place = ""]) => ({ says, place }));
}

/** Serif is the voice of a document; what Hapax computed is set as it is everywhere. */
const voiceOf = ({ place }: Reading, against: boolean): string =>
  `${place.startsWith("computed by ") ? "reading-computed" : "quote"}${against ? " against" : ""}`;

/** Readings that do not agree, one below the other, and their places in one line. */
export function Readings({ finding }: { readonly finding: Finding }) {
  const { href } = useCase();
  const readings = readingsOf(finding).slice(0, 2);
  return (
    <div className="readings">
      {readings.map((reading, i) => (
        <p key={`${reading.says} ${reading.place}`} className={voiceOf(reading, i > 0)}>
          {reading.says}
        </p>
      ))}
      <p className="place">
        <Link className="plain" href={href("audit", { open: keyOf(finding) })}>
          {finding.question}
        </Link>
        : {readings.map((r) => r.place).join(" ≠ ")}
      </p>
    </div>
  );
}

/** The same readings side by side, each over its place, for the row of a table. */
export function ReadingCells({ finding }: { readonly finding: Finding }) {
  const readings = readingsOf(finding);
  if (readings.length === 0) return <span className="reading-cell quote">{finding.text}</span>;
  return (
    <span className="reading-cells">
      {readings.map((reading, i) => (
        <span key={`${reading.says} ${reading.place}`} className="reading-cell">
          <span className={voiceOf(reading, i > 0 && finding.status === "contradiction")}>{reading.says}</span>
          <span className="place">{reading.place}</span>
        </span>
      ))}
    </span>
  );
}
