import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@hapax/files";
import type { PhantomStudy } from "@hapax/imaging/phantom";
import type { PlanMade } from "@hapax/planning";
import { planMadeOf } from "@hapax/planning/read";

/** A file of `plans/` in the folder of a case. */
export interface PlanFile {
  readonly name: string;
  readonly text: string;
}

/** The plans in the folder of a case, by name; none where it has no such folder. */
export async function planFilesIn(caseFolder: string): Promise<PlanFile[]> {
  const names = (await readdir(join(caseFolder, "plans")).catch(() => [])).filter((name) => name.endsWith(".json"));
  return Promise.all(names.toSorted().map(async (name) => ({ name: `plans/${name}`, text: await readFile(join(caseFolder, "plans", name), "utf8") })));
}

/** Those that were made on the scan of a study. @throws files/json; as `planMadeOf` */
export function plansOfStudy(files: readonly PlanFile[], study: PhantomStudy): PlanMade[] {
  return files.map(({ name, text }) => planMadeOf(parseJson(text, name))).filter(({ madeFrom }) => madeFrom.frameOfReference === study.frameOfReference);
}

/** Where the objects of a plan lie among the files of its study. */
export const planFolderOf = (study: PhantomStudy, made: PlanMade): string => `${study.spec.id}/plans/${made.request.id}`;
