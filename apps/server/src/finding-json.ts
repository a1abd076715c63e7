import type { Finding } from "@hapax/case";

/** JSON has no infinity: an open end is left out. */
function finite(bounds: NonNullable<Finding["bounds"]>): { low?: number; high?: number; unit: string } {
  return {
    ...(Number.isFinite(bounds.low) ? { low: bounds.low } : {}),
    ...(Number.isFinite(bounds.high) ? { high: bounds.high } : {}),
    unit: bounds.unit,
  };
}

/** A finding as other programs read it. Every key is there but those that the finding has nothing for. */
export function findingJson(finding: Finding): Record<string, unknown> {
  const { rule, subject, question, status, value, possible, bounds, text, because, missing, source, assumptions } = finding;
  return {
    rule,
    ...(subject === undefined ? {} : { subject }),
    question,
    status,
    ...(value === undefined ? {} : { value }),
    ...(possible === undefined ? {} : { possible }),
    ...(bounds === undefined ? {} : { bounds: finite(bounds) }),
    text,
    because,
    missing,
    assumptions,
    source,
    ...(finding.stated === undefined ? {} : { stated: finding.stated }),
    caveats: finding.caveats ?? [],
    unverified: finding.unverified ?? [],
    ...(finding.table === undefined ? {} : { table: finding.table }),
  };
}
