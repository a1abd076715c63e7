import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import type { NamedFile } from "@hapax/dicom/folder";
import { writeWhole } from "@hapax/files";

/** A DICOM file that a case has: its name as it was dropped, and the name of its bytes. */
export interface ArchivedFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** What made it, where Hapax made it itself; such files are replaced as a whole. */
  readonly madeBy?: string;
}

/** A file that lies on the disk and belongs to no case yet. */
export interface LooseFile extends ArchivedFile {
  readonly path: string;
}

/**
 * The DICOM files of cases, in a folder beside the store: `<case>/<sha256>.dcm` with an index of names. A file is
 * written whole and once; a batch is in the index as a whole or not at all. Nothing is removed with a case, so that
 * undo brings its scans back.
 */
export interface ScanArchive {
  readonly folder: string;
  /** The files of a case, by name. */
  list(id: string): Promise<readonly ArchivedFile[]>;
  /** The same with their bytes. @throws scans/damaged when a file is not there or is not as it was written */
  read(id: string): Promise<NamedFile[]>;
  /**
   * Takes loose files over. Names that are taken get a number; bytes that are there already stay once.
   *
   * @param madeBy  where Hapax made them: every other file that it made for the case goes out of the index
   * @returns       the files as they are now in the index, in the order given
   */
  add(id: string, files: readonly LooseFile[], madeBy?: string): Promise<readonly ArchivedFile[]>;
  /** A word that changes whenever the files of a case do. */
  stateOf(id: string): Promise<string>;
}

export function openArchive(root: string): ScanArchive {
  const folder = resolve(root);
  const turns = new Map<string, Promise<unknown>>();
  /** One change of a case after the other. */
  const inTurn = <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const mine = (turns.get(id) ?? Promise.resolve()).then(work, work);
    turns.set(id, mine);
    void mine.catch(() => undefined).then(() => turns.get(id) === mine && turns.delete(id));
    return mine;
  };
  const home = (id: string) => join(folder, checkId(id));
  const indexOf = (id: string) => join(home(id), "index.json");
  const list = async (id: string): Promise<ArchivedFile[]> => {
    const text = await readFile(indexOf(id), "utf8").catch(() => undefined);
    if (text === undefined) return [];
    try {
      return (JSON.parse(text) as { files: ArchivedFile[] }).files;
    } catch {
      throw damaged(`The index of the scans of ${id}`);
    }
  };

  return {
    folder,
    list,
    read: async (id) => {
      const files: NamedFile[] = [];
      for (const { name, sha256, bytes } of await list(id)) {
        const content = await readFile(join(home(id), `${sha256}.dcm`)).catch(() => undefined);
        if (content === undefined || content.length !== bytes) throw damaged(name);
        files.push({ name, bytes: new Uint8Array(content) });
      }
      return files;
    },
    add: (id, files, madeBy) =>
      inTurn(id, async () => {
        await mkdir(home(id), { recursive: true });
        const index = (await list(id)).filter((f) => madeBy === undefined || f.madeBy === undefined);
        const taken = new Set(index.map((f) => f.name));
        const now: ArchivedFile[] = [];
        for (const { path, name, sha256, bytes } of files) {
          const there = index.find((f) => f.sha256 === sha256);
          if (there !== undefined) {
            now.push(there);
            continue;
          }
          await rename(path, join(home(id), `${sha256}.dcm`));
          const file = { name: freeName(name, taken), sha256, bytes, ...(madeBy === undefined ? {} : { madeBy }) };
          taken.add(file.name);
          index.push(file);
          now.push(file);
        }
        await writeWhole(indexOf(id), new TextEncoder().encode(`${JSON.stringify({ files: index })}\n`));
        return now;
      }),
    stateOf: async (id) => {
      const found = await stat(indexOf(id), { bigint: true }).catch(() => undefined);
      return found === undefined ? "" : `${found.ino} ${found.mtimeNs} ${found.size}`;
    },
  };
}

/** Puts a file beside the cases, named by its bytes, for `add` to take over. The same bytes are written once. */
export async function putLoose(folder: string, { name, bytes }: NamedFile): Promise<LooseFile> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = join(folder, `${sha256}.dcm`);
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) {
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, bytes);
  }
  return { name, sha256, bytes: bytes.length, path };
}

/** `a.dcm`, then `a (2).dcm`: two folders may have files of one name. */
function freeName(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish)) return wish;
  const [, stem = wish, ending = ""] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/.exec(wish) ?? [];
  for (let n = 2; ; n++) {
    const name = `${stem} (${n})${ending}`;
    if (!taken.has(name)) return name;
  }
}

/** The id of a case is the name of its folder here; ids of cases cannot lead anywhere else. */
function checkId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(id)) return id;
  throw new HapaxError("server/not-found", `A case ${id.slice(0, 80)} is not there.`, "See /api/cases.");
}

function damaged(what: string): HapaxError {
  return new HapaxError("scans/damaged", `${what} is not as it was written.`, "Bring back a copy of the folder of scans, or import the files again.");
}
