import type { Codestream } from "./codestream.ts";

/** Decodes one compressed picture to its samples, those of a pixel side by side, in 8 or 16 bits. */
export type Decode = (bytes: Uint8Array, header: Codestream) => Promise<Uint8Array | Uint16Array>;

/** The part that the three codecs from C++ share. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

const silent = { print: () => undefined, printErr: () => undefined };

/** A codec loaded at first need, and again after it has broken down. */
function loaded<Codec>(load: () => Promise<Codec>): { get(): Promise<Codec>; forget(): void } {
  let codec: Promise<Codec> | undefined;
  return {
    get: () => (codec ??= load()),
    forget: () => {
      codec = undefined;
    },
  };
}

// The WebAssembly builds that decode only; the program that runs Hapax is Node, where they find their file by themselves.
const charls = loaded(async () => (await import("@cornerstonejs/codec-charls/decodewasmjs")).default({ ...silent }));
const openjpeg = loaded(async () => (await import("@cornerstonejs/codec-openjpeg/decodewasmjs")).default({ ...silent }));
const turbo = loaded(async () => (await import("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs")).default({ ...silent }));

function decodeWith<D extends WasmDecoder>(decoder: D, bytes: Uint8Array, precision: number, arrange: (decoder: D, bytes: Uint8Array) => Uint8Array = (_, all) => all) {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const samples = arrange(decoder, decoder.getDecodedBuffer().slice());
    return precision > 8 ? new Uint16Array(samples.buffer, 0, samples.length >> 1) : samples;
  } finally {
    decoder.delete();
  }
}

/** Planes one after the other, brought side by side. */
export function interleaved(planes: Uint8Array, components: number, sampleBytes: number): Uint8Array {
  const out = new Uint8Array(planes.length);
  const pixels = planes.length / components / sampleBytes;
  for (let c = 0; c < components; c++) {
    for (let i = 0; i < pixels; i++) {
      for (let b = 0; b < sampleBytes; b++) out[(i * components + c) * sampleBytes + b] = planes[(c * pixels + i) * sampleBytes + b] as number;
    }
  }
  return out;
}

const jpegLs: Decode = async (bytes, { components, precision }) => {
  const codec = await charls.get();
  return decodeWith(new codec.JpegLSDecoder(), bytes, precision, (decoder, samples) =>
    components > 1 && decoder.getInterleaveMode() === 0 ? interleaved(samples, components, precision > 8 ? 2 : 1) : samples,
  );
};

const jpeg2000: Decode = async (bytes, { precision }) => {
  const codec = await openjpeg.get();
  return decodeWith(new codec.J2KDecoder(), bytes, precision);
};

const jpegDct: Decode = async (bytes, { precision }) => {
  const codec = await turbo.get();
  return decodeWith(new codec.JPEGDecoder(), bytes, precision);
};

const jpegLossless: Decode = async (bytes, { precision }) => {
  const { Decoder } = await import("jpeg-lossless-decoder-js");
  const copy = bytes.slice();
  return new Decoder().decode(copy.buffer, 0, copy.length, precision > 8 ? 2 : 1);
};

/** The codec of a compressed picture by what it is, not by what the file calls it; undefined where none is at hand. */
export function codecFor({ process, precision }: Codestream): Decode | undefined {
  if (process === 0x51) return jpeg2000;
  if (process === 0xf7) return jpegLs;
  if (process === 0xc3) return jpegLossless;
  return (process === 0xc0 || process === 0xc1 || process === 0xc2) && precision === 8 ? jpegDct : undefined;
}

/** Drops the loaded codecs after a breakdown, so that the next picture gets fresh ones; a refusal by the codec itself leaves it whole. */
export function forgetCodecs(error: unknown): void {
  // Exceptions of C++ arrive as the number of their place, or as a CppException.
  if (typeof error === "number" || (error instanceof Error && error.constructor.name === "CppException")) return;
  for (const codec of [charls, openjpeg, turbo]) codec.forget();
}
