import { keyOf, type Finding } from "@hapax/case";
import { Mark } from "../components/Mark.tsx";
import { ValueText } from "../components/ValueText.tsx";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./FindingLinks.css";

/** Findings by name, each leading to its card on the page where it is at home. */
export function FindingLinks({ findings, most = findings.length }: { readonly findings: readonly Finding[]; readonly most?: number }) {
  const { hrefOf } = useCase();
  return (
    <ul className="finding-links">
      {findings.slice(0, most).map((finding) => (
        <li key={keyOf(finding)}>
          <Mark is={finding.status} />
          <span>
            <Link href={hrefOf(keyOf(finding))}>{finding.question}</Link> <ValueText finding={finding} />
          </span>
        </li>
      ))}
      {findings.length > most && <li className="quiet">and {findings.length - most} more</li>}
    </ul>
  );
}
