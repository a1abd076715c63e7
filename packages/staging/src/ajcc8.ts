import { convert, show } from "@hapax/base";
import {
  atDiagnosis, beforeTreatment, known, primaryLesions,
  type Assumption, type CaseView, type EntryOf, type Fact, type Finding, type Missing, type Reason, type Stated, type TumorProfile,
} from "@hapax/case";
import { cite } from "@hapax/references";
import {
  ajcc8Tables, chapterFor, chapterOf, chaptersNamed, groupOf, needsCompartment, tBySize,
  type Chapter, type G, type Group, type M, type N, type T,
} from "./chapter.ts";
import { fnclccScores, gradeOf, statedGrade, totals } from "./fnclcc.ts";
import { metastasisEvidence, mOf, openRoles } from "./metastasis.ts";

type Tumor = Pick<TumorProfile, "registryGate" | "differentiation">;

const groupOrder: readonly Group[] = ["IA", "IB", "I", "II", "IIIA", "IIIB", "IV", "unknown", "no group", "not staged", "table not held"];
const ordered = (groups: Iterable<Group>) => [...new Set(groups)].sort((a, b) => groupOrder.indexOf(a) - groupOrder.indexOf(b));
const set = (values: readonly string[]) => (values.length === 1 ? String(values[0]) : `{${values.join(", ")}}`);
const inSentence = (name: string) => (/^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name);
const or = (values: readonly string[]) => values.join(" or ");

/** The value of a fact that its document doubts still says where it leans. */
function leaning<V>(fact: Fact<V>): V | undefined {
  return fact?.state === "recorded" || fact?.state === "uncertain" ? fact.value : undefined;
}

/** One way to stage the case: a chapter with what is taken as given, and what follows. */
interface Alternative {
  readonly chapter: string;
  readonly given: string;
  readonly t: string;
  readonly groups: readonly Group[];
  /** Whether the record leaves it open; otherwise it is shown for comparison. */
  readonly live: boolean;
  readonly why: string;
}

/** Grades for the group: from the score where it narrows anything, else as stated, else not known (GX). */
function gradesFor(view: CaseView, tumor: Tumor | undefined): { grades: G[]; taken: G | undefined; says: string } {
  const stated = statedGrade(view);
  const { scores, recorded } = fnclccScores(view, tumor);
  const computed = [...new Set(totals(scores).map(gradeOf))];
  if (!recorded) {
    if (stated === undefined || stated.grades.length === 0) return { grades: ["GX", "G1", "G2", "G3"], taken: "GX", says: "grade not recorded" };
    return { grades: [...stated.grades], taken: stated.grades.length === 1 ? stated.grades[0] : undefined, says: `grade ${stated.text.replace(/^grade\s+/i, "")}, as stated` };
  }
  const agreed = (stated?.grades ?? []).filter((g) => computed.includes(g));
  const only = computed.length === 1 ? computed[0] : agreed.length === 1 ? agreed[0] : undefined;
  return { grades: computed, taken: only, says: `grade ${or(computed)} from its components${stated === undefined ? "" : `, ${stated.text} as stated`}` };
}

/** T in a chapter: by size, by size or invasion, or by extent. */
function tOf(chapter: Chapter, sizeCm: number | undefined): { t: T; text: string } {
  if (chapter.extent !== undefined) return { t: "TX", text: "by extent, not size" };
  const t = (sizeCm === undefined ? undefined : tBySize(chapter, sizeCm)) ?? "TX";
  if (chapter.groups === "not held") return { t, text: "table not held" };
  return { t, text: chapter.t4 === undefined ? (t === "TX" ? "TX, size not recorded" : t) : `${t} or T4` };
}

/**
 * Stage at diagnosis by AJCC 8: which chapter, which T, N, M and grade, and every alternative that the record leaves
 * open. Progression does not revise it.
 *
 * @source seerEod2021
 */
