import { zlibSync } from "fflate";

/**
 * Pixels as a PNG file, opaque, without the machine: the same bytes in a browser and on the command line.
 *
 * @param rgba  width × height × 4; the fourth byte of each is not kept
 * @source      PNG specification, third edition (W3C)
 */
export function pngBytes(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const header = new Uint8Array(13);
  const fields = new DataView(header.buffer);
  fields.setUint32(0, width);
  fields.setUint32(4, height);
  header.set([8, 2], 8); // 8 bits, red green blue
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const parts = [signature, chunk("IHDR", header), chunk("IDAT", zlibSync(filteredRows(rgba, width, height), { level: 6 })), chunk("IEND", new Uint8Array(0))];
  const file = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The same as an address that an `<image>` of a picture can hold. */
export function pngAddress(rgba: Uint8ClampedArray, width: number, height: number): string {
  const bytes = pngBytes(rgba, width, height);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:image/png;base64,${btoa(text)}`;
}

/** Each row as differences from the row above (filter 2): slices of a patient are alike from row to row. */
function filteredRows(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0, o = 0; y < height; y++) {
    rows[o++] = 2;
    for (let x = 0; x < width; x++) {
      const i = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) rows[o++] = (rgba[i + c] as number) - (y === 0 ? 0 : (rgba[i + c - 4 * width] as number));
    }
  }
  return rows;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const fields = new DataView(bytes.buffer);
  fields.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  fields.setUint32(8 + data.length, checksum(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const remainders = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32. */
function checksum(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) c = (remainders[(c ^ b) & 255] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
