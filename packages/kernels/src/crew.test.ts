import { afterAll, beforeAll, expect, test } from "vitest";
import { openCrew } from "./crew-node.ts";
import type { SimdCrew, Task } from "./crew.ts";

let crew: SimdCrew;
beforeAll(async () => {
  crew = await openCrew(2);
});
afterAll(() => crew.close());

test("the tasks of a chain follow one another, and chains share the memory", async () => {
  const room = crew.room();
  // Each chain doubles its 8 numbers ten times: out of order, or one lost, they would not be 1024.
  const chains = Array.from({ length: 5 }, () => {
    const pointer = room.put(new Float32Array(8).fill(1));
    return { pointer, tasks: Array.from({ length: 10 }, (): Task => ["coneSum", pointer, pointer, 1, 8, 0, 8]) };
  });
  const told: number[] = [];
  await crew.run(chains.map(({ tasks }) => tasks), { onProgress: (share) => told.push(share) });
  for (const { pointer } of chains) expect([...room.floats(pointer, 8)]).toEqual(new Array(8).fill(1024));
  expect(told).toHaveLength(50);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(1);
  room.close();
});

test("room that is given back is given out again, and no two hold the same", () => {
  const first = crew.room();
  const [a, b] = [first.take(1_000_000), first.take(3)];
  expect(b - a).toBeGreaterThanOrEqual(1_000_000);
  expect([a % 16, b % 16]).toEqual([0, 0]);
  const second = crew.room();
  const c = second.take(100);
  first.close();
  const third = crew.room();
  expect(third.take(999_000)).toBe(a);
  third.close();
  second.close();
  const whole = crew.room();
  expect(whole.take(2_000_000)).toBe(Math.min(a, c));
  whole.close();
});

test("a calculation too large for the memory is refused in words, and the next one runs", async () => {
  const room = crew.room();
  expect(() => room.take(3e9)).toThrow(/no room for 3000 MB/);
  const pointer = room.put(Float32Array.of(1, 2, 3, 4));
  await crew.run([[["coneClear", pointer, 4]]]);
  expect([...room.floats(pointer, 4)]).toEqual([0, 0, 0, 0]);
  room.close();
});

test("a kernel that fails, or is none, fails its own work and no other", async () => {
  await expect(crew.run([[["coneClear", -65_536, 1000]]])).rejects.toThrow(/coneClear: .*out of bounds/);
  await expect(crew.run([[["nothing"]]])).rejects.toThrow(/A kernel failed: nothing/);
  const room = crew.room();
  const pointer = room.take(16);
  await crew.run([[["coneClear", pointer, 4]]]);
  room.close();
});

test("nothing to do is done at once, and a crew that was closed does nothing", async () => {
  await crew.run([]);
  await crew.run([[], []]);
  const other = await openCrew(1);
  await other.close();
  await expect(other.run([[["coneClear", 65_536, 4]]])).rejects.toThrow("closed");
});
