import { expect, test } from "vitest";
import { newCase, parseCase, recorded, viewOf, type Entry } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { gaps } from "./gaps.ts";

const found = gaps(viewOf(parseCase(leach2025, "case.json")), []);

test("what the text leaves out, and the course whose end it does not tell", () => {
  expect(found.filter((f) => f.subject?.startsWith("report/"))).toHaveLength(6);
  expect(found.find((f) => f.subject === "palliative-3d")).toMatchObject({ status: "undecided", text: "completion not recorded" });
});

test("a claim of a study that the library lacks is a gap", () => {
  const claim: Entry = { kind: "claim", id: "c", state: "recorded", reference: "1", topic: "Topic", says: "Says.", study: recorded("unheard2099") };
  expect(gaps(viewOf({ ...newCase("made", "Made", "none"), entries: [claim] }), []).map((f) => f.text)).toEqual(["unheard2099 is not in the library"]);
});
