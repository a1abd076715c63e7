import { test as property, fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { fnclcc, gradeOf, mitoticScore, necrosisScore, totals } from "./fnclcc.ts";
import { leachLike, likePecoma, look } from "./leach-like.ts";

const recorded = (value: unknown) => ({ state: "recorded", value });
const histology = (fields: Record<string, unknown>) => [
  { id: "h", kind: "histology", diagnosis: "sarcoma", ...Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, recorded(v)])) },
];

test("the published case: 2 to 3 + 1 to 3 + 1 to 2 = 4 to 8, so G2 or G3; the stated G3 is possible and not derivable", () => {
  const finding = fnclcc(look(leachLike), likePecoma);
  expect(finding).toMatchObject({ status: "undecided", possible: ["G2", "G3"], text: "{G2, G3}", bounds: { low: 4, high: 8 }, stated: { text: "G3", agrees: true } });
  expect(finding.caveats?.[0]).toContain("cannot be derived");
  // Mitoses of 20 and more would be 2 + 3 + 1 = 6 at least, so G3.
  expect(finding.missing.map((m) => m.input)).toEqual(["Mitotic count"]);
});

test("the reader may narrow the differentiation; a range without a score leaves all three", () => {
  const assume = (value: string) => fnclcc(look(leachLike, { assume: { "staging/fnclcc/differentiation": value } }), likePecoma);
  // 1 + 1 to 3 + 1 to 2 = 3 to 6
  expect(assume("1").bounds).toMatchObject({ low: 3, high: 6 });
  expect(assume("seven").possible).toEqual(["G1", "G2", "G3"]);
});

test("another histology, of which nothing is known, can also be G1", () => {
  expect(fnclcc(look(leachLike), undefined).possible).toEqual(["G1", "G2", "G3"]);
});

test("all components recorded: 3 + 2 + 1 = 6, G3", () => {
  const finding = fnclcc(look(histology({ differentiation: 3, mitoses: { count: 12, hpf: 10 }, necrosisPercent: 30 })), undefined);
  expect(finding).toMatchObject({ status: "determined", value: "G3", missing: [] });
});

test("mitoses counted in 50 fields are scaled to 10", () => {
  // 60 in 50 HPF = 12 per 10 HPF: score 2; 1 + 2 + 0 = 3, G1
  expect(fnclcc(look(histology({ differentiation: 1, mitoses: { count: 60, hpf: 50 }, necrosis: false })), undefined).value).toBe("G1");
});

test("a stated grade that the components exclude is a contradiction", () => {
  const stage = { id: "s", kind: "stage", system: "AJCC", g: recorded("G1") };
  const finding = fnclcc(look([...histology({ differentiation: 3, mitoses: { count: 25, hpf: 10 }, necrosis: true }), stage]), undefined);
  expect(finding).toMatchObject({ status: "contradiction", stated: { agrees: false } });
});

test("no component recorded is not recorded, whatever the range", () => {
  expect(fnclcc(look([]), undefined)).toMatchObject({ status: "not recorded", text: "not recorded" });
});

test("cut-offs: 9, 10, 19, 20 mitoses; 0, 49, 50 percent; totals 3, 4, 5, 6", () => {
  expect([0, 9, 9.9, 10, 19, 20].map(mitoticScore)).toEqual([1, 1, 1, 2, 2, 3]);
  expect([0, 1, 49, 50, 100].map(necrosisScore)).toEqual([0, 1, 1, 2, 2]);
  expect([2, 3, 4, 5, 6, 8].map(gradeOf)).toEqual(["G1", "G1", "G2", "G2", "G3", "G3"]);
});

const some = (values: number[]) => fc.subarray(values, { minLength: 1 });
property.prop([some([1, 2, 3]), some([1, 2, 3]), some([0, 1, 2])])("totals lie between the sums of the lowest and of the highest scores", (differentiation, mitoses, necrosis) => {
  const all = totals({ differentiation, mitoses, necrosis });
  const add = (pick: (...v: number[]) => number) => pick(...differentiation) + pick(...mitoses) + pick(...necrosis);
  expect(all[0]).toBe(add(Math.min));
  expect(all.at(-1)).toBe(add(Math.max));
});

property.prop([fc.constantFrom(1, 2, 3), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 100 })])(
  "what is possible with an input unknown includes the grade when it is known",
  (differentiation, count, necrosisPercent) => {
    const full = { differentiation, mitoses: { count, hpf: 10 }, necrosisPercent };
    const grade = fnclcc(look(histology(full)), undefined).value;
    for (const key of Object.keys(full)) {
      const { [key as keyof typeof full]: _left, ...rest } = full;
      const open = fnclcc(look(histology(rest)), undefined);
      expect(open.value === undefined ? open.possible : [open.value]).toContain(grade);
    }
  },
);
