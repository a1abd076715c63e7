import { keyOf, type Finding } from "@hapax/case";
import { FindingCard } from "../components/FindingCard.tsx";
import { useCase } from "../state/CaseState.tsx";

/** Groups of the audit by their rules, in the words of a reader. */
const groups: readonly (readonly [rule: string, name: string, about: string])[] = [
  ["audit/stated-against-computed", "Stated against computed", "a number of the documents, and what it comes to"],
  ["audit/part-against-part", "Part against part", "one place of the documents, and another"],
  ["audit/claim-against-source", "Claim against source", "what the documents say of the literature, and what it says"],
];

/** Every contradiction of the documents, with both readings and both places. */
export function Audit() {
  const { workup } = useCase();
  const findings = workup.findings.filter((f) => f.rule.startsWith("audit/"));
  const named = new Set(groups.map(([rule]) => rule));
  const others = findings.filter((f) => !named.has(f.rule));
  const shown: (readonly [string, string, readonly Finding[]])[] = [
    ...groups.map(([rule, name, about]) => [name, about, findings.filter((f) => f.rule === rule)] as const),
    ["Others", "", others],
  ];
  return (
    <>
      <div className="page-head">
        <h1>Audit</h1>
      </div>
      {shown.map(([name, about, list]) => (
        <section key={name}>
          <div className="group-head">
            <h2>{name}</h2>
            <span>{about}</span>
          </div>
          <ul className="findings">
            {list.map((finding) => (
              <FindingCard key={keyOf(finding)} finding={finding} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