export function ajcc8(view: CaseView, tumor: Tumor | undefined): Finding<Group> {
  const primary = primaryLesions(view);
  const lesion = primary.lesions[0];
  const { inputs, origins, otherSizes } = atDiagnosis(view);
  const sizeCm = inputs.size && convert(inputs.size, "cm");
  const { grades, taken, says: gradeSays } = gradesFor(view, tumor);

  // The chapter.
  const topography = leaning(lesion?.topography);
  const compartment = leaning(lesion?.compartment);
  const byRecord = topography === undefined ? "not recorded" : chapterFor(topography, compartment);
  const sure = known(lesion?.topography) !== undefined;
  const chapterAssumed = view.assume({
    key: "staging/ajcc8/chapter",
    name: "Chapter",
    value: byRecord,
    why:
      topography === undefined ? "no topography is recorded"
      : `${sure ? "recorded" : "uncertain"} topography ${topography}${needsCompartment(topography) ? `, ${compartment ?? "compartment not recorded"}` : ""}`,
    options: [...ajcc8Tables.chapters.map((c) => c.key), "not staged"],
  } as Assumption);
  const chosen = chapterOf(String(chapterAssumed.value));

  // N and M.
  const nodes = nodalEvidence(view);
  const nAssumed = view.assume({
    key: "staging/ajcc8/n",
    name: "N",
    value: nodes.length > 0 ? "N1" : "N0",
    why: nodes.length > 0 ? `${nodes.map((l) => l.name).join(", ")}: nodal` : "no nodal metastasis is recorded; the sarcoma tables take unknown nodes as N0",
    options: ["N0", "N1"],
  } as Assumption);
  const n: N = nAssumed.value === "N1" ? "N1" : "N0";
  const evidence = metastasisEvidence(view, "diagnosis");
  const deposits = openRoles(view);
  const certainM = mOf(evidence);
  const mAssumed = view.assume({
    key: "staging/ajcc8/m",
    name: "M",
    value: certainM.includes("M0") ? "M0" : "M1",
    why: certainM.length > 1 || deposits.length > 0 ? "in doubt the lower category is taken" : certainM[0] === "M1" ? "unequivocal metastasis before treatment" : "nothing recorded before treatment speaks for metastasis",
    options: ["M0", "M1"],
  } as Assumption);
  const m: M = mAssumed.value === "M1" ? "M1" : "M0";
  const equivocal = evidence.filter((e) => e.says === "equivocal");
  const asM1 = [...equivocal.map((e) => e.name), ...deposits.map((l) => l.name)];

  // Every way to stage it.
  const groupsIn = (chapter: Chapter, mm: M) => ordered(grades.map((g) => groupOf(chapter, tOf(chapter, sizeCm).t, n, mm, g)));
  const alternatives: Alternative[] = [];
  const add = (chapter: Chapter, mm: M, given: string, live: boolean, why: string) =>
    alternatives.push({ chapter: chapter.name, given, t: tOf(chapter, sizeCm).text, groups: groupsIn(chapter, mm), live, why });
  if (chosen !== undefined) {
    add(chosen, m, m, true, chapterAssumed.why);
    if (m === "M0" && asM1.length > 0) add(chosen, "M1", `M1: ${or(asM1.map(inSentence))}`, true, "the record leaves it open");
    if (m === "M1" && certainM.includes("M0")) add(chosen, "M0", "M0", true, "the record leaves it open");
  }
  const others = new Map<string, { given: string; why: string }>();
  if (chapterAssumed.value !== byRecord) others.set(byRecord, { given: m, why: "the topography that is recorded" });
  if (topography === undefined) for (const c of ajcc8Tables.chapters) others.set(c.key, { given: m, why: "no topography is recorded" });
  if (!sure && lesion !== undefined) for (const key of chaptersNamed(lesion.site)) others.set(key, { given: m, why: `the words of its site allow it: ${lesion.site}` });
  for (const second of deposits) {
    const code = leaning(second.topography);
    const key = code === undefined ? chaptersNamed(second.site)[0] : chapterFor(code, leaning(second.compartment));
    if (key !== undefined && !others.has(key)) others.set(key, { given: `${m}, ${inSentence(second.name)} as the primary`, why: `if the ${inSentence(second.name)} is the primary` });
  }
  const split = topography !== undefined && needsCompartment(topography);
  if (split && compartment === undefined) {
    for (const side of ["external", "internal"] as const) others.set(chapterFor(topography, side), { given: `${m}, ${side}`, why: `${topography}, ${side}` });
  }
  for (const [key, { given, why }] of others) {
    const chapter = chapterOf(key);
    if (chapter !== undefined && chapter !== chosen) add(chapter, m, given, true, why);
  }
  if (byRecord === "not staged" || split) {
    const unspecified = `${topography} without wall or cavity`;
    alternatives.push({
      chapter: "No chapter", given: split ? unspecified : `topography ${topography}`, t: "not used", groups: ["not staged"],
      live: compartment === undefined && chapterAssumed.value === byRecord, why: split ? unspecified : "the site has no chapter",
    });
  }
  if (chapterAssumed.value === "not staged" && alternatives.length === 0) {
    alternatives.push({ chapter: "No chapter", given: "chosen", t: "not used", groups: ["not staged"], live: true, why: "chosen by the reader" });
  }

  const main = chosen === undefined ? undefined : alternatives[0];
  const value: Group | undefined =
    chosen === undefined ? (chapterAssumed.value === "not staged" ? "not staged" : undefined)
    : taken !== undefined ? groupOf(chosen, tOf(chosen, sizeCm).t, n, m, taken)
    : main?.groups.length === 1 ? main.groups[0]
    : undefined;
  const possible = ordered([...(value === undefined ? [] : [value]), ...alternatives.filter((a) => a.live).flatMap((a) => a.groups)]);
  const unstaged = value === "not staged" || value === "table not held";
  const blank = lesion === undefined && sizeCm === undefined;
  const t = chosen === undefined ? undefined : tOf(chosen, sizeCm);

  const statedT = t === undefined || t.t === "TX" ? [] : t.text.split(" or ");
  const stated = statedStage(view, { t: statedT, n, m, g: grades, groups: value === undefined ? possible : [value] });
  const open = stated === undefined || stated.agrees || stated.group === undefined || possible.includes(stated.group as Group);
  const missing: Missing[] = [];
  const doubt = (value: unknown) => (value === undefined ? {} : { state: "uncertain" as const });
  if (!sure) {
    missing.push({ input: "Topography (ICD-O-3)", decides: "AJCC chapter, and with it T and whether there is a group", ...doubt(topography) });
  }
  if (split && known(lesion?.compartment) === undefined) {
    missing.push({ input: "Wall or cavity of the chest or abdomen", decides: "AJCC chapter 41 or 42, or not staged", ...doubt(compartment) });
  }
  if (sizeCm === undefined && (blank || chosen?.sizeCm !== undefined)) missing.push({ input: "Size", decides: "T" });
  // In a chapter that is chosen the grade is asked for only where it decides between groups.
  const byGrade = main === undefined ? (blank ? undefined : ordered(alternatives.flatMap((a) => (a.groups.length > 1 ? a.groups : [])))) : main.groups;
  if (byGrade === undefined || byGrade.length > 1) {
    missing.push({ input: grades.includes("GX") ? "Grade" : "Components of the grade", decides: byGrade === undefined ? "stage group" : `stage group ${or(byGrade)}` });
  }
  for (const name of m === "M0" ? asM1 : []) missing.push({ input: `Nature of: ${name}`, decides: `stage ${set(ordered([...(value === undefined ? [] : [value]), "IV"]))}` });

  const because: Reason[] = [
    { text: `chapter: ${chosen === undefined ? String(chapterAssumed.value) : `${chosen.name} (${chosen.number})`}; ${chapterAssumed.why}; ${lesion === undefined ? primary.why : `${lesion.name}, ${primary.why}`}`, entries: lesion === undefined ? [] : [lesion.id] },
    {
      text: `size ${inputs.size === undefined ? "not recorded" : `${show(inputs.size)}${origins.size?.says === undefined ? "" : ` (${origins.size.says})`}`}: ${t?.text ?? "no T without a chapter"}`,
      entries: origins.size?.entries ?? [],
    },
    ...sizeRange(chosen, sizeCm, otherSizes),
    ...alternatives.filter((a) => a.live && a.chapter !== chosen?.name).map((a) => ({ text: `also possible: ${a.chapter}, ${a.why}` })),
    { text: `${n}: ${nAssumed.why}`, entries: nodes.map((l) => l.id) },
    { text: `${m}: ${mAssumed.why}`, entries: evidence.flatMap((e) => e.entries) },
    ...evidence.map((e) => ({ text: e.text, entries: e.entries })),
    ...laterMetastasis(view, evidence.map((e) => e.lesion)),
    { text: `${gradeSays}${main !== undefined && main.groups.length === 1 && grades.length > 1 && chosen?.groups === "by T, N, M and G" ? `: the group is ${main.groups[0]} for ${grades.length === 2 ? "both" : "each"}` : ""}` },
  ];
  const grade = taken === "GX" ? "GX" : or(grades);
  const condition = chosen === undefined ? "" : chosen.groups === "not held" ? `${chosen.name.toLowerCase()}: its table is not held here` : `${chosen.name.toLowerCase().split(",")[0]}, ${t?.text === "by extent, not size" ? "T by extent" : t?.t} ${n} ${m} ${grade}`;
  return {
    rule: "staging/ajcc8",
    question: "Stage at diagnosis, AJCC 8",
    status: blank ? "not recorded" : !open ? "contradiction" : chosen === undefined && value === undefined ? "undecided" : possible.length > 1 ? "undecided" : unstaged ? (value === "table not held" ? "pending" : "not applicable") : "determined",
    ...(value === undefined || unstaged ? {} : { value }),
    ...(possible.length > 1 ? { possible } : {}),
    text:
      blank ? "not recorded"
      : value === "table not held" ? `chapter ${chosen?.number}, table not held`
      : possible.length > 1 ? `${value === undefined ? "" : `${value} `}{${possible.join(", ")}}`
      : (value ?? set(possible)),
    brief: blank ? "no lesion and no size is recorded" : chosen === undefined ? chapterAssumed.why : condition,
    because,
    missing,
    assumptions: [chapterAssumed, nAssumed, mAssumed],
    source: cite("ajcc8", ajcc8Tables.source),
    ...(stated === undefined ? {} : { stated: { text: stated.text, from: stated.from, agrees: stated.agrees } }),
    caveats: [
      ajcc8Tables.verify,
      ...(taken === "GX" && chosen?.groups === "by T, N, M and G" && m === "M0"
        ? [`the grade is missing: the tables then stage as if it were G1 (${value}); with G2 or G3 it would be ${set(ordered((["G2", "G3"] as const).map((g) => groupOf(chosen, tOf(chosen, sizeCm).t, n, m, g))))}`]
        : []),
      ...boundaries(chosen, sizeCm, otherSizes),
      ...(tumor?.registryGate === undefined ? [] : [tumor.registryGate.says]),
    ],
    unverified: ["that doubt takes the lower category is recalled", ...(tumor?.registryGate === undefined ? [] : ["whether the manual's own list leaves this histology out was not checked"])],
    table: {
      columns: ["Chapter", "Assumption", "T", "Group"],
      rows: [
        ...alternatives.map((a) => [a.chapter, a.given, a.t, set(a.groups)]),
        ...(tumor?.registryGate === undefined || chosen?.key === "corpus uteri" ? [] : [["Registry rule for this histology", "soft tissue site", "not used", "not staged"]]),
      ],
    },
  };
}

