import type { ComponentType } from "react";
import type { Count } from "./count.ts";
import { Audit } from "./pages/Audit.tsx";
import { Board } from "./pages/Board.tsx";
import { Labs, labRules } from "./pages/Labs.tsx";
import { Evidence, evidenceCount } from "./pages/Evidence.tsx";
import { Pathology } from "./pages/Pathology.tsx";
import { RecordForms } from "./pages/RecordForms.tsx";
import { Timeline } from "./pages/Timeline.tsx";
import { Treatment, treatmentRules } from "./pages/Treatment.tsx";
import { Tumor } from "./pages/Tumor.tsx";
import { WriteUp } from "./pages/WriteUp.tsx";
import type { OpenCase } from "./state/CaseState.tsx";
import { lintOf } from "./write-up.ts";

/** A page of a case: one question of the board. */
export interface PageInfo {
  /** The key that opens it, as the navigation shows it. */
  readonly key: string;
  readonly slug: string;
  readonly name: string;
  /** What its rules begin with: their undecided and contradictory findings are counted beside the name. */
  readonly rules: readonly string[];
  /** In place of counting by rules. */
  readonly count?: (open: OpenCase) => readonly Count[];
  readonly Page: ComponentType;
}

/** Every page of a case, in the order of the navigation. A further page is its file and one line here. */
export const pages: readonly PageInfo[] = [
  { key: "1", slug: "board", name: "Board", rules: [], Page: Board },
  { key: "2", slug: "timeline", name: "Timeline", rules: ["workup/timing"], Page: Timeline },
  { key: "3", slug: "tumor", name: "Tumor", rules: ["imaging/"], Page: Tumor },
  { key: "4", slug: "pathology", name: "Pathology", rules: ["pathology/", "staging/"], Page: Pathology },
  { key: "6", slug: "labs", name: "Labs, levels", rules: labRules, Page: Labs },
  { key: "7", slug: "treatment", name: "Treatment", rules: treatmentRules, Page: Treatment },
  { key: "9", slug: "evidence", name: "Evidence", rules: ["evidence/"], count: evidenceCount, Page: Evidence },
  { key: "0", slug: "audit", name: "Audit", rules: ["audit/"], Page: Audit },
  {
    key: "W",
    slug: "write-up",
    name: "Write-up",
    rules: [],
    count: ({ workup }) => [{ mark: "not recorded", of: "missing of CARE", n: lintOf(workup).filter((i) => i.status === "missing").length }],
    Page: WriteUp,
  },
  { key: "R", slug: "record", name: "Record", rules: [], Page: RecordForms },
];

/** What is undecided and what is contradictory among the findings of a page. */
export function countsOf(page: PageInfo, open: OpenCase): readonly Count[] {
  if (page.count !== undefined) return page.count(open).filter((c) => c.n > 0);
  const own = open.workup.findings.filter((f) => page.rules.some((rule) => f.rule.startsWith(rule)));
  const number = (status: string) => own.filter((f) => f.status === status).length;
  const counts: Count[] = [
    { mark: "contradiction", of: "contradictory", n: number("contradiction") },
    { mark: "undecided", of: "undecided", n: number("undecided") },
  ];
  return counts.filter((c) => c.n > 0);
}

/** The page on which a finding is at home; the board where no page claims it. */
export function pageOfRule(rule: string): PageInfo | undefined {
  return pages.find((page) => page.rules.some((start) => rule.startsWith(start))) ?? pages[0];
}
