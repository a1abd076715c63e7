import { test as property, fc } from "@fast-check/vitest";
import { expect } from "vitest";
import { bennett2018 } from "./bennett2018.ts";
import { bleeker2012 } from "./bleeker2012.ts";
import { folpe2005 } from "./folpe2005.ts";
import { garzon2022 } from "./garzon2022.ts";
import { pecPro } from "./pec-pro.ts";
import type { Pecoma } from "./pecoma.ts";
import { schoolmeester2014 } from "./schoolmeester2014.ts";
import { whoGynecologic2020 } from "./who-gynecologic-2020.ts";
import { whoSoftTissue2020 } from "./who-soft-tissue-2020.ts";

const schemes = { folpe2005, whoSoftTissue2020, bleeker2012, schoolmeester2014, bennett2018, whoGynecologic2020, garzon2022, pecPro };
const order = [
  "out of scope", "not applicable", "benign", "low", "not malignant", "uncertain malignant potential", "unclassified (one feature, not size)",
  "not malignant, one risk feature", "intermediate", "high", "malignant",
];
const tri = fc.constantFrom(true, false, undefined);
const tumors: fc.Arbitrary<Pecoma> = fc.record({
  siteGroup: fc.constantFrom("uterus" as const, "other gynecologic" as const, "other" as const, undefined),
  size: fc.option(fc.constantFrom(3, 5, 6, 8, 12).map((value) => ({ value, unit: "cm" })), { nil: undefined }),
  infiltrative: tri, highCellularity: tri, necrosis: tri, lymphovascularInvasion: tri, pleomorphismOnly: tri, resected: tri,
  nuclearGrade: fc.constantFrom("low" as const, "high" as const, undefined),
  mitoses: fc.option(fc.constantFrom(0, 1, 3, 6).map((count) => ({ count, hpf: 50 })), { nil: undefined }),
  sex: fc.constantFrom("male" as const, "female" as const, undefined),
  margins: fc.constantFrom("R0" as const, "R1" as const, undefined),
});
const answers = (rule: keyof typeof schemes, tumor: Pecoma): readonly string[] => {
  const finding = schemes[rule](tumor);
  return finding.value !== undefined ? [finding.value] : (finding.possible ?? [finding.status]);
};
const rules = fc.constantFrom(...(Object.keys(schemes) as (keyof typeof schemes)[]));

property.prop([rules, tumors, fc.constantFrom("siteGroup", "size", "infiltrative", "necrosis", "mitoses", "nuclearGrade", "highCellularity", "margins", "sex", "resected")])(
  "every scheme: what is possible with an input unknown includes what is possible when it is known",
  (rule, tumor, key) => {
    expect(answers(rule, { ...tumor, [key]: undefined })).toEqual(expect.arrayContaining([...answers(rule, tumor)]));
  },
);

property.prop([rules, tumors, fc.constantFrom("necrosis" as const, "lymphovascularInvasion" as const, "infiltrative" as const)])(
  "every scheme: one more feature never lowers the mildest class",
  (rule, tumor, key) => {
    const mildest = (value: boolean) => Math.min(...answers(rule, { ...tumor, [key]: value }).map((c) => order.indexOf(c)));
    expect(mildest(true)).toBeGreaterThanOrEqual(mildest(false));
  },
);

property.prop([rules, tumors])("every scheme: it has a value exactly when it is determined, and no empty text", (rule, tumor) => {
  const finding = schemes[rule](tumor);
  expect(finding.value !== undefined).toBe(finding.status === "determined");
  expect(finding.text).not.toBe("");
  expect(finding.brief.length).toBeGreaterThan(0);
  expect(finding.brief.length).toBeLessThan(110);
});
