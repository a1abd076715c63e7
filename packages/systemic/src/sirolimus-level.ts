import { showNumber } from "@hapax/base";
import { known, type CaseView, type DrugFacts, type Finding, type Missing, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";
import { interactionsWith } from "./interactions.ts";
import { dispositionOf } from "./sirolimus-wu2012.ts";
import { dailyText, estimateAt, forecastsOf, levelText, modelUnverified, sirolimusCases, troughs, type SirolimusCase, type SirolimusLevel } from "./sirolimus.ts";

/** Beyond this many standard deviations from typical clearance a level is called outside the population of the model. */
export const outsideAt = 2;

export const sirolimusLevelInfo: RuleInfo = {
  id: "systemic/sirolimus-level",
  question: "Sirolimus level",
  about: "The clearance that a level implies in the Wu 2012 model, how far from the population, and what else would explain it.",
  source: cite("wu2012", "sirolimusLabel"),
};

/** Every level of the drug against the model; the patient outside its population is said to be so. */
export function sirolimusLevel(view: CaseView, drugs: readonly DrugFacts[]): Finding<"outside" | "inside">[] {
  return sirolimusCases(view, drugs).flatMap((found) => found.levels.map((level) => judged(view, found, level)));
}

function judged(view: CaseView, found: SirolimusCase, level: SirolimusLevel): Finding<"outside" | "inside"> {
  const { hematocrit, drug, band } = found;
  const { entry, ngPerMl, regimen, earlier, listed } = level;
  const draw = known(entry.draw);
  const assay = known(entry.assay);
  const typicalNow = troughs(regimen, dispositionOf(hematocrit), []);
  const shared = {
    rule: sirolimusLevelInfo.id,
    ...(found.levels.length > 1 ? { subject: entry.id } : {}),
    question: `${drug.name.charAt(0).toUpperCase()}${drug.name.slice(1)} ${showNumber(ngPerMl)} ng/mL at ${showNumber(regimen.doseMg)} mg`,
    source: sirolimusLevelInfo.source,
    unverified: [...modelUnverified, "immunoassay about 30 % above LC-MS/MS: read on one laboratory page"],
  };
  const missing: Missing[] = listed ? [] : [{ input: `Dose of ${drug.name} at the level`, decides: `whether ${showNumber(ngPerMl)} was drawn at ${showNumber(regimen.doseMg)} mg` }];
  if (draw === undefined) missing.push({ input: "Draw time of the sirolimus level", decides: `whether ${showNumber(ngPerMl)} is a trough; a typical peak is ${levelText(typicalNow.peak)}` });
  if (assay === undefined) missing.push({ input: "Assay of the sirolimus level", decides: "immunoassays read about 30 % above LC-MS/MS" });
  if (draw === "peak" || draw === "random") {
    return {
      ...shared,
      status: "not applicable",
      text: "not a trough",
      brief: `Drawn as ${draw}; the model is asked for troughs only`,
      because: [{ text: `The level was drawn as ${draw}: without its hour it is not held against the model.`, entries: [entry.id] }],
      missing: [{ input: "Hour of the draw after the dose", decides: "the clearance that the level implies" }, ...missing],
      assumptions: [],
    };
  }
  if (level.dayAssumption !== undefined) missing.unshift({ input: "Day of sirolimus level", decides: level !== found.level || found.next === undefined ? "clearance" : `forecast at ${showNumber(found.next.doseMg)} mg` });
  const estimates = level.days.map((day) => ({ day, ...estimateAt(regimen, day, ngPerMl, hematocrit) }));
  const z = estimates.map((e) => e.zClearance);
  const outside = z.filter((v) => Math.abs(v) > outsideAt);
  const value = outside.length === z.length ? "outside" : outside.length === 0 ? "inside" : undefined;
  const times = ngPerMl / typicalNow.steady;
  const [least, most] = [Math.min(...z.map(Math.abs)), Math.max(...z.map(Math.abs))];
  const slow = (z[0] ?? 0) < 0;
  const spread = most - least < 0.05 ? showNumber(most, 1) : `${showNumber(least, 1)} to ${showNumber(most, 1)}`;
  const suspects = interactionsWith(view, drug);
  const began = (id: string) => (view.timing.gap(entry.id, id).atLeastDays ?? -1) < 0;
  const raising = suspects.filter((s) => s.effect === "inhibits" && began(s.drug.id));
  const forecasts = level === found.level ? forecastsOf(found) : [];
  const steady = forecasts.map((f) => f.steady);
  const assumptions = [
    ...found.assumptions,
    ...(level.dayAssumption === undefined ? [] : [level.dayAssumption]),
    ...(draw === undefined ? [{ key: "systemic/sirolimus-level/draw", name: "Draw", value: "trough", why: "The hour is not recorded; a level is usually drawn before the next dose." }] : []),
  ];
  return {
    ...shared,
    status: value === undefined ? "undecided" : "determined",
    ...(value === undefined ? { possible: ["outside", "inside"] as const } : { value }),
    text: value === "outside" ? "Outside the model" : value === "inside" ? "Within the model" : "{within, outside} the model",
    brief: value === "inside" ? `${spread} SD ${slow ? "below" : "above"} typical clearance` : `CL/F ${spread} SD ${slow ? "low" : "high"}: draw time, CYP3A4, assay`,
    because: [
      { text: `${showNumber(ngPerMl)} ng/mL at ${dailyText(regimen)} is ${showNumber(times, 1)} times the typical trough of ${levelText(typicalNow.steady)}.`, entries: [entry.id, drug.id] },
      ...estimates.map((e) => ({
        text: `Drawn on day ${e.day}: most likely CL/F ${showNumber(e.disposition.clearance, 2)} L/h, z ${showNumber(e.zClearance, 1)}, predicts ${levelText(e.predicted)} ng/mL.`,
        entries: [entry.id],
        met: Math.abs(e.zClearance) <= outsideAt,
      })),
      ...(value === "inside" ? [] : [{ text: `More than ${outsideAt} SD from the population of the model. A mistimed sample (typical peak ${levelText(typicalNow.peak)}), an inhibitor of CYP3A4 or P-gp, or the assay would explain it as well as an unusual patient.`, entries: [entry.id] }]),
      { text: raising.length === 0 ? "No inhibitor of CYP3A4 or P-gp is among the drugs recorded up to it." : `Recorded beside it: ${raising.map((s) => `${s.drug.name} (${s.overlapText})`).join(", ")}.`, entries: raising.map((s) => s.drug.id) },
      ...(steady.length === 0 ? [] : [{ text: `After the change to ${dailyText(found.next ?? regimen)}: ${steadyText(steady)}.`, entries: [drug.id] }]),
      ...(band === undefined ? [] : [{ text: `Band shown ${band.low}–${band.high} ng/mL: ${band.from}.`, entries: [entry.id], met: ngPerMl >= band.low && ngPerMl <= band.high }]),
    ],
    missing,
    assumptions,
    caveats: [
      ...(earlier === undefined || (earlier.doseMg === regimen.doseMg && earlier.everyH === regimen.everyH) ? [] : [`Estimated as if ${dailyText(regimen)} had been given from the first day; before it came ${dailyText(earlier)}.`]),
      ...(listed ? [] : [`The dose recorded with the level, ${showNumber(regimen.doseMg)} mg, is none of the doses recorded of ${drug.name}.`]),
      "The residual error of the model is poorly known (standard error 97 %): the estimate follows the level closely.",
    ],
    table: {
      columns: ["Day of the draw", "CL/F", "z", "Predicted"],
      rows: estimates.map((e) => [String(e.day), `${showNumber(e.disposition.clearance, 2)} L/h`, showNumber(e.zClearance, 1), `${levelText(e.predicted)} ng/mL`]),
    },
  };
}

function steadyText(steady: readonly number[]): string {
  const [low, high] = [levelText(Math.min(...steady)), levelText(Math.max(...steady))];
  return low === high ? `${low} ng/mL at steady state` : `${low} to ${high} ng/mL at steady state, by the day of the draw`;
}
