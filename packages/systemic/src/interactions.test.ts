import { expect, test } from "vitest";
import { viewOf } from "@hapax/case";
import { interactions, interactionTable } from "./interactions.ts";
import { caseOf, drug, sirolimus, sirolimusCase } from "./sirolimus-case.fixture.ts";

const of = (...entries: Parameters<typeof caseOf>) => interactions(viewOf(caseOf(...entries)))[0];
const ended = { when: { after: [{ of: "T1" }], before: [{ of: "T2" }] } };

test("an inhibitor that ran through the course raises the level", () => {
  expect(of(sirolimus(), drug("clarithromycin", { when: { during: ["sirolimus"] } }))).toMatchObject({ status: "determined", value: "raises the level" });
});

test("dexamethasone induces, weakly to moderately; when nobody wrote the end of sirolimus, one cannot tell", () => {
  const found = of(sirolimus({ when: { after: [{ of: "T1" }] } }), drug("dexamethasone", { when: { after: [{ of: "T4" }] } }));
  expect(found).toMatchObject({ status: "undecided", possible: ["lowers the level", "not taken at one time"] });
  expect(found?.missing[0]?.input).toBe("End of sirolimus");
});

test("a level drawn before an agent began is not explained by it", () => {
  const record = sirolimusCase(drug("dexamethasone", { when: { after: [{ of: "T4" }] } }));
  expect(interactions(viewOf(record))[0]?.because.at(-1)?.text).toContain("it cannot explain it");
});

test("courses that certainly did not meet are said to be apart", () => {
  const found = of(sirolimus({ ...ended, steps: [] }), drug("rifampicin", { when: { after: [{ of: "T3", atLeastDays: 1 }] } }));
  expect(found).toMatchObject({ status: "not applicable", text: "not taken at one time" });
});

test("both spellings of cyclosporine are met, and drugs that are not in the table are named as looked up", () => {
  expect(of(sirolimus(), drug("Ciclosporin"))?.subject).toBe("sirolimus/Ciclosporin");
  expect(of(sirolimus(), drug("pantoprazole"))).toMatchObject({ value: "none found", brief: "Looked up: pantoprazole" });
});

test("an agent without any time is asked for its own times", () => {
  const found = interactions(viewOf(sirolimusCase(drug("voriconazole"))))[0];
  expect(found).toMatchObject({ status: "undecided", missing: [{ input: "Times of voriconazole" }] });
});

test("a drug that was planned and not given interacts with nothing", () => {
  expect(of(sirolimus(), drug("ketoconazole", { state: "planned, not given" }))?.value).toBe("none found");
});

test("no agent stands in the table twice", () => {
  const names = interactionTable.flatMap((r) => [r.agent, ...(r.also ?? [])]);
  expect(new Set(names).size).toBe(names.length);
});
