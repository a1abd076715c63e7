import { expect, test } from "vitest";
import { recorded, viewOf, type EntryOf } from "@hapax/case";
import { comparability } from "./comparability.ts";
import { caseOf, lesion, size, twoMasses } from "./two-masses.fixture.ts";

const of = (subject: string) => comparability(viewOf(twoMasses())).find((f) => f.subject === subject);

test("13.2 × 7 cm called an enlargement contradicts 14.3 × 13.3 cm before it", () => {
  const found = of("neck");
  expect(found?.status).toBe("contradiction");
  expect(found?.stated?.agrees).toBe(false);
  expect(found?.because[0]?.text).toBe("T3: called larger, yet 13.2 × 7 cm is smaller than 14.3 × 13.3 cm at T1.");
  expect(found?.because[0]?.entries).toEqual(["called-larger", "n1", "n3"]);
});

test("a series that turns back is said not to go one way", () => {
  expect(of("neck")?.because.some((b) => b.text.includes("14.3, 13.2, 17.1, 14.0 cm: not one direction"))).toBe(true);
});

test("CT and PET/CT are not like for like", () => {
  expect(of("mediastinum")?.value).toBe("not like for like: T1–T2, T2–T3");
});

test("what plane nobody recorded is asked for, once for all measurements", () => {
  expect(of("mediastinum")?.missing.map((m) => m.input)).toEqual(["Plane of the measurements", "Coverage of the measurements"]);
});

test("same method, plane and coverage are like for like; another plane is not", () => {
  const alike = { plane: recorded("axial" as const), coverage: recorded("whole lesion") };
  const at = (id: string, point: string, more: Partial<EntryOf<"measurement">>) => ({ ...(size(id, "a", point, "CT", 3, 2) as EntryOf<"measurement">), ...alike, ...more });
  const judge = (second: Partial<EntryOf<"measurement">>) => comparability(viewOf(caseOf(["T1", "T2"], [lesion("a"), at("a1", "T1", {}), at("a2", "T2", second)])))[0];
  expect(judge({})).toMatchObject({ status: "determined", value: "like for like" });
  expect(judge({ plane: recorded("coronal" as const) })?.value).toBe("not like for like: T1–T2");
  expect(judge({ coverage: { state: "uncertain", value: "partial" } })).toMatchObject({ status: "undecided", possible: ["like for like", "not like for like"] });
});
