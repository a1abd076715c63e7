/** Turns the bytes of a text element into text. */
export type TextReader = (bytes: Uint8Array) => string;

/** Labels of the Encoding Standard for the sets of one byte, or of many without escapes (PS3.3 C.12.1.1.2). */
const plain: Readonly<Record<string, string>> = {
  "ISO_IR 100": "iso-8859-1",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "iso-8859-9",
  "ISO_IR 203": "iso-8859-15",
  "ISO_IR 13": "shift_jis",
  "ISO_IR 166": "windows-874",
  "ISO_IR 192": "utf-8",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** How the bytes after an escape of ISO 2022 are read. */
interface Designation {
  readonly label: string;
  /** Two bytes of seven bits are moved up to where the encoding has them, behind this lead byte where it wants one. */
  readonly raised?: { readonly lead?: number };
}

const designations: Readonly<Record<string, Designation>> = {
  "(B": { label: "iso-8859-1" },
  "(J": { label: "shift_jis" },
  ")I": { label: "shift_jis" },
  "-A": { label: "iso-8859-1" },
  "-B": { label: "iso-8859-2" },
  "-C": { label: "iso-8859-3" },
  "-D": { label: "iso-8859-4" },
  "-F": { label: "iso-8859-7" },
  "-G": { label: "iso-8859-6" },
  "-H": { label: "iso-8859-8" },
  "-L": { label: "iso-8859-5" },
  "-M": { label: "iso-8859-9" },
  "-T": { label: "windows-874" },
  "$B": { label: "euc-jp", raised: {} },
  "$(D": { label: "euc-jp", raised: { lead: 0x8f } },
  "$)C": { label: "euc-kr" },
  "$)A": { label: "gbk" },
};

const decoders = new Map<string, TextDecoder>();
function decoder(label: string): TextDecoder {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const made = new TextDecoder(label, { ignoreBOM: true });
  decoders.set(label, made);
  return made;
}

/** Plain ASCII; any other byte is shown as the replacement character. */
export function ascii(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : "�";
  return text;
}

const raise = (bytes: Uint8Array, { lead }: { readonly lead?: number }): Uint8Array =>
  lead === undefined ? bytes.map((b) => b | 0x80) : Uint8Array.from({ length: (bytes.length >> 1) * 3 }, (_, i) => (i % 3 === 0 ? lead : (bytes[(i / 3 | 0) * 2 + (i % 3) - 1] as number) | 0x80));

function designationAt(bytes: Uint8Array, at: number): string | undefined {
  for (const length of [2, 3]) {
    const code = String.fromCharCode(...bytes.subarray(at, at + length));
    if (Object.hasOwn(designations, code)) return code;
  }
  return undefined;
}

/** Code extensions: each escape names the set that holds up to the next escape, or to the end of the value. */
function escaped(initial: string): TextReader {
  return (bytes) => {
    let text = "";
    let designation: Designation = { label: initial };
    let start = 0;
    const flush = (end: number) => {
      const run = bytes.subarray(start, end);
      text += decoder(designation.label).decode(designation.raised === undefined ? run : raise(run, designation.raised));
    };
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      // A delimiter of values or lines ends what an escape began; inside two-byte sets the same bytes are text.
      const delimits = designation.raised === undefined && (byte === 0x5c || byte === 0x0a || byte === 0x0d);
      const code = byte === 0x1b ? designationAt(bytes, at + 1) : undefined;
      if (!delimits && code === undefined) continue;
      flush(at);
      designation = code === undefined ? { label: initial } : (designations[code] as Designation);
      start = code === undefined ? at : at + 1 + code.length;
      if (code !== undefined) at = start - 1;
    }
    flush(bytes.length);
    return text;
  };
}

/**
 * How text is read under a SpecificCharacterSet.
 *
 * @param names  its values; none is the default repertoire, ASCII
 * @returns      the reader, and the names that no decoder here has: their bytes above 127 are shown as replacement characters
 */
export function textReader(names: readonly string[]): { readonly read: TextReader; readonly unknown: readonly string[] } {
  const bare = names.map((name) => name.trim().replace("ISO 2022 IR ", "ISO_IR ").replace(/^ISO_IR_/, "ISO_IR "));
  const escapes = names.length > 1 || names.some((name) => name.startsWith("ISO 2022"));
  const known = (name: string) => name === "" || name === "ISO_IR 6" || Object.hasOwn(plain, name) || (escapes && /^ISO_IR (87|159|149|58)$/.test(name));
  const unknown = bare.filter((name) => !known(name));
  if (unknown.length > 0) return { read: ascii, unknown };
  const first = Object.hasOwn(plain, bare[0] ?? "") ? plain[bare[0] as string] : undefined;
  if (escapes) return { read: escaped(first ?? "iso-8859-1"), unknown };
  return { read: first === undefined ? ascii : (bytes) => decoder(first).decode(bytes), unknown };
}
