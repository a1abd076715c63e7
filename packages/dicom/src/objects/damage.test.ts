import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { gridOf, HapaxError } from "@hapax/base";
import type { WriteContext } from "./context.ts";
import { scansOf } from "./scans.ts";
import { uidOf } from "./uid.ts";
import { writeCtSeries } from "./write-ct.ts";
import { writeRtDose } from "./write-rt-dose.ts";
import { writeRtStruct } from "./write-rt-struct.ts";

const context: WriteContext = { patient: { id: "SYN-5", name: "Any^One" }, seed: "damage", label: "set", date: "2024-05-01", synthetic: true };
const frameOfReference = uidOf("damage");
const grid = gridOf({ size: [4, 3, 4], origin: [0, 0, 0], spacing: [2, 2, 3], frameOfReference });
const values = Float32Array.from({ length: 48 }, (_, i) => i);
const whole = [
  ...writeCtSeries({ grid, values, slope: 1, intercept: 0, unit: "HU" }, context),
  writeRtDose({ grid, values, slope: 1, intercept: 0, unit: "Gy" }, context),
  writeRtStruct({ frameOfReference, structures: [{ number: 1, name: "GTV", contours: [{ type: "CLOSED_PLANAR", points: Float64Array.of(0, 0, 0, 5, 0, 0, 5, 5, 0) }] }] }, context),
];

const changes = fc.array(fc.record({ file: fc.nat({ max: whole.length - 1 }), at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), byte: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 12 });

test.prop([changes], { numRuns: 300 })("damaged bytes give what is true or a problem in words, never another error and never a volume of another length", async (list) => {
  const files = whole.map(({ name, bytes }) => ({ name, bytes: bytes.slice() }));
  for (const { file, at, byte } of list) {
    const { bytes } = files[file] as (typeof files)[number];
    bytes[Math.floor(at * bytes.length)] = byte;
  }
  const scans = await scansOf(files);
  for (const one of [...scans.series, ...scans.doses]) {
    const volume = await one.volume().catch((error: unknown) => error);
    if (volume instanceof HapaxError) continue;
    const { size } = one.grid as NonNullable<typeof one.grid>;
    expect(volume).toMatchObject({ values: { length: size[0] * size[1] * size[2] } });
  }
});
