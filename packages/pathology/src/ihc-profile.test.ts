import { newCase, parseCase, viewOf } from "@hapax/case";
import { expect, test } from "vitest";
import { ihcProfile, stainsOf } from "./ihc-profile.ts";

const profileOf = (stains: Record<string, string | { state: string }>) => {
  const entries = Object.entries(stains).map(([marker, result], i) => ({
    id: `s${i}`, kind: "stain", marker, result: typeof result === "string" ? { state: "recorded", value: result } : result,
  }));
  return ihcProfile(stainsOf(viewOf(parseCase({ ...newCase("x", "X", "pecoma"), entries }, "test"))));
};

test("HMB-45 and desmin are enough: melanocytic and myoid, whatever the rest", () => {
  const finding = profileOf({ "HMB-45": "positive", desmin: "positive", "cathepsin K": "positive", "E-cadherin": "positive" });
  expect(finding).toMatchObject({ status: "determined", value: "melanocytic and myoid", text: "PEComa profile", brief: "melanocytic by HMB-45, myoid by Desmin", missing: [] });
});

test("a lineage is absent only when every one of its markers is negative", () => {
  expect(profileOf({ HMB45: "positive", SMA: "negative" })).toMatchObject({ status: "undecided", possible: ["melanocytic and myoid", "melanocytic only"], brief: "melanocytic by HMB-45, myoid open" });
  expect(profileOf({ HMB45: "positive", SMA: "negative", desmin: "negative" })).toMatchObject({ value: "melanocytic only", text: "PEComa profile not met", brief: "melanocytic by HMB-45, not myoid" });
});

test("what is missing is named: the markers of the lineage that is open", () => {
  expect(profileOf({ "HMB-45": "focal" }).missing.map((m) => m.input)).toEqual(["SMA", "Desmin"]);
});

test("not performed is neither negative nor forgotten", () => {
  const finding = profileOf({ "HMB-45": "positive", SMA: { state: "not performed" }, desmin: { state: "uncertain" } });
  expect(finding.missing).toEqual([
    { input: "SMA", decides: "whether the tumor is myoid", state: "not performed" },
    { input: "Desmin", decides: "whether the tumor is myoid", state: "uncertain" },
  ]);
});

test("a marker is known by any of its names, and one outside the panel is kept", () => {
  const finding = profileOf({ "smooth muscle actin": "positive", "MART-1": "positive", CD34: "negative" });
  expect(finding.value).toBe("melanocytic and myoid");
  expect(finding.table?.rows.some((r) => r[0] === "CD34" && r[1] === "negative")).toBe(true);
});

test("a marker that should be negative raises a caveat when it is not", () => {
  expect(profileOf({ "HMB-45": "positive", SOX10: "positive" }).caveats?.[0]).toContain("SOX10");
});

test("no stain at all is not recorded", () => {
  expect(profileOf({}).status).toBe("not recorded");
});
