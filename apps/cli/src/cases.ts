import { existsSync } from "node:fs";
import { mkdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Command } from "commander";
import { HapaxError } from "@hapax/base";
import { namesInZip } from "@hapax/dicom/folder";
import { newCase } from "@hapax/case";
import { caseFile, caseText, exportBundle, isZip, saveCase, writeWhole } from "@hapax/files";
import { houseCompute, takeIn, userName } from "@hapax/server";
import { importScans, type ScanOptions } from "./import-scans.ts";
import { bundleOf, withStore, type StoreOptions } from "./locate.ts";
import type { Session } from "./session.ts";

/** Largest file that import reads, bytes; the bundle itself has smaller limits of its own. */
const maxImportBytes = 1024 ** 3;

/** Cases as files: `new`, `import`, `export`. */
export function cases(program: Command, session: Session): void {
  const { out, cwd } = session;

  program
    .command("new")
    .description("an empty case in a folder of its own")
    .argument("<folder>", "its last part becomes the id of the case")
    .option("--name <name>", "how the case is called; the id unless given")
    .option("--tumor <key>", "tumor whose schemes apply", "pecoma")
    .addHelpText("after", '\nExample: ./hapax new cases/uterine --name "Case C"')
    .action(async (folder: string, options: { name?: string; tumor: string }) => {
      const path = resolve(cwd, folder);
      if (existsSync(join(path, caseFile))) throw new HapaxError("cli/exists", `${folder} has a case already.`, "Give another folder.");
      const id = basename(path);
      await saveCase(newCase(id, options.name ?? id, options.tumor), path);
      out(`${join(folder, caseFile)}\n`);
    });

  program
    .command("import")
    .description("takes a bundle, a case.json, or DICOM scans into the store")
    .argument("<files...>", "zip, case.json or the folder of a case; or folders, zips and files of DICOM, which make a case")
    .option("--replace", "as a new revision of the case of the same id")
    .option("--case <id>", "DICOM: adds the scans to this case")
    .option("--name <name>", "DICOM: how the new case is called")
    .option("--patient <id>", "DICOM: PatientID, where the files are of several patients")
    .option("--scans <folder>", "folder of the scans (scans in that of the store)")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .addHelpText("after", "\nExample: ./hapax import leach2025.zip\nExample: ./hapax import scans/ --case leach2025")
    .action(async (names: string[], options: ScanOptions & { replace?: boolean }) => {
      const [name = ""] = names;
      if (names.length > 1 || options.case !== undefined || !(await isCase(session, name))) return importScans(session, names, options);
      const bytes = await bytesOf(session, name);
      const { id, revision, made } = await withStore(session, options, (store) => takeIn({ store, compute: houseCompute, who: userName() }, bytes, name, options.replace));
      out(`${id}, revision ${revision}${made ? "" : ", was there already"}\n`);
    });

  program
    .command("export")
    .description("a case with its documents as one zip, or its record alone as JSON")
    .argument("<case>", "folder, case.json or id in the store")
    .requiredOption("--out <file>", "file that ends with .zip or .json")
    .option("--data <folder>", "folder of the store")
    .option("--database <url>", "PostgreSQL server that holds the store")
    .addHelpText("after", "\nExample: ./hapax export cases/leach2025 --out leach2025.zip")
    .action(async (name: string, options: StoreOptions & { out: string }) => {
      const ending = extname(options.out);
      if (ending !== ".zip" && ending !== ".json") throw new HapaxError("cli/kind", `${options.out} ends with neither .zip nor .json.`, "Name the file by its kind.");
      const bundle = await bundleOf(session, name, options);
      const file = resolve(cwd, options.out);
      await mkdir(dirname(file), { recursive: true });
      await writeWhole(file, ending === ".zip" ? exportBundle(bundle) : new TextEncoder().encode(caseText(bundle.record)));
      out(`${options.out}\n`);
    });
}

/** Whether a path is that of a case, or of nothing; everything else that can be imported is DICOM. */
async function isCase(session: Session, name: string): Promise<boolean> {
  const path = resolve(session.cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || extname(path) === ".json") return true;
  if (found.isDirectory()) return existsSync(join(path, caseFile));
  if (found.size > maxImportBytes) return false;
  const bytes = await readFile(path);
  return isZip(bytes) && namesInZip(bytes, name).includes(caseFile);
}

async function bytesOf(session: Session, name: string): Promise<Uint8Array> {
  const path = resolve(session.cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new HapaxError("files/not-found", `${name} is not there.`, "Give a bundle, a case.json or the folder of a case.");
  if (found.isDirectory()) return exportBundle(await bundleOf(session, name, {}));
  if (found.size > maxImportBytes) throw new HapaxError("files/too-large", `${name} is larger than 1 GiB.`, "Leave out what is not a document of the case.");
  return readFile(path);
}
