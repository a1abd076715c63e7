import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planUidsOf } from "@hapax/dicom";
import { phantomSpec, phantomStudies } from "@hapax/imaging/phantom";
import { planMadeOf } from "@hapax/planning/read";
import { contextOf, planContextOf } from "@hapax/server/phantom-context";

const leach = new URL("../cases/leach2025/", import.meta.url);
const jsonAt = (path: string): unknown => JSON.parse(readFileSync(new URL(path, leach), "utf8")) as unknown;
const studies = phantomStudies(phantomSpec(jsonAt("phantom.json")));
const plans = readdirSync(new URL("plans/", leach)).filter((name) => name.endsWith(".json")).map((name) => ({ name, made: planMadeOf(jsonAt(`plans/${name}`)) }));
const uidsOf = ({ made }: (typeof plans)[number]) =>
  studies.flatMap((study, n) => (study.frameOfReference === made.madeFrom.frameOfReference ? [planUidsOf(planContextOf(contextOf(study, n), made))] : []));

test("each plan that comes with the Leach case was made on a study of its phantom, and is named by its file", () => {
  for (const plan of plans) {
    expect(uidsOf(plan), plan.name).toHaveLength(1);
    expect(`${plan.made.request.id}.json`).toBe(plan.name);
  }
});

test("an earlier dose that a plan of the Leach case reckons with is the dose of another that comes with it, and no plan has the UID of another", () => {
  const doses = plans.flatMap(uidsOf).map(({ doseUid }) => doseUid);
  expect(new Set(doses).size).toBe(plans.length);
  // Where one was made anew the others refer to what is there no more: `npm run plans` makes all in their order.
  for (const { name, made } of plans) for (const { dose } of made.madeFrom.earlier) expect(doses, name).toContain(dose);
});
