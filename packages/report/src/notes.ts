import { keyOf, type Finding } from "@hapax/case";
import { capital } from "./prose.ts";
import type { Note, ReportDocument } from "./document.ts";

/** "a" … "z", "aa", "ab" …: how notes are lettered. */
function letter(index: number): string {
  return (index >= 26 ? letter(Math.floor(index / 26) - 1) : "") + String.fromCharCode(97 + (index % 26));
}

/** A note for each passage whose finding contradicts what is stated or stays undecided, in the order of the text. */
export function notes(document: Pick<ReportDocument, "sections">, findings: readonly Finding[]): Note[] {
  const byKey = new Map(findings.map((f) => [keyOf(f), f]));
  const out = new Map<string, Note>();
  const paragraphs = document.sections.flatMap((s) => s.blocks).filter((b) => b.kind === "paragraph");
  for (const { spans } of paragraphs) {
    for (const span of spans) {
      const key = span.kind === "bound" || span.kind === "quote" ? span.finding : undefined;
      const finding = key === undefined ? undefined : byKey.get(key);
      if (key === undefined || finding === undefined || out.has(key)) continue;
      const disagrees = finding.stated?.agrees === false;
      if (finding.status !== "undecided" && finding.status !== "contradiction" && !disagrees) continue;
      out.set(key, {
        letter: letter(out.size),
        finding: key,
        status: finding.status === "contradiction" || disagrees ? "contradiction" : "undecided",
        question: finding.question,
        text: disagrees && finding.stated !== undefined ? `Stated: “${finding.stated.text}”. Computed: ${finding.text}.` : [finding.text, finding.brief].filter((t) => t !== "").map((t) => `${capital(t).replace(/\.*$/, "")}.`).join(" "),
        places: placesOf(finding),
      });
    }
  }
  return [...out.values()];
}

/** Both places of a contradiction, or the rule that could not decide. */
export function placesOf(finding: Finding): string {
  const stated = [...new Set((finding.stated?.from ?? []).map((p) => p.place))];
  return stated.length === 0 ? finding.rule : `${stated.join(", ")} ≠ ${finding.rule}`;
}