/** Lesions recorded as nodal and seen before treatment. */
export function nodalEvidence(view: CaseView): EntryOf<"lesion">[] {
  return view.all("lesion").filter((l) => known(l.role) === "nodal" && beforeTreatment(view, l.id));
}

function sizeRange(chapter: Chapter | undefined, sizeCm: number | undefined, others: readonly { diametersCm: readonly number[] }[]): Reason[] {
  if (chapter?.sizeCm === undefined || sizeCm === undefined || others.length === 0) return [];
  const all = [sizeCm, ...others.map((p) => p.diametersCm[0] ?? sizeCm)];
  const categories = [...new Set(all.map((cm) => tBySize(chapter, cm) ?? "TX"))].sort();
  const range = `${show({ value: Math.min(...all), unit: "cm" }).replace(" cm", "")} to ${show({ value: Math.max(...all), unit: "cm" })} by all methods before treatment`;
  return [{ text: categories.length === 1 ? `${range}: all ${categories[0]}` : `${range}: ${or(categories)}` }];
}

function boundaries(chapter: Chapter | undefined, sizeCm: number | undefined, others: readonly { diametersCm: readonly number[]; measurement: { method: string } }[]): string[] {
  if (chapter?.sizeCm === undefined || sizeCm === undefined) return [];
  const here = tBySize(chapter, sizeCm);
  return others.flatMap((p) => {
    const there = tBySize(chapter, p.diametersCm[0] ?? sizeCm);
    return there === here ? [] : [`by ${p.measurement.method}, ${show({ value: p.diametersCm[0] ?? 0, unit: "cm" })}, it would be ${there}`];
  });
}

