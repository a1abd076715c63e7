import { describe, expect, test } from "vitest";
import { textReader } from "./character-sets.ts";
import { dataSetOf } from "./write.ts";
import { tags } from "./dictionary.ts";

const bytes = (hex: string) => Uint8Array.from(hex.split(" "), (byte) => parseInt(byte, 16));
const read = (set: string, hex: string) => textReader(set.split("\\")).read(bytes(hex));

describe("text in its character set (examples of PS3.5 H to K and of the sets)", () => {
  test.each([
    ["ISO_IR 100", "42 75 63 5e 4a e9 72 f4 6d 65", "Buc^Jérôme"],
    ["ISO_IR 101", "57 61 b3 ea 73 61", "Wałęsa"],
    ["ISO_IR 144", "bb ee da 63 65 dc d1 79 70 d3", "Люкceмбypг"],
    ["ISO_IR 126", "c4 e9 ef ed f5 f3 e9 ef f2", "Διονυσιος"],
    ["ISO_IR 127", "e2 c8 c7 e6 ea 5e e4 e6 d2 c7 d1", "قباني^لنزار"],
    ["ISO_IR 138", "f9 f8 e5 ef 5e e3 e1 e5 f8 e4", "שרון^דבורה"],
    ["ISO_IR 148", "c7 61 76 75 fe 6f f0 6c 75", "Çavuşoğlu"],
    ["ISO_IR 166", "b9 d2 c1", "นาม"],
    ["ISO_IR 192", "57 61 6e 67 5e e7 8e 8b", "Wang^王"],
    ["GB18030", "57 61 6e 67 5e cd f5", "Wang^王"],
    ["GBK", "cd f5", "王"],
    ["ISO_IR 13", "d4 cf c0 de 5e c0 db b3", "ﾔﾏﾀﾞ^ﾀﾛｳ"],
    ["\\ISO 2022 IR 87", "59 61 6d 61 64 61 5e 54 3d 1b 24 42 3b 33 45 44 1b 28 42 5e 1b 24 42 42 40 4f 3a 1b 28 42", "Yamada^T=山田^太郎"],
    ["ISO 2022 IR 13\\ISO 2022 IR 87", "d4 cf c0 de 3d 1b 24 42 3b 33 45 44 1b 28 4a", "ﾔﾏﾀﾞ=山田"],
    ["\\ISO 2022 IR 149", "48 6f 6e 67 3d 1b 24 29 43 fb f3 5e 1b 24 29 43 d1 ce d4 d7", "Hong=洪^吉洞"],
    ["\\ISO 2022 IR 58", "57 3d 1b 24 29 41 cd f5", "W=王"],
    ["ISO 2022 IR 100\\ISO 2022 IR 144", "e9 5c 1b 2d 4c bb", "é\\Л"],
  ])("%s", (set, hex, text) => {
    expect(read(set, hex)).toBe(text);
  });

  test("ASCII alone where none is named: other letters are not guessed", () => {
    expect(read("", "4a e9")).toBe("J�");
  });

  test.each(["ISO_IR 999", "constructor", "utf8"])("the unknown set %s is named", (set) => {
    expect(textReader([set])).toMatchObject({ unknown: [set] });
  });
});

test("a backslash inside a Chinese letter does not divide values", () => {
  // GB18030 95 5C is one letter, whose second byte is the backslash of ASCII.
  expect(read("GB18030", "95 5c 5c 41")).toBe("昞\\A");
});

test("padding is no part of a value, and a paragraph keeps its first blanks and its backslashes", () => {
  const set = dataSetOf({ PatientID: " 17 ", ImageType: ["A ", " B"], PatientComments: "  a\\b " });
  expect([set.text(tags.PatientID), set.texts(tags.ImageType), set.texts(tags.PatientComments)]).toEqual(["17", ["A", "B"], ["  a\\b"]]);
});
