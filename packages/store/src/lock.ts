import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HapaxError } from "@hapax/base";

const lockFile = "owner";

/**
 * Takes a folder for this process. The database in it would be destroyed by two writers.
 *
 * @returns a function that gives it back
 * @throws  store/in-use with the number of the process that has it
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, lockFile);
  const aside = `${path}.${process.pid}`;
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      // Written beside and then linked: the file appears whole, and only where there was none.
      await writeFile(aside, owner(process.pid));
      await link(aside, path);
      return () => rm(path, { force: true });
    } catch (error) {
      if (!isErrno(error, "EEXIST")) throw error;
    } finally {
      await rm(aside, { force: true });
    }
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const pid = Number.parseInt(text, 10);
    if (isAlive(pid, text)) {
      const who = pid === process.pid ? "this process" : `process ${pid}`;
      throw new HapaxError("store/in-use", `${folder} is in use by ${who}.`, "Use that one, stop it, or give another folder with --data.");
    }
    // Its owner is gone. Whoever moves the file away first may clear it; what was moved is looked at once more,
    // since a third process could have taken the folder in between.
    try {
      await rename(path, aside);
    } catch {
      continue;
    }
    if ((await readFile(aside, "utf8")) !== text) await rename(aside, path);
    else await rm(aside, { force: true });
  }
  throw new HapaxError("store/in-use", `${folder} is being taken by several processes at once.`, "Wait a moment and start again.");
}

/** A process is its number and when it began, since numbers are used again. */
function owner(pid: number): string {
  return `${pid} ${beganAt(pid) ?? ""}`.trim();
}

function isAlive(pid: number, text: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isErrno(error, "EPERM")) return false;
  }
  return beganAt(pid) === undefined || owner(pid) === text;
}

/** Boot and tick at which a process began, where the system tells (Linux); empty for one that ended and was not yet collected. */
function beganAt(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields 3 and 22; the name in field 2 may hold spaces, so count from its closing bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "" : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
