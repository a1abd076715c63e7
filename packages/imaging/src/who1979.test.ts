import { expect } from "vitest";
import { fc, test } from "@fast-check/vitest";
import { viewOf } from "@hapax/case";
import { twoMasses } from "./two-masses.fixture.ts";
import { who1979, whoResponse } from "./who1979.ts";

test("half the product is partial response, a quarter more than the smallest is progression", () => {
  expect(whoResponse(50, 100, 100)).toBe("PR");
  expect(whoResponse(51, 100, 100)).toBe("NC");
  expect(whoResponse(124, 100, 100)).toBe("NC");
  expect(whoResponse(125, 100, 100)).toBe("PD");
  expect(whoResponse(75, 100, 60)).toBe("PD");
  expect(whoResponse(0, 100, 100)).toBe("CR");
  expect(whoResponse(undefined, 100, 100)).toBe("NE");
});

const area = fc.double({ min: 0.01, max: 1000, noNaN: true });
test.prop([area, area, fc.double({ min: 0.01, max: 100, noNaN: true })])("the response does not depend on the unit", (sum, baseline, scale) => {
  const nadir = Math.min(sum, baseline);
  const [one, other] = [whoResponse(sum, baseline, nadir), whoResponse(sum * scale, baseline * scale, nadir * scale)];
  const onBorder = [0.5, 1.25].some((c) => Math.abs(sum / baseline - c) < 1e-6 || Math.abs(sum / nadir - c) < 1e-6);
  if (!onBorder) expect(other).toBe(one);
});

test("leach2025: 224.3, 148.7, 395.1 and 422.0 cm²: no change, then progression", () => {
  // 14.3·13.3 + 6.2·5.5; 13.2·7 + 8.4·6.7; 17.1·16.4 + 12.6·9.1; 14·13 + 16·15
  const found = who1979(viewOf(twoMasses())).find((f) => f.subject === "sirolimus");
  expect(found?.table?.rows.map((r) => r[1])).toEqual(["224.3 cm²", "148.7 cm²", "395.1 cm²", "422.0 cm²"]);
  expect(found?.table?.rows.map((r) => r[3])).toEqual(["baseline", "−33.7 %", "+165.7 %", "+183.8 %"]);
  expect(found?.value).toEqual(["NC", "PD", "PD"]);
});

test("leach2025: at T3 the products fall while the diameters rise, and it says so", () => {
  const found = who1979(viewOf(twoMasses())).find((f) => f.subject === "sirolimus");
  expect(found?.caveats?.join()).toContain("At T3 the products and the longest diameters disagree on direction: −33.7 % and +5.4 %");
});
