import { showNumber } from "@hapax/base";
import type { CaseView, DrugFacts, Finding, RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { dispositionOf, wu2012 } from "./sirolimus-wu2012.ts";
import { dailyText, levelText, modelUnverified, sirolimusCases, troughs, type Regimen } from "./sirolimus.ts";

export const sirolimusTypicalInfo: RuleInfo = {
  id: "systemic/sirolimus-typical",
  question: "Typical trough of sirolimus",
  about: "What the typical patient of the Wu 2012 cohort has before the next dose, at the doses and the hematocrit of the case.",
  source: cite("wu2012"),
};

const days = [1, 3, 7, 14, 28];

/** The trough of the typical patient at steady state, ng/mL, under the regimen of the level or the first one. */
export function sirolimusTypical(view: CaseView, drugs: readonly DrugFacts[]): Finding<number>[] {
  const cases = sirolimusCases(view, drugs);
  return cases.map((found): Finding<number> => {
    const { regimen, regimens, hematocrit, drug } = found;
    const disposition = dispositionOf(hematocrit);
    const { steady, peak } = troughs(regimen, disposition, days);
    const distinct = regimens.filter((r, i) => regimens.findIndex((o) => o.doseMg === r.doseMg && o.everyH === r.everyH) === i);
    const row = (r: Regimen) => {
      const t = troughs(r, disposition, days);
      return [dailyText(r), ...t.byDay.map(levelText), levelText(t.steady), levelText(t.peak)];
    };
    const { clearance } = disposition;
    return {
      rule: sirolimusTypicalInfo.id,
      ...(cases.length > 1 ? { subject: drug.id } : {}),
      question: `Typical trough, ${drug.name} ${dailyText(regimen)}`,
      status: "determined",
      value: Number(steady.toFixed(2)),
      text: `${levelText(steady)} ng/mL`,
      brief: `Wu 2012, hematocrit ${showNumber(hematocrit)} %; peak ${levelText(peak)}; steady after about 2 weeks`,
      because: [
        {
          text: `CL/F = 12.9 × (35.1 / ${showNumber(hematocrit)})^0.14 = ${showNumber(clearance, 2)} L/h; V1/F 53.4 L, Q/F 29.0 L/h, V2/F 611 L; absorption Vm 4.56 mg/h, Km 13.8 mg.`,
          entries: found.hematocritFrom,
        },
        { text: `${dailyText(regimen)} for ever: ${showNumber(steady, 2)} ng/mL before the next dose.`, entries: [drug.id] },
      ],
      missing: [],
      assumptions: found.assumptions.filter((a) => a.key !== "systemic/sirolimus/band"),
      source: sirolimusTypicalInfo.source,
      caveats: [`Cohort: ${wu2012.cohort.patients} patients with advanced solid tumors, ${wu2012.cohort.samples} samples; clearance varies by 52 % between patients.`],
      unverified: modelUnverified,
      table: { columns: ["Dose", ...days.map((d) => `Day ${d}`), "Steady", "Peak"], rows: distinct.map(row) },
    };
  });
}
