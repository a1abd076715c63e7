import { openWorkbench } from "./workbench.ts";

// The bar: from a started server, the board of the Leach case answers to a person within 1.5 s. Beside it, in the same
// run, stands a page of the same server that has nothing to compute.
const bench = await openWorkbench();
const { page } = bench;
const origin = `http://127.0.0.1:${bench.server.port}`;

async function median(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    // A blank page in between, so that each time is a load from nothing; the cache of the browser stays.
    await page.goto("about:blank");
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[3] as number;
}

const board = await median(async () => {
  await page.goto(`${origin}/case/leach2025/board`);
  const row = page.getByRole("button", { name: /EQD2 of 66 Gy in 30/ }).first();
  await row.click();
  await page.getByText("Because").first().waitFor();
});
const health = await median(async () => {
  await page.goto(`${origin}/api/health`);
});
await bench.close();
console.log(`board of the Leach case, opened and a finding opened by a click  ${board.toFixed(0)} ms  ${(board / health).toFixed(1)} times an empty answer (${health.toFixed(0)} ms)  bar 1500 ms`);
