import { showNumber } from "@hapax/base";
import { known, moreThan, not, type Assumption, type CaseView, type Finding, type Missing, type Reason, type RuleInfo, type Tri } from "@hapax/case";
import { cite } from "@hapax/references";
import { analytes, whenClause, labsOf, latest } from "./analytes.ts";
import { hemoglobinLimit } from "./ctcae5.ts";

export type AnemiaCause = "iron deficiency" | "anemia of chronic disease" | "mixed";
export const causes: readonly AnemiaCause[] = ["anemia of chronic disease", "iron deficiency", "mixed"];

/** What the laboratory gave; undefined is not recorded. */
export interface AnemiaInputs {
  /** fL */
  readonly mcv?: number | undefined;
  /** ng/mL */
  readonly ferritin?: number | undefined;
  /** Transferrin saturation, % */
  readonly saturation?: number | undefined;
  /** Total iron binding capacity, µg/dL */
  readonly bindingCapacity?: number | undefined;
  /** Soluble transferrin receptor, mg/L */
  readonly transferrinReceptor?: number | undefined;
  /** mg/L */
  readonly crp?: number | undefined;
  /** Cancer or another cause of inflammation, where no CRP is recorded. */
  readonly inflammation?: Tri;
  readonly stoolBlood?: Tri;
  /** What the document concludes from iron studies whose figures it does not give. */
  readonly ironStudiesFavor?: AnemiaCause | undefined;
}

/** Thresholds in common use, recalled and not from one source; a laboratory may set its own. */
export interface AnemiaThresholds {
  readonly mcvLow: number;
  readonly ferritinLow: number;
  readonly ferritinInflamed: number;
  readonly saturationLow: number;
  readonly bindingHigh: number;
  readonly bindingLow: number;
  readonly crpHigh: number;
  readonly receptorIndexLow: number;
  readonly receptorIndexHigh: number;
}
export const commonThresholds: AnemiaThresholds = {
  mcvLow: 80,
  ferritinLow: 30,
  ferritinInflamed: 100,
  saturationLow: 20,
  bindingHigh: 450,
  bindingLow: 250,
  crpHigh: 10,
  receptorIndexLow: 1,
  receptorIndexHigh: 2,
};

/** One cause with what speaks for and against it. */
export interface Hypothesis {
  readonly cause: AnemiaCause;
  readonly excluded: boolean;
  readonly weight: number;
  readonly for: readonly string[];
  readonly against: readonly string[];
}

interface Sign {
  readonly says: string;
  readonly holds: Tri;
  readonly for?: Partial<Record<AnemiaCause, number>>;
  readonly excludes?: readonly AnemiaCause[];
  readonly against?: readonly AnemiaCause[];
}

const below = (value: number | undefined, cut: number): Tri => (value === undefined ? undefined : value < cut);
const above = (value: number | undefined, cut: number): Tri => (value === undefined ? undefined : value > cut);
const both = (...signs: Tri[]): Tri => (signs.includes(false) ? false : signs.includes(undefined) ? undefined : true);

/**
 * Causes of an anemia that iron studies can tell apart, ranked. Figures exclude; signs that fit several causes only
 * rank them. A cause for which nothing is recorded stays possible.
 *
 * @param inputs      laboratory values; undefined is not recorded
 * @param thresholds  cut-offs of the laboratory
 * @returns           all causes, those not excluded first, the best supported first
 * @source            anemiaThresholds
 */
