import { crc32, inflateSync } from "node:zlib";
import { test as prop, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { pngAddress, pngBytes } from "./png-bytes.ts";

/** Chunks of a PNG as a reader of its own finds them. */
function chunks(bytes: Uint8Array): Map<string, Uint8Array> {
  const fields = new DataView(bytes.buffer, bytes.byteOffset);
  const found = new Map<string, Uint8Array>();
  for (let at = 8; at < bytes.length; ) {
    const length = fields.getUint32(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(fields.getUint32(at + 8 + length)).toBe(crc32(body));
    found.set(String.fromCharCode(...body.subarray(0, 4)), body.subarray(4));
    at += 12 + length;
  }
  return found;
}

prop.prop([fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.integer({ min: 0, max: 255 }))])("a PNG holds every color of every pixel", (width, height, stream) => {
  const rgba = Uint8ClampedArray.from({ length: 4 * width * height }, () => stream.next().value as number);
  const found = chunks(pngBytes(rgba, width, height));
  expect([...found.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
  const rows = inflateSync(found.get("IDAT") as Uint8Array);
  const above = new Uint8Array(3 * width);
  for (let y = 0, o = 0; y < height; y++) {
    expect(rows[o++]).toBe(2);
    for (let x = 0; x < 3 * width; x++, o++) {
      above[x] = (above[x] as number) + (rows[o] as number);
      expect(above[x]).toBe(rgba[4 * (y * width + Math.floor(x / 3)) + (x % 3)]);
    }
  }
});

test("a PNG as an address begins as browsers know it", () => {
  expect(pngAddress(new Uint8ClampedArray(4), 1, 1)).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
});
