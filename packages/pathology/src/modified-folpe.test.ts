import { expect, test } from "vitest";
import { modifiedFolpe } from "./modified-folpe.ts";

test("a scheme whose definition was not found says nothing of any tumor", () => {
  const finding = modifiedFolpe();
  expect(finding).toMatchObject({ status: "pending", text: "definition pending" });
  expect(finding.value).toBeUndefined();
});