export function anemiaCauses(inputs: AnemiaInputs, thresholds: AnemiaThresholds = commonThresholds): Hypothesis[] {
  const { mcv, ferritin, saturation, bindingCapacity, transferrinReceptor, crp, stoolBlood, ironStudiesFavor } = inputs;
  const t = thresholds;
  const inflamed: Tri = crp === undefined ? inputs.inflammation : crp > t.crpHigh;
  const starved = below(saturation, t.saturationLow);
  const between: Tri = ferritin === undefined ? undefined : ferritin >= t.ferritinLow && ferritin <= t.ferritinInflamed;
  const index = transferrinReceptor === undefined || ferritin === undefined || ferritin <= 1 ? undefined : transferrinReceptor / Math.log10(ferritin);
  const signs: Sign[] = [
    { says: `ferritin below ${t.ferritinLow}`, holds: below(ferritin, t.ferritinLow), for: { "iron deficiency": 4 }, excludes: ["anemia of chronic disease", "mixed"] },
    { says: `ferritin ${t.ferritinLow} to ${t.ferritinInflamed} and saturation below ${t.saturationLow} % with inflammation`, holds: both(between, starved, inflamed), for: { mixed: 4 }, excludes: ["iron deficiency", "anemia of chronic disease"] },
    { says: `ferritin ${t.ferritinLow} to ${t.ferritinInflamed} and saturation below ${t.saturationLow} % without inflammation`, holds: both(between, starved, not(inflamed)), for: { "iron deficiency": 4 }, excludes: ["anemia of chronic disease", "mixed"] },
    { says: `ferritin above ${t.ferritinInflamed} and saturation below ${t.saturationLow} %`, holds: both(above(ferritin, t.ferritinInflamed), starved), for: { "anemia of chronic disease": 4 }, excludes: above(index, t.receptorIndexHigh) === true ? ["iron deficiency"] : ["iron deficiency", "mixed"] },
    { says: `sTfR / log ferritin below ${t.receptorIndexLow}`, holds: below(index, t.receptorIndexLow), for: { "anemia of chronic disease": 2 }, excludes: ["iron deficiency", "mixed"] },
    { says: `sTfR / log ferritin above ${t.receptorIndexHigh}`, holds: above(index, t.receptorIndexHigh), for: { "iron deficiency": 1, mixed: 1 }, excludes: ["anemia of chronic disease"] },
    { says: `iron binding capacity above ${t.bindingHigh}`, holds: above(bindingCapacity, t.bindingHigh), for: { "iron deficiency": 1 }, against: ["anemia of chronic disease"] },
    { says: `iron binding capacity below ${t.bindingLow}`, holds: below(bindingCapacity, t.bindingLow), for: { "anemia of chronic disease": 1 }, against: ["iron deficiency"] },
    // Whoever wrote the words saw the figures; they outweigh what fits several causes, and exclude nothing.
    ...causes.map((cause): Sign => ({ says: "iron studies, in words", holds: ironStudiesFavor === cause, for: { [cause]: 3 } })),
    { says: `MCV below ${t.mcvLow}`, holds: below(mcv, t.mcvLow), for: { "iron deficiency": 1, mixed: 0.5 } },
    { says: `MCV ${t.mcvLow} or more`, holds: not(below(mcv, t.mcvLow)), for: { "anemia of chronic disease": 1 }, against: ["iron deficiency"] },
    { says: "blood in stool", holds: stoolBlood, for: { "iron deficiency": 1, mixed: 0.5 } },
  ];
  const met = signs.filter((s) => s.holds === true);
  return causes
    .map((cause): Hypothesis => ({
      cause,
      excluded: met.some((s) => s.excludes?.includes(cause)),
      weight: met.reduce((sum, s) => sum + (s.for?.[cause] ?? 0) - (s.against?.includes(cause) === true ? 1 : 0), 0),
      for: met.filter((s) => s.for?.[cause] !== undefined).map((s) => s.says),
      against: met.filter((s) => s.excludes?.includes(cause) || s.against?.includes(cause)).map((s) => s.says),
    }))
    .sort((a, b) => Number(a.excluded) - Number(b.excluded) || b.weight - a.weight);
}

export const anemiaInfo: RuleInfo = {
  id: "labs/anemia",
  question: "Cause of anemia",
  about: "Iron deficiency, chronic disease or both, from what is recorded; blood loss and mTOR inhibitors stand beside them.",
  source: cite("anemiaThresholds"),
};

const mtorInhibitors = /sirolimus|everolimus|temsirolimus|rapamycin/i;

