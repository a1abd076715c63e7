import { describe, expect, it } from "vitest";
import { newCase, parseCase, recorded, viewOf } from "@hapax/case";
import { workup } from "@hapax/workup";
import leachFile from "../../../cases/leach2025/case.json" with { type: "json" };
import { careCoverage, careLint } from "./care.ts";
import { madeUp } from "./made-up.fixture.ts";

const leach = workup(parseCase(leachFile, "leach2025"));

describe("the CARE checklist", () => {
  it("has 30 sub-items in 13 items: 1+1+4+1+4+1+1+4+3+4+4+1+1", () => {
    const items = careLint(leach.view, leach.findings).map((i) => i.item);
    expect(items).toHaveLength(30);
    expect(new Set(items.map((i) => Number.parseInt(i, 10))).size).toBe(13);
    expect(items.slice(0, 7)).toEqual(["1", "2", "3a", "3b", "3c", "3d", "4"]);
  });

  it("leach2025: 24 of 30 are answered; history, past interventions, challenges, adherence, perspective and consent are not", () => {
    const lint = careLint(leach.view, leach.findings);
    expect(careCoverage(lint)).toEqual({ covered: 24, of: 30 });
    expect(lint.filter((i) => i.status === "missing").map((i) => i.item)).toEqual(["5c", "5d", "8b", "10c", "12", "13"]);
    expect(lint.filter((i) => i.status === "partly").map((i) => i.item)).toEqual(["8c", "9b", "11a"]);
  });

  it("finds next to nothing answered in an empty case", () => {
    const lint = careLint(viewOf(newCase("empty", "Empty", "pecoma")), []);
    expect(lint.filter((i) => i.status === "present")).toEqual([]);
  });

  it("takes what is added: a recorded consent is no longer missing", () => {
    const of = (record: ReturnType<typeof madeUp>) => careLint(viewOf(record), []).find((i) => i.item === "13")?.status;
    expect(of(madeUp())).toBe("missing");
    expect(of({ ...madeUp(), patient: { consent: recorded("Given in writing.") } })).toBe("present");
  });
});
