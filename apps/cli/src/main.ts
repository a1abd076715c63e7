import { fileURLToPath } from "node:url";
import { main } from "./index.ts";

// A reader that closes early, such as head, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  root: fileURLToPath(new URL("../../../", import.meta.url)),
  cwd: process.env["HAPAX_CALLED_FROM"] ?? process.cwd(),
  terminal: process.stderr.isTTY === true,
  interrupted: () => {
    const stop = new AbortController();
    process.once("SIGINT", () => stop.abort());
    return stop.signal;
  },
});
