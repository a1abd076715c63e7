import { rules } from "@hapax/audit";
import { keyOf } from "@hapax/case";
import { FindingCard } from "../components/FindingCard.tsx";
import { useCase } from "../state/CaseState.tsx";
import { ReadingCells } from "./Readings.tsx";
import "./Audit.css";

/** Where the documents contradict themselves, their numbers or their sources: both readings, both places. */
export function Audit() {
  const { workup, asOf } = useCase();
  const findings = workup.findings.filter((f) => f.rule.startsWith("audit/"));
  const groups = rules.map((rule) => ({ rule, own: findings.filter((f) => f.rule === rule.id) })).filter(({ own }) => own.length > 0);
  const contradictory = findings.filter((f) => f.status === "contradiction").length;
  return (
    <div className="audit">
      <div className="page-head">
        <h1>Audit</h1>
        <p>
          {contradictory} contradictory, {findings.length - contradictory} open{asOf === undefined ? "" : `, as known at ${asOf}`}
        </p>
      </div>
      {groups.length === 0 && <p>No two statements of the record disagree, and no number differs from what it is computed to be.</p>}
      {groups.map(({ rule, own }) => (
        <section key={rule.id} className="audit-group">
          <div className="group-head">
            <h2>{rule.question}</h2>
            <span>{rule.about}</span>
          </div>
          <ul className="findings">
            {own.map((finding) => (
              <FindingCard key={keyOf(finding)} finding={finding}>
                <ReadingCells finding={finding} />
              </FindingCard>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
