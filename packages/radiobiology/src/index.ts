import type { CaseView, Finding, Study } from "@hapax/case";
import { cordPalliative } from "./cord-palliative.ts";
import { coursesOf } from "./courses.ts";
import { eqd2OfVolumes } from "./eqd2.ts";
import { hotSpots } from "./hot-spot.ts";
import { ledger, ledgerFinding } from "./ledger.ts";
import { literature } from "./literature.ts";
import { nextCourseFinding } from "./next-course.ts";
import { nieder } from "./nieder.ts";
import { organDoses } from "./organ-dose.ts";
import { reirradiationType } from "./reirradiation-type.ts";

export * from "./bed.ts";
export * from "./contributions-at.ts";
export * from "./cord-palliative.ts";
export * from "./cumulative-dose.ts";
export * from "./dose-for.ts";
export * from "./dvh-response.ts";
export * from "./eqd2.ts";
export * from "./geud.ts";
export * from "./hot-spot.ts";
export * from "./implied-alpha-beta.ts";
export * from "./incomplete-repair.ts";
export * from "./isodose-overlap.ts";
export * from "./known-box.ts";
export * from "./ledger.ts";
export * from "./literature.ts";
export * from "./lq-l.ts";
export * from "./next-course.ts";
export * from "./nieder.ts";
export * from "./ntcp.ts";
export * from "./organ-dose.ts";
export * from "./organs.ts";
export * from "./reirradiation-type.ts";
export * from "./response-sets.ts";
export * from "./rules.ts";
export * from "./time-factor.ts";

/**
 * Every finding of dose and effect: volumes, organs, the ledger, what a next course may give.
 *
 * @param studies  library whose regimens stand beside those of the case
 */
export function radiobiology(view: CaseView, studies: readonly Study[] = []): Finding[] {
  const rows = ledger(view);
  const cord = rows.find((row) => row.organ === "SpinalCord");
  const irradiated = coursesOf(view).length > 0;
  return [
    ...eqd2OfVolumes(view),
    ...organDoses(view),
    ...hotSpots(view),
    ...rows.map(ledgerFinding),
    ...rows.flatMap((row) => nextCourseFinding(view, row) ?? []),
    ...cordPalliative(view, cord),
    ...(irradiated ? [nieder(view, cord), reirradiationType(view, rows)] : []),
    ...literature(view, studies),
  ];
}
