import { rules as audit } from "@hapax/audit";
import type { RuleInfo } from "@hapax/case";
import { rules as evidence } from "@hapax/evidence";
import { rules as imaging } from "@hapax/imaging";
import { rules as labs } from "@hapax/labs";
import { rules as radiobiology } from "@hapax/radiobiology";
import { rules as radiotherapy } from "@hapax/radiotherapy";
import { rules as staging } from "@hapax/staging";
import { rules as systemic } from "@hapax/systemic";
import { timingRules } from "./timing.ts";
import { tumors } from "./tumors.ts";
import { uncomputedRules } from "./uncomputed.ts";

/** Every rule of the house, in the order a board reads them. */
export const rules: readonly RuleInfo[] = [
  ...tumors.flatMap((t) => t.rules),
  ...staging,
  ...imaging,
  ...radiotherapy,
  ...radiobiology,
  ...systemic,
  ...labs,
  ...timingRules,
  ...uncomputedRules,
  ...evidence,
  ...audit,
];

/** The file in which a rule is written: its name is its place. */
export function fileOf(rule: string): string {
  const [discipline = "", name = ""] = rule.split("/");
  return `packages/${discipline}/src/${name}.ts`;
}
