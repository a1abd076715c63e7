import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import { HapaxError } from "@hapax/base";
import { houseCompute, startServer, type Running } from "@hapax/server";
import { dataFolder, scanFolder, type StoreOptions } from "./locate.ts";
import type { Session } from "./session.ts";

const usualPort = 4270;

interface Options extends StoreOptions {
  readonly port?: string;
  readonly open?: boolean;
}

/** The workbench: `serve`. */
export function serve(program: Command, session: Session): void {
  program
    .command("serve")
    .description("starts the workbench on this machine and prints its address")
    .option("--port <number>", `port; 0 for any that is free (${usualPort} unless it is taken)`)
    .option("--data <folder>", "folder of the store (.hapax/store)")
    .option("--database <url>", "PostgreSQL server that holds the store, instead of a folder")
    .option("--scans <folder>", "folder of the scans (scans in that of the store)")
    .option("--open", "opens the address in the browser")
    .addHelpText("after", "\nExample: ./hapax serve --port 4270 --data ~/hapax")
    .action(async (options: Options) => {
      const running = await start(session, options);
      session.out(`Hapax is open at ${running.url}\nOnly this machine can reach it. Stop it with Ctrl+C.\n`);
      if (options.open) openInBrowser(running.url);
      await stopped();
      await running.close();
    });
}

async function start(session: Session, options: Options): Promise<Running> {
  const port = options.port === undefined ? usualPort : Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || options.port?.trim() === "") {
    throw new HapaxError("cli/port", `${options.port} is no port.`, "Give a number from 0 to 65535.");
  }
  const common = {
    compute: houseCompute,
    ...(options.database === undefined ? { data: dataFolder(session, options) } : { database: options.database }),
    scans: scanFolder(session, options),
    seed: [join(session.root, "cases", "leach2025")],
    phantomsAtOnce: true,
    web: join(session.root, "apps", "web", "dist"),
  };
  try {
    return await startServer({ ...common, port });
  } catch (error) {
    const taken = error instanceof HapaxError && error.code === "server/port" && options.port === undefined;
    if (!taken) throw error;
    return startServer({ ...common, port: 0 });
  }
}

/** Resolves when the process is asked to end. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}

/** The address was printed, so a machine without a browser loses nothing. */
function openInBrowser(url: string): void {
  const screen = process.platform !== "linux" || (process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]) !== undefined;
  if (!screen) return;
  const [command, ...args] = process.platform === "darwin" ? ["open"] : process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  spawn(command as string, [...args, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
