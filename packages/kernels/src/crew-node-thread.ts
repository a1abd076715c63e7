import { parentPort } from "node:worker_threads";
import { threadWork } from "./crew.ts";

const work = threadWork();
parentPort?.on("message", (message) => {
  const answer = work(message);
  if (answer !== undefined) parentPort?.postMessage(answer);
});
