import type { Finding } from "@hapax/case";
import { found, inside, listed, prose, sourcesOf, type Part } from "../prose.ts";
import { findingsOf, type Telling } from "../telling.ts";

/** What the risk schemes settle: "By Folpe 2005 and WHO soft tissue 2020 the tumor counts as malignant". */
export function determinedRisks(telling: Telling, withSources = true): Part {
  const settled = riskFindings(telling).filter((f) => f.status === "determined");
  const groups = [...Map.groupBy(settled, (f) => f.text)];
  if (groups.length === 0) return undefined;
  return listed(groups.map(([text, of]) => prose`by ${listed(of.map((f) => [found(f, f.question.replace(/^Risk, /, "")), ...(withSources ? sourcesOf(f) : [])]))} the tumor counts as ${of[0] === undefined ? undefined : found(of[0], /^(low|intermediate|high)$/.test(text) ? `${text} risk` : inside(text))}`));
}

/** Findings that answer the risk by a named scheme. */
export function riskFindings(telling: Telling): Finding[] {
  return findingsOf(telling, "pathology").filter((f) => f.question.startsWith("Risk, "));
}
