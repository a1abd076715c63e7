import { threadWork, type ToThread } from "./crew.ts";

const work = threadWork();
addEventListener("message", ({ data }: MessageEvent<ToThread>) => {
  const answer = work(data);
  if (answer !== undefined) postMessage(answer);
});
