import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where initdb and pg_ctl of PostgreSQL 15 or later are; undefined when they are not installed. */
export function postgresBinaries(): string | undefined {
  const installed = "/usr/lib/postgresql";
  const versions = existsSync(installed) ? readdirSync(installed).map(Number).filter((v) => v >= 15) : [];
  const folders = versions.sort((a, b) => b - a).map((v) => join(installed, String(v), "bin"));
  for (const folder of [...folders, ...(process.env["PATH"] ?? "").split(":")]) {
    if (existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl"))) return folder;
  }
  return undefined;
}

/** A PostgreSQL server of its own for a test, on a socket in a new folder: no port, no password, gone afterwards. */
export async function throwawayPostgres(): Promise<{ connection: string; stop: () => Promise<void> }> {
  const binaries = postgresBinaries();
  if (binaries === undefined) throw new Error("PostgreSQL 15 or later is not installed (Debian: apt-get install postgresql).");
  const folder = await mkdtemp(join(tmpdir(), "hapax-pg-"));
  const ids = unprivileged();
  if (ids !== undefined) await chown(folder, ids.uid, ids.gid);
  const options = { ...ids, cwd: folder, env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8" } };
  const data = join(folder, "data");
  await run(join(binaries, "initdb"), ["-D", data, "-U", "hapax", "-A", "trust", "-E", "UTF8", "--no-sync"], options);
  const settings = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off`;
  // Not through a pipe: the server would hold it open, and the call would wait for the server's end.
  execFileSync(join(binaries, "pg_ctl"), ["-D", data, "-w", "-l", join(folder, "log"), "-o", settings, "start"], { ...options, stdio: "ignore" });
  return {
    connection: `postgresql:///postgres?host=${encodeURIComponent(folder)}&user=hapax`,
    stop: async () => {
      await run(join(binaries, "pg_ctl"), ["-D", data, "-w", "-m", "immediate", "stop"], options);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => {
    try {
      return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    } catch {
      return 65_534;
    }
  };
  return { uid: id("-u"), gid: id("-g") };
}
