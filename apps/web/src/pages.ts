import type { ComponentType } from "react";
import type { Workup } from "@hapax/workup";
import type { Count } from "./count.ts";
import { whenIdle } from "./idle.ts";
import { latePage } from "./late-page.tsx";
import { claimRule, labRules, treatmentRules } from "./page-rules.ts";
import { Board } from "./pages/Board.tsx";
import type { OpenCase } from "./state/CaseState.tsx";

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
  /** Instead of either, where the code that counts comes after the first page. */
  readonly lateCount?: (workup: Workup) => Promise<readonly Count[]>;
  /** Always dark, the navigation a rail of keys: the picture has the page. */
  readonly dark?: boolean;
  readonly Page: ComponentType;
  /** Brings the code of a page that is not there from the start. */
  readonly fetch?: () => Promise<void>;
}

/** Every page of a case, in the order of the navigation. A further page is its file and one line here. */
export const pages: readonly PageInfo[] = [
  { key: "1", slug: "board", name: "Board", rules: [], Page: Board },
  { key: "2", slug: "timeline", name: "Timeline", rules: ["workup/timing"], ...latePage(async () => (await import("./pages/Timeline.tsx")).Timeline) },
  { key: "3", slug: "tumor", name: "Tumor", rules: ["imaging/"], ...latePage(async () => (await import("./pages/Tumor.tsx")).Tumor) },
  { key: "4", slug: "pathology", name: "Pathology", rules: ["pathology/", "staging/"], ...latePage(async () => (await import("./pages/Pathology.tsx")).Pathology) },
  { key: "5", slug: "images", name: "Images", rules: [], dark: true, ...latePage(async () => (await import("./pages/images/Images.tsx")).Images) },
  { key: "6", slug: "labs", name: "Labs, levels", rules: labRules, ...latePage(async () => (await import("./pages/Labs.tsx")).Labs) },
  { key: "7", slug: "treatment", name: "Treatment", rules: treatmentRules, ...latePage(async () => (await import("./pages/Treatment.tsx")).Treatment) },
  { key: "8", slug: "plan", name: "Plan", rules: [], dark: true, ...latePage(async () => (await import("./pages/plan/Plan.tsx")).Plan) },
  {
    key: "9",
    slug: "evidence",
    name: "Evidence",
    rules: ["evidence/"],
    // Beside the name stand the claims that differ; what was not checked is too much to be news.
    count: ({ workup }) => [{ mark: "contradiction", of: "claims that differ from their source", n: workup.findings.filter((f) => f.rule === claimRule && f.status === "contradiction").length }],
    ...latePage(async () => (await import("./pages/Evidence.tsx")).Evidence),
  },
  { key: "0", slug: "audit", name: "Audit", rules: ["audit/"], ...latePage(async () => (await import("./pages/Audit.tsx")).Audit) },
  {
    key: "W",
    slug: "write-up",
    name: "Write-up",
    rules: [],
    lateCount: async (workup) => {
      const { lintOf } = await import("./write-up.ts");
      return [{ mark: "not recorded", of: "missing of CARE", n: lintOf(workup).filter((i) => i.status === "missing").length }];
    },
    ...latePage(async () => (await import("./pages/WriteUp.tsx")).WriteUp),
  },
  { key: "R", slug: "record", name: "Record", rules: [], ...latePage(async () => (await import("./pages/RecordForms.tsx")).RecordForms) },
];

/** What is undecided and what is contradictory among the findings of a page. */
export function countsOf(page: PageInfo, open: OpenCase): readonly Count[] {
  if (page.count !== undefined) return page.count(open).filter(some);
  const own = open.workup.findings.filter((f) => page.rules.some((rule) => f.rule.startsWith(rule)));
  const number = (status: string) => own.filter((f) => f.status === status).length;
  const counts: Count[] = [
    { mark: "contradiction", of: "contradictory", n: number("contradiction") },
    { mark: "undecided", of: "undecided", n: number("undecided") },
  ];
  return counts.filter(some);
}

/** What a page counts by code that comes later. */
export async function lateCountsOf(page: PageInfo, workup: Workup): Promise<readonly Count[]> {
  return (await page.lateCount?.(workup))?.filter(some) ?? [];
}

const some = (count: Count) => count.n > 0;

/** Brings the code of every page when there is time, one after the other, so that none keeps its reader waiting. */
export async function fetchPages(): Promise<void> {
  for (const page of pages) {
    if (page.fetch === undefined) continue;
    await new Promise<void>((go) => void whenIdle(go));
    await page.fetch();
  }
}

/** The page on which a finding is at home; the board where no page claims it. */
export function pageOfRule(rule: string): PageInfo | undefined {
  return pages.find((page) => page.rules.some((start) => rule.startsWith(start))) ?? pages[0];
}