/** Cause of the anemia of a case, ranked, with the values that would tell. */
export function anemia(view: CaseView): Finding<AnemiaCause>[] {
  const hemoglobin = latest(view, analytes.hemoglobin);
  if (hemoglobin === undefined) return [];
  const limit = hemoglobinLimit(view);
  const name = `hemoglobin ${showNumber(hemoglobin.value, 1)} g/dL ${whenClause(view, hemoglobin.lab.id)}`;
  if (moreThan({ value: Number(limit.value), unit: "g/dL" }, { value: hemoglobin.value, unit: "g/dL" }) !== true) {
    return [{
      rule: anemiaInfo.id, question: anemiaInfo.question, status: "not applicable", text: "no anemia", brief: `${name}, not below ${limit.value}`,
      because: [{ text: `The ${name} is not below ${limit.value}.`, entries: [hemoglobin.lab.id] }], missing: [], assumptions: [limit], source: anemiaInfo.source,
    }];
  }
  const value = {
    mcv: latest(view, analytes.mcv),
    ferritin: latest(view, analytes.ferritin),
    saturation: latest(view, analytes.saturation),
    bindingCapacity: latest(view, analytes.bindingCapacity),
    transferrinReceptor: latest(view, analytes.transferrinReceptor),
    crp: latest(view, analytes.crp),
  };
  const erythrocytes = latest(view, analytes.erythrocytes);
  const platelets = latest(view, analytes.platelets);
  const stool = labsOf(view, analytes.stoolBlood).findLast((l) => known(l.result) !== undefined);
  const stoolWords = known(stool?.result);
  const stoolBlood = stoolWords === undefined ? undefined : /posit/i.test(stoolWords) ? true : /negat/i.test(stoolWords) ? false : undefined;
  const studies = labsOf(view, analytes.ironStudies).findLast((l) => known(l.result) !== undefined);
  const words = known(studies?.result);
  const ironStudiesFavor: AnemiaCause | undefined =
    words === undefined ? undefined : /chronic|inflamm/i.test(words) ? "anemia of chronic disease" : /mixed/i.test(words) ? "mixed" : /deficien/i.test(words) ? "iron deficiency" : undefined;
  const inflamed = view.assume({
    key: "labs/anemia/inflammation",
    name: "Inflammation",
    value: true,
    why: "A cancer inflames; used where no CRP is recorded.",
    options: [true, false],
  });
  const ferritinLow = view.assume({ key: "labs/anemia/ferritinLow", name: "Ferritin below which iron is deficient", value: commonThresholds.ferritinLow, unit: "ng/mL", why: "In common use; laboratories differ (recalled).", options: [15, 30] });
  const ferritinInflamed = view.assume({ key: "labs/anemia/ferritinInflamed", name: "The same with inflammation", value: commonThresholds.ferritinInflamed, unit: "ng/mL", why: "Inflammation raises ferritin (recalled).", options: [60, 100] });
  const ranked = anemiaCauses(
    {
      mcv: value.mcv?.value,
      ferritin: value.ferritin?.value,
      saturation: value.saturation?.value,
      bindingCapacity: value.bindingCapacity?.value,
      transferrinReceptor: value.transferrinReceptor?.value,
      crp: value.crp?.value,
      inflammation: inflamed.value === true,
      stoolBlood,
      ironStudiesFavor,
    },
    { ...commonThresholds, ferritinLow: Number(ferritinLow.value), ferritinInflamed: Number(ferritinInflamed.value) },
  );
  const left = ranked.filter((h) => !h.excluded);
  const [first] = left;
  const decided = left.length === 1 && first !== undefined && first.weight > 0 ? first.cause : undefined;
  const reasons: Reason[] = [
    { text: `Anemia: ${name}, below ${limit.value}.`, entries: [hemoglobin.lab.id] },
    ...(value.mcv === undefined ? [] : [{ text: `MCV ${showNumber(value.mcv.value)} fL: ${value.mcv.value < 80 ? "microcytic" : value.mcv.value > 100 ? "macrocytic" : "normocytic"}.`, entries: [value.mcv.lab.id] }]),
    ...(words === undefined || studies === undefined ? [] : [{ text: `Iron studies in words: ${words.charAt(0).toLowerCase()}${words.slice(1)}; no figures.`, entries: [studies.id] }]),
    ...(platelets !== undefined && platelets.value > 450 ? [{ text: `Platelets ${showNumber(platelets.value)}: fits iron deficiency and inflammation alike.`, entries: [platelets.lab.id] }] : []),
    ...ranked.map((h) => ({
      text: `${h.cause}: ${h.excluded ? `excluded by ${h.against.join(", ")}` : `for it ${h.for.join(", ") || "nothing recorded"}${h.against.length > 0 ? `; against it ${h.against.join(", ")}` : ""}`}.`,
      met: h.excluded ? false : h.cause === decided ? true : undefined,
    })),
    ...contributors(view, hemoglobin.lab.id, stool?.id, stoolBlood),
    ...(erythrocytes === undefined || value.mcv === undefined ? [] : [{ text: `Mentzer index ${showNumber(value.mcv.value / erythrocytes.value, 1)}: below 13 speaks for a thalassemia trait.`, entries: [erythrocytes.lab.id] }]),
  ];
  const wanted: [keyof typeof analytes, string][] = [
    ["ferritin", "cause of anemia"],
    ["saturation", "cause of anemia"],
    ["transferrinReceptor", "iron deficiency beside inflammation"],
    ["crp", "inflammation"],
    ["rdw", "iron deficiency against thalassemia trait"],
    ["erythrocytes", "Mentzer index"],
    ["reticulocytes", "marrow response"],
  ];
  const missing: Missing[] = decided === undefined
    ? wanted.filter(([key]) => latest(view, analytes[key]) === undefined).map(([key, decides]) => ({ input: key === "saturation" ? "TSAT" : capital(analytes[key].name), decides }))
    : [];
  const given = [
    value.mcv === undefined ? undefined : `MCV ${showNumber(value.mcv.value)}`,
    value.ferritin === undefined ? undefined : `ferritin ${showNumber(value.ferritin.value)}`,
    value.saturation === undefined ? undefined : `TSAT ${showNumber(value.saturation.value)} %`,
    stoolBlood === true ? "blood in stool" : stoolBlood === false ? "no blood in stool" : undefined,
  ].filter((x) => x !== undefined);
  const lacking = [value.ferritin === undefined ? "ferritin" : undefined, value.saturation === undefined ? "TSAT" : undefined].filter((x) => x !== undefined);
  const assumptions: Assumption[] = [limit, ...(value.crp === undefined ? [inflamed] : []), ferritinLow, ferritinInflamed];
  return [{
    rule: anemiaInfo.id,
    question: anemiaInfo.question,
    status: decided === undefined ? "undecided" : "determined",
    ...(decided === undefined ? { possible: left.map((h) => h.cause) } : { value: decided }),
    text: decided === undefined ? `Ranked, ${left.length} left` : capital(decided),
    brief: `${given.join(", ") || name}${lacking.length === 0 ? "" : `; ${lacking.join(" and ")} missing`}`,
    because: reasons,
    missing,
    assumptions,
    source: anemiaInfo.source,
    ...(words === undefined ? {} : { stated: { text: words, from: studies?.from, agrees: ironStudiesFavor === undefined || left.some((h) => h.cause === ironStudiesFavor) } }),
    unverified: ["all thresholds recalled; set those of the laboratory"],
    table: {
      columns: ["Cause", "For", "Against", "Stands"],
      rows: ranked.map((h) => [capital(h.cause), h.for.join(", ") || "nothing recorded", h.against.join(", ") || "nothing recorded", h.excluded ? "excluded" : h.cause === decided ? "determined" : "possible"]),
    },
  }];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Blood loss and drugs: they add to whatever the iron studies say. */
function contributors(view: CaseView, hemoglobin: string, stool: string | undefined, stoolBlood: Tri): Reason[] {
  const reasons: Reason[] = [];
  if (stoolBlood === true && stool !== undefined) reasons.push({ text: "Blood in stool: loss from the gut stays open, whatever the iron studies say.", entries: [stool], met: true });
  for (const drug of view.all("drug")) {
    if (!mtorInhibitors.test(drug.name) || (drug.state !== "recorded" && drug.state !== "completion not recorded")) continue;
    const began = view.timing.gap(hemoglobin, drug.id).atLeastDays;
    reasons.push({
      text: began !== undefined && began >= 0
        ? `${drug.name} began after this hemoglobin: it cannot have caused it, and may add a microcytic anemia later.`
        : `${drug.name}, an mTOR inhibitor, may add a microcytic anemia.`,
      entries: [drug.id],
    });
  }
  return reasons;
}
