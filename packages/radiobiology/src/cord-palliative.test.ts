import { expect, test } from "vitest";
import { finding, imrt, spine } from "./leach.fixture.ts";

test("20 Gy in 5 to the spine would have reached 62.2: above 60, below 70", () => {
  expect(finding("radiobiology/cord-palliative#spine")).toMatchObject({
    status: "determined",
    text: "62.2 Gy (α/β 2)",
    brief: "20 Gy in 5 on the cord would reach EQD2 62.2: above 60 (Delphi), below 70 (HyTEC)",
  });
});

test("without a recorded cord dose the declined course has no number beside it", () => {
  const found = finding("radiobiology/cord-palliative#spine", {}, [{ ...imrt, organDoses: [] }, spine]);
  expect(found?.status).toBe("undecided");
  expect(found?.missing[0]?.input).toBe("spinal cord dose of the earlier courses");
});
