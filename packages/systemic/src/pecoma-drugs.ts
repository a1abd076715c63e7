import type { DrugFacts } from "@hapax/case";

/** What is published of drugs in PEComa, as far as a page shows it beside a level. */
export const pecomaDrugs: DrugFacts[] = [
  {
    drug: "sirolimus",
    band: {
      low: { value: 5, unit: "ng/mL" },
      high: { value: 15, unit: "ng/mL" },
      from: "LAM-derived; no target is validated for PEComa",
      source: "sirolimusLabel",
    },
    model: "wu2012",
  },
];
