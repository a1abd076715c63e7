import { describe, expect, it } from "vitest";
import { plainText } from "./document.ts";
import { article, cited, inside, listed, paragraph, prose, said, sentence, word, type Part } from "./prose.ts";
import { inSentence } from "./sections/diagnosis.ts";

const text = (...parts: readonly Part[]) => plainText(paragraph(...parts));

describe("sentences", () => {
  it("join items with commas and a last and, with semicolons where items hold commas", () => {
    expect(plainText(listed(["a", "b", "c"].map((w) => word(w))))).toBe("a, b and c");
    expect(plainText(listed([word("a, b"), word("c")]))).toBe("a, b; and c");
  });

  it("begin large and end with one stop, before their references", () => {
    expect(plainText(sentence(prose`the tumor grew${cited("folpe2005")}`))).toBe("The tumor grew.[]");
    expect(text(prose`${said("mTOR")} is a kinase`)).toBe("mTOR is a kinase.");
    expect(text(prose`It ended.`, undefined, prose`so it did`)).toBe("It ended. So it did.");
  });

  it("keep acronyms, codes and names large inside a sentence", () => {
    expect(["Severe pain.", "HMB-45", "CT chest", "Folpe 2005", "A few cases", "T1 to T4", "PEComa"].map(inside)).toEqual([
      "severe pain", "HMB-45", "CT chest", "Folpe 2005", "a few cases", "T1 to T4", "PEComa",
    ]);
  });

  it("take the article that the sound asks for", () => {
    expect(["8-month-old", "11-year-old", "18-year-old", "59-year-old", "110-year-old", "IMRT plan", "uterine tumor", "undifferentiated tumor", "PEComa"].map(article)).toEqual([
      "an", "an", "an", "a", "a", "an", "a", "an", "a",
    ]);
  });

  it("read the set notation of findings as words", () => {
    expect(inSentence("{G1, G2, G3}")).toBe("G1, G2 or G3");
    expect(inSentence("IIIB {IIIB, IV}")).toBe("IIIB; possible IIIB or IV");
    expect(inSentence("{{low, high} or not applicable}")).toBe("low or high or not applicable");
    expect(inSentence("malignant")).toBe("malignant");
  });
});
