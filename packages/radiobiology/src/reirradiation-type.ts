import type { CaseView, Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { coursesOf } from "./courses.ts";
import { limitText, type LedgerRow } from "./ledger.ts";

export type ReirradiationType = "type 1" | "type 2" | "repeat organ irradiation" | "repeat irradiation";

const meaning: Readonly<Record<ReirradiationType, string>> = {
  "type 1": "the irradiated volumes overlap",
  "type 2": "no overlap, but concern for the cumulative dose",
  "repeat organ irradiation": "same organ, no overlap, no concern",
  "repeat irradiation": "neither the same organ nor concern",
};
const types = Object.keys(meaning) as ReirradiationType[];

/** Which re-irradiation this is in the terms of ESTRO and EORTC: the types that the record leaves open. */
export function reirradiationType(view: CaseView, rows: readonly LedgerRow[]): Finding<ReirradiationType> {
  const courses = coursesOf(view).filter((c) => c.given === "given" || c.given === "given in part or in full");
  const common = {
    rule: "radiobiology/reirradiation-type",
    question: "Re-irradiation type, ESTRO-EORTC 2022",
    source: cite("andratschke2022"),
    assumptions: [],
  } as const;
  if (courses.length < 2) {
    return {
      ...common,
      status: "not applicable",
      text: "one course or none",
      brief: "Re-irradiation begins with the second course",
      because: [{ text: `${courses.length} course${courses.length === 1 ? "" : "s"} given.`, entries: courses.map((c) => c.id) }],
      missing: [],
    };
  }
  const concern = rows.flatMap((row) => {
    const limit = row.limits.find((l) => l.stands !== "below");
    return limit === undefined ? [] : [`${row.name}: ${limit.name} ${limitText(limit)} Gy is ${limit.stands === "exceeded" ? "exceeded" : "not excluded"}.`];
  });
  const concerned = view.assume({
    key: "radiobiology/reirradiation-type/concern",
    name: "concern for the cumulative dose",
    value: concern.length > 0,
    why: concern.length > 0 ? "a published limit is exceeded or not excluded" : "no organ of the ledger can reach a published limit",
    options: [true, false],
  });
  const possible = types.filter((t) => t === "type 1" || (t === "type 2") === concerned.value);
  return {
    ...common,
    assumptions: [concerned],
    status: "undecided",
    possible,
    text: `{${possible.join(", ")}}`,
    brief: "Whether the volumes overlap cannot be told without the dose of each course",
    because: [
      { text: `${courses.length} courses: ${courses.map((c) => `${c.name}, ${c.entry.site}`).join("; ")}.`, entries: courses.map((c) => c.id) },
      { text: concern.length > 0 ? concern.join(" ") : "No organ's cumulative dose can reach a published limit of the library." },
      ...possible.map((t) => ({ text: `${t}: ${meaning[t]}.`, met: undefined })),
    ],
    missing: [{ input: "dose distribution of each course on one reference CT", decides: "overlap: type 1 or not" }],
  };
}
