import { expect, test } from "vitest";
import { parseCase } from "@hapax/case";
import { workup } from "@hapax/workup";
import leach from "../cases/leach2025/case.json" with { type: "json" };
import expected from "../cases/leach2025/expected.json" with { type: "json" };

/** What the report states that is computed, and what we compute: `cases/leach2025/expected.json`. */
const { findings } = workup(parseCase(leach, "cases/leach2025"));

/** Every number and text inside a value. */
function leaves(value: unknown): (number | string)[] {
  if (typeof value === "number" || typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

test.each(expected.map((e) => [[e.rule, e.subject].filter(Boolean).join("#"), e] as const))("%s gives what is expected", (_, entry) => {
  const finding = findings.find((f) => f.rule === entry.rule && (entry.subject === undefined || f.subject === entry.subject));
  const numbers = leaves([finding?.value, finding?.possible]).filter((x) => typeof x === "number");
  const texts = leaves([finding?.value, finding?.possible, finding?.text, finding?.table?.rows]).filter((x) => typeof x === "string");
  for (const wanted of [entry.computed].flat()) {
    const holds =
      typeof wanted === "number"
        ? numbers.some((n) => Math.abs(n - wanted) <= 1e-6)
        : texts.some((t) => t.toLowerCase().includes(wanted.toLowerCase()));
    expect(holds, `${wanted} among ${JSON.stringify(finding?.value)} ${finding?.text}`).toBe(true);
  }
});
