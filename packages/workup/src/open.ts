import { keyOf, type Finding } from "@hapax/case";

/** An input that nobody recorded, and everything that it would decide. */
export interface OpenQuestion {
  readonly input: string;
  readonly state: "not recorded" | "not performed" | "uncertain";
  readonly decides: readonly string[];
  /** Keys of the findings that wait for it. */
  readonly findings: readonly string[];
}

const waiting: ReadonlySet<Finding["status"]> = new Set(["undecided", "not recorded", "contradiction", "determined"]);

/** What is missing over all findings, what decides most first; rules out of scope ask for nothing. */
export function openQuestions(findings: readonly Finding[]): OpenQuestion[] {
  const byInput = new Map<string, { state: OpenQuestion["state"]; decides: Set<string>; findings: Set<string>; weight: number }>();
  for (const finding of findings) {
    if (!waiting.has(finding.status) || finding.rule.startsWith("evidence/")) continue;
    for (const missing of finding.missing) {
      const key = missing.input.toLowerCase();
      const open = byInput.get(key) ?? { state: "not recorded", decides: new Set(), findings: new Set(), weight: 0 };
      if (missing.state !== undefined) open.state = missing.state;
      open.decides.add(missing.decides);
      open.findings.add(keyOf(finding));
      open.weight += finding.status === "undecided" ? 2 : 1;
      byInput.set(key, open);
    }
  }
  const named = new Map(findings.flatMap((f) => f.missing.map((m) => [m.input.toLowerCase(), m.input] as const)));
  return [...byInput.entries()]
    .sort(([, a], [, b]) => b.weight - a.weight)
    .map(([key, open]) => ({
      input: named.get(key) ?? key,
      state: open.state,
      decides: [...open.decides],
      findings: [...open.findings],
    }));
}
