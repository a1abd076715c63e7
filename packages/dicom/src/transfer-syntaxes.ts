/** Transfer syntaxes of PS3.5 and PS3.6 by what they are called there. */
export const transferSyntaxes = {
  implicitLittleEndian: "1.2.840.10008.1.2",
  explicitLittleEndian: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  explicitBigEndian: "1.2.840.10008.1.2.2",
  jpegBaseline: "1.2.840.10008.1.2.4.50",
  jpegExtended: "1.2.840.10008.1.2.4.51",
  jpegLossless: "1.2.840.10008.1.2.4.57",
  jpegLosslessFirstOrder: "1.2.840.10008.1.2.4.70",
  jpegLsLossless: "1.2.840.10008.1.2.4.80",
  jpegLsNearLossless: "1.2.840.10008.1.2.4.81",
  jpeg2000Lossless: "1.2.840.10008.1.2.4.90",
  jpeg2000: "1.2.840.10008.1.2.4.91",
  rle: "1.2.840.10008.1.2.5",
} as const;

/** How elements are laid out. */
export interface Layout {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const implicitLittle: Layout = { explicit: false, littleEndian: true };
export const explicitLittle: Layout = { explicit: true, littleEndian: true };
export const explicitBig: Layout = { explicit: true, littleEndian: false };

/** Layout under a transfer syntax: all but two are explicit little endian. */
export function layoutOf(transferSyntax: string): Layout {
  if (transferSyntax === transferSyntaxes.implicitLittleEndian) return implicitLittle;
  return transferSyntax === transferSyntaxes.explicitBigEndian ? explicitBig : explicitLittle;
}

export const nameOfLayout = ({ explicit, littleEndian }: Layout): string => `${explicit ? "explicit" : "implicit"} ${littleEndian ? "little" : "big"} endian`;
