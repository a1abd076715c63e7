import { keyOf, type Finding } from "@hapax/case";
import { FindingCard } from "./FindingCard.tsx";

interface Props {
  readonly name: string;
  readonly about?: string;
  readonly findings: readonly Finding[];
}

/** Findings under a name, one row each; nothing where there are none. */
export function CardGroup({ name, about, findings }: Props) {
  if (findings.length === 0) return null;
  return (
    <section className="card-group">
      <div className="group-head">
        <h2>{name}</h2>
        {about !== undefined && <span>{about}</span>}
      </div>
      <ul className="findings">
        {findings.map((finding) => (
          <FindingCard key={keyOf(finding)} finding={finding} />
        ))}
      </ul>
    </section>
  );
}
