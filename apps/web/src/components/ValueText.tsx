import type { Finding } from "@hapax/case";
import { Unknown } from "./Unknown.tsx";

/** A finding's value for the eye: what is decided upright, what is possible in ochre, conditions quiet, contradiction red. */
export function ValueText({ finding }: { readonly finding: Pick<Finding, "text" | "status" | "stated"> }) {
  const { text, status, stated } = finding;
  if (text === "" || text === "not recorded") return <Unknown />;
  // A set of sets is undecided as a whole: "{{low, high} or out of scope}".
  const parts = /^\{.*\{.*\}$/.test(text) ? [text] : text.split(/(\{[^{}]*\}|\([^()]*\)|≠.*$)/).filter((part) => part !== "");
  const sets = parts.some((part) => part.startsWith("{"));
  return (
    <>
      {parts.map((part, i) => {
        if (part.startsWith("{") || (status === "undecided" && !sets && !part.startsWith("("))) return <span key={i} className="undecided">{part}</span>;
        if (part.startsWith("(")) return <span key={i} className="value-condition">{part}</span>;
        if (part.startsWith("≠")) return <span key={i} className="against">{part}</span>;
        return <span key={i} className={status === "out of scope" || status === "not applicable" || status === "pending" ? "value-plain" : undefined}>{part}</span>;
      })}
      {stated !== undefined && !stated.agrees && !text.includes("≠") && <span className="against value-stated"> ≠ {stated.text}</span>}
    </>
  );
}
