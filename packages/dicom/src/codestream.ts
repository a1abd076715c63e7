/** What a compressed picture says of itself. */
export interface Codestream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** JPEG process by its SOF marker (0xC0 baseline, 0xC3 lossless, 0xF7 JPEG-LS, …); 0x51 for JPEG 2000. */
  readonly process: number;
}

/** Header of a JPEG or JPEG-LS picture. */
function jpegHeader(view: DataView): Codestream | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 10 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const startsFrame = marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
    if (startsFrame) {
      return { precision: view.getUint8(at + 4), height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: view.getUint8(at + 9), process: marker };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SIZ of a JPEG 2000 codestream, bare or inside a JP2 file. */
function jpeg2000Header(view: DataView): Codestream | undefined {
  const last = Math.min(view.byteLength - 42, 4096);
  for (let at = 0; at <= last; at++) {
    if (view.getUint32(at) !== 0xff4fff51) continue;
    const u32 = (offset: number) => view.getUint32(at + offset);
    const components = view.getUint16(at + 40);
    if (components === 0 || at + 43 > view.byteLength) return undefined;
    const precision = (view.getUint8(at + 42) & 0x7f) + 1;
    return { width: u32(8) - u32(16), height: u32(12) - u32(20), components, precision, process: 0x51 };
  }
  return undefined;
}

/** Reads the header of a compressed picture; undefined when it has none. */
export function codestreamOf(bytes: Uint8Array): Codestream | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return jpegHeader(view) ?? jpeg2000Header(view);
}

/** True where the end marker FFD9 stands, followed by nothing but filling bytes. */
export function endsWhole(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 1 && bytes[end - 1] !== 0xd9 && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end--;
  return end > 1 && bytes[end - 1] === 0xd9 && bytes[end - 2] === 0xff;
}
