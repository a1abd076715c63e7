/**
 * Holds the imports of the tree against the direction of the house and against cycles.
 *
 * Written here and not taken from a library: the checkers on npm need TypeScript's compiler API, which TypeScript 7
 * does not have, and the rule is one table.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

const disciplines = ["imaging", "pathology", "staging", "labs", "systemic", "radiotherapy", "dose", "radiobiology", "evidence", "audit"];
const ofDisciplines = ["case", "base", "references", "kernels"];
const doors = ["dicom", "fhir", "files", "store"];

/** Which packages each package may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  references: [],
  kernels: [],
  case: ["base", "references"],
  ...Object.fromEntries(doors.map((name) => [name, ["case", "base"]])),
  ...Object.fromEntries(disciplines.map((name) => [name, ofDisciplines])),
  planning: ["dose", "radiotherapy", "imaging", "radiobiology", ...ofDisciplines],
  workup: [...disciplines, ...ofDisciplines],
  figures: ["case", "base", "kernels"],
  report: ["case", "base", "references", "figures", "workup", "planning"],
};

/** Only doors, apps and the files named here may touch the machine: these render bytes for a door, or start Node's threads for the kernels. */
const doorFiles = [/^packages\/figures\/src\/png\.ts$/, /^packages\/report\/src\/(pdf|docx|fonts)(\/|\.ts$)/, /^packages\/kernels\/src\/crew-node(-thread)?\.ts$/];

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s*["']([^"']+)["']/g;

export interface Problem {
  readonly file: string;
  readonly what: string;
}

/** Checks a tree given as its files; paths are relative to its root, with forward slashes. */
export function lintImports(files: ReadonlyMap<string, string>): Problem[] {
  const problems: Problem[] = [];
  const edges = new Map<string, string[]>();
  for (const [file, source] of files) {
    const home = /^packages\/([^/]+)\//.exec(file)?.[1];
    const isTest = /\.(test|bench)\.tsx?$/.test(file);
    const isScript = /^packages\/[^/]+\/scripts\//.test(file);
    const targets: string[] = [];
    for (const match of source.matchAll(importPattern)) {
      const name = (match[1] ?? match[2] ?? match[3]) as string;
      if (name.startsWith(".")) {
        targets.push(normalize(join(dirname(file), name)));
        const reached = /^packages\/([^/]+)\//.exec(normalize(join(dirname(file), name)))?.[1];
        if (home !== undefined && reached !== undefined && reached !== home) {
          problems.push({ file, what: `reaches into packages/${reached} by a relative path; import @hapax/${reached}` });
        }
        continue;
      }
      const house = /^@hapax\/([^/]+)/.exec(name)?.[1];
      if (house !== undefined) {
        targets.push(`packages/${house}/src/index.ts`);
        if (home !== undefined && house !== home && !isTest && mayImport[home]?.includes(house) !== true) {
          problems.push({ file, what: `imports @hapax/${house}; ${home} may import ${(mayImport[home] ?? []).join(", ") || "nothing of the house"}` });
        }
      }
      const pure = home !== undefined && !doors.includes(home) && !isTest && !isScript && !doorFiles.some((p) => p.test(file));
      if (pure && name.startsWith("node:")) {
        problems.push({ file, what: `imports ${name}; only doors and apps touch the machine` });
      }
    }
    if (home !== undefined && mayImport[home] === undefined) problems.push({ file, what: `packages/${home} has no row in the table of imports` });
    if (!isTest) edges.set(file, targets);
  }
  for (const cycle of cycles(edges)) problems.push({ file: cycle[0] as string, what: `is in a cycle of imports: ${cycle.join(" → ")}` });
  return problems;
}

function cycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]) => {
    const at = path.indexOf(file);
    if (at !== -1) {
      found.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return found;
}

/** The TypeScript files of packages and apps. */
export function readTree(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const top of ["packages", "apps"]) {
    for (const entry of readdirSync(join(root, top), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || /\/(node_modules|dist)\//.test(path)) continue;
      files.set(relative(root, path).replaceAll("\\", "/"), readFileSync(path, "utf8"));
    }
  }
  return files;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const problems = lintImports(readTree(root));
  for (const p of problems) console.error(`${p.file} ${p.what}`);
  console.log(`imports: ${problems.length} against the direction of the house`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
