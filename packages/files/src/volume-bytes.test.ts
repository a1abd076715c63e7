import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { gridOf, type Volume, type VolumeUnit } from "@hapax/base";
import { volumeBytes, volumeFrom } from "./volume-bytes.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const side = fc.integer({ min: 1, max: 6 });
const volumes = fc
  .record({
    size: fc.tuple(side, side, side),
    origin: fc.tuple(finite, finite, finite),
    spacing: fc.tuple(finite, finite, finite),
    frameOfReference: fc.string({ unit: "grapheme" }),
    slope: finite,
    intercept: finite,
    unit: fc.constantFrom<VolumeUnit>("HU", "Gy", "SUVbw", "SUVlbm", "Bq/mL", "%", ""),
    kind: fc.constantFrom(Int16Array, Uint16Array, Float32Array),
    seed: fc.uint8Array({ minLength: 4, maxLength: 40 }),
  })
  .map(({ kind, seed, slope, intercept, unit, ...layout }): Volume => {
    const grid = gridOf(layout);
    const bytes = new Uint8Array(layout.size[0] * layout.size[1] * layout.size[2] * kind.BYTES_PER_ELEMENT).map((_, i) => seed[i % seed.length] as number);
    return { grid, values: new kind(bytes.buffer), slope, intercept, unit };
  });

test.prop([volumes, fc.nat(7)])("a volume comes back from its bytes, wherever in memory they lie", (volume, offset) => {
  const bytes = volumeBytes(volume);
  const elsewhere = new Uint8Array(bytes.length + offset);
  elsewhere.set(bytes, offset);
  for (const back of [volumeFrom(bytes), volumeFrom(elsewhere.subarray(offset))]) {
    // JSON has one zero: -0 of a grid comes back as 0, which is the same place.
    expect({ ...back, values: [] }).toEqual(JSON.parse(JSON.stringify({ ...volume, values: [] })));
    expect(back.values.constructor).toBe(volume.values.constructor);
    expect(new Uint8Array(back.values.buffer, back.values.byteOffset, back.values.byteLength)).toEqual(new Uint8Array(volume.values.buffer));
  }
});

test("an unknown dose stays unknown on the way", () => {
  const grid = gridOf({ size: [2, 1, 1], origin: [0, 0, 0], spacing: [1, 1, 1], frameOfReference: "1.2" });
  const back = volumeFrom(volumeBytes({ grid, values: Float32Array.of(NaN, 2.5), slope: 1, intercept: 0, unit: "Gy" }));
  expect([...back.values]).toEqual([NaN, 2.5]);
});

test.prop([volumes, fc.nat(), fc.nat(255)])("bytes cut short or changed are refused or are a volume, and never anything else", (volume, at, byte) => {
  const bytes = volumeBytes(volume);
  expect(() => volumeFrom(bytes.subarray(0, at % bytes.length))).toThrow(expect.objectContaining({ code: "files/volume" }));
  bytes[at % bytes.length] = byte;
  try {
    const { grid, values } = volumeFrom(bytes);
    expect(values.length).toBe(grid.size[0] * grid.size[1] * grid.size[2]);
  } catch (error) {
    expect(error).toMatchObject({ code: "files/volume" });
  }
});

test("a volume with a value too few is not sent", () => {
  const grid = gridOf({ size: [2, 2, 2], origin: [0, 0, 0], spacing: [1, 1, 1], frameOfReference: "1.2" });
  expect(() => volumeBytes({ grid, values: new Int16Array(7), slope: 1, intercept: 0, unit: "HU" })).toThrow("7 values for 8 voxels");
});