/** Metastases that became certain later, where the same lesion was already seen before treatment. */
function laterMetastasis(view: CaseView, atDiagnosisLesions: readonly (string | undefined)[]): Reason[] {
  const before = new Set(atDiagnosisLesions.filter((l) => l !== undefined));
  return metastasisEvidence(view, "now")
    .filter((e) => e.says === "unequivocal" && !metastasisEvidence(view, "diagnosis").some((d) => d.lesion === e.lesion && d.says === "unequivocal"))
    .map((e) => ({
      text:
        e.lesion !== undefined && before.has(e.lesion)
          ? `later: ${e.text}; progression does not revise the stage, but if these are the lesions of diagnosis they were M1 then`
          : `later: ${e.text}; progression does not revise the stage at diagnosis`,
      entries: e.entries,
    }));
}

/** A stated grade that names no G (well, poorly differentiated) cannot be held against one. */
function gradeAgrees(view: CaseView, computed: readonly G[]): boolean {
  const stated = statedGrade(view)?.grades ?? [];
  return stated.length === 0 || stated.some((g) => computed.includes(g));
}

/** The stage that a document states, held against the one computed. */
function statedStage(
  view: CaseView,
  computed: { t: readonly string[]; n: N; m: M; g: readonly G[]; groups: readonly Group[] },
): (Stated & { readonly group: string | undefined }) | undefined {
  const stage = view.all("stage").findLast((s) => /AJCC|TNM|UICC/i.test(s.system));
  if (stage === undefined) return undefined;
  const parts = [known(stage.t), known(stage.n), known(stage.m), known(stage.g)];
  const group = known(stage.group);
  const text = [parts.filter((p) => p !== undefined).join(" "), group].filter((p) => p !== undefined && p !== "").join(", ");
  if (text === "") return undefined;
  const plain = (words: string) => words.replace(/^(stage|[cpy]+(?=[TNM]))\s*/i, "").trim().toUpperCase();
  // NX and MX say that nobody knows, which contradicts nothing.
  const same = (words: string | undefined, values: readonly string[]) =>
    words === undefined || /^[NM]X$/.test(plain(words)) || values.some((v) => v.toUpperCase() === plain(words));
  // T2a is a T2; a T that the chapter does not take from the size cannot be compared.
  const t = parts[0]?.replace(/(T\d)[a-d]$/i, "$1");
  const agrees =
    (computed.t.length === 0 || same(t, computed.t)) && same(parts[1], [computed.n]) && same(parts[2], [computed.m]) &&
    gradeAgrees(view, computed.g) && same(group, computed.groups);
  const from = [stage.group, stage.t].find((f) => f?.from !== undefined)?.from ?? stage.from;
  return { text, from, agrees, group: group === undefined ? undefined : plain(group) };
}
