import { expect, test } from "vitest";
import { newCase, parseCase } from "@hapax/case";
import { workup } from "./workup.ts";

test("a case of no named tumor is told by its histology, and without one says so", () => {
  const record = newCase("c", "C", "other");
  expect(workup(record).lead).toBe("A tumor whose diagnosis is not recorded.");
  const seen = parseCase({ ...record, entries: [{ kind: "histology", id: "h", diagnosis: "Epithelioid sarcoma", when: { at: "T1" } }] }, "test");
  expect(workup(seen).lead).toBe("An epithelioid sarcoma.");
});
