import { expect, test } from "vitest";
import { parseCase, viewOf } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { cards } from "./cards.ts";
import { pecomaStudies } from "./pecoma-studies.ts";

const found = cards(viewOf(parseCase(leach2025, "case.json")), pecomaStudies);
const card = (topic: string) => found.find((f) => f.question === topic);

test("what is cited stands beside what was read, with directness and how far it was checked", () => {
  const rows = card("Treatment: resection of lung metastases")?.table?.rows;
  expect(rows?.[0]).toEqual(["cited as 57", "long control in some", "5-year OS 40.4 %", "as cited", "Dudek 2019"]);
  expect(rows?.[1]).toEqual(["Dudek 2019, n 33", "long control in some", "5-year OS 40.4 %", "other tumors", "source read"]);
});

test("two readings are shown and not merged", () => {
  const conflict = card("Treatment: mTOR inhibitors against chemotherapy");
  expect(conflict?.status).toBe("undecided");
  expect(conflict?.possible).toEqual(expect.arrayContaining(["no longer PFS", "longer PFS under mTOR inhibitors"]));
});

test("a topic that is only cited is open, with the number of its reference", () => {
  const cited = card("Radiotherapy: palliative, with sirolimus, lung");
  expect(cited).toMatchObject({ status: "undecided", brief: "cited, source not found" });
  expect(cited?.missing[0]?.input).toBe("the work cited as 70");
});

test("what the library holds and nobody cites has a card of its own", () => {
  expect(card("Treatment: sirolimus with exemestane")?.status).toBe("determined");
});
