import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The world of a command: where it writes, where it was called, where the house is. */
export interface World {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly root: string;
  readonly cwd: string;
  /** Whether `err` is a terminal, where a bar of progress can be drawn. */
  readonly terminal?: boolean;
  /** Aborted by Ctrl-C from when it is asked for: who asks stops by it, as the program no longer does. */
  readonly interrupted?: () => AbortSignal;
}

/** What commands share while they run; a command sets the exit code. */
export interface Session extends World {
  exitCode: 0 | 1 | 2 | 130;
}

/** Hapax and its version, as what is made says it was made. */
export async function engineOf({ root }: World): Promise<string> {
  return `Hapax ${(JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string }).version}`;
}
