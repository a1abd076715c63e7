// What is used of codecs that ship without types.

declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  export interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  }
  export interface Decoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): FrameInfo;
    /** 0: one component after the other. */
    getInterleaveMode(): number;
    delete(): void;
  }
  export interface Codec {
    readonly JpegLSDecoder: new () => Decoder;
  }
  export default function load(settings: object): Promise<Codec>;
}

declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  export interface Decoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): { readonly width: number; readonly height: number; readonly bitsPerSample: number; readonly componentCount: number; readonly isSigned: boolean };
    getIsReversible(): boolean;
    delete(): void;
  }
  export interface Codec {
    readonly J2KDecoder: new () => Decoder;
  }
  export default function load(settings: object): Promise<Codec>;
}

declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  export interface Decoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): { readonly width: number; readonly height: number; readonly bitsPerSample: number; readonly componentCount: number };
    delete(): void;
  }
  export interface Codec {
    readonly JPEGDecoder: new () => Decoder;
  }
  export default function load(settings: object): Promise<Codec>;
}

declare module "jpeg-lossless-decoder-js" {
  export class Decoder {
    decode(buffer: ArrayBuffer, offset: number, length: number, bytes?: number): Uint8Array | Uint16Array;
  }
}

// The builds with encoders, from which tests make compressed pictures.

declare module "@cornerstonejs/codec-charls" {
  export interface Encoder {
    getDecodedBuffer(frame: { width: number; height: number; bitsPerSample: number; componentCount: number }): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function load(settings: object): Promise<{ readonly JpegLSEncoder: new () => Encoder }>;
}

declare module "@cornerstonejs/codec-openjpeg" {
  export interface Encoder {
    getDecodedBuffer(frame: { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean }): Uint8Array;
    setDecompositions(levels: number): void;
    setQuality(lossless: boolean, quality: number): void;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function load(settings: object): Promise<{ readonly J2KEncoder: new () => Encoder }>;
}
