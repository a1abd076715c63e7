import { convert } from "@hapax/base";
import type { BoundSpan, Section, Span } from "../document.ts";
import { article, cited, counted, inside, listed, prose, said, word, type Part } from "../prose.ts";
import { absent, findingsOf, happened, led, orAbsent, paragraphs, sizeOf, techniqueName, who, type Telling } from "../telling.ts";
import { claimParagraphs, isBackground } from "./literature.ts";
import { complaintPhrase } from "./patient.ts";
import { outcomeSentence } from "./outcome.ts";
import { determinedRisks } from "./risks.ts";
import { contradictions } from "./tables.ts";
import { courseDose } from "./treatment.ts";

/** CARE 1: the diagnosis or focus, followed by "case report". */
export function title({ view }: Telling): Span[] {
  const name = said(view.record.title, "case");
  return /case report/i.test(view.record.title) ? [name] : prose`${name}: a case report`;
}

/** CARE 2: two to five key words. */
export function keyWords(telling: Telling): Section {
  const { record } = telling.view;
  const words = record.keywords ?? [];
  const derived = [
    ...(telling.tumor === undefined ? [] : [said(telling.tumor.name, "case")]),
    ...telling.view.all("drug").filter((d) => d.purpose === "antitumor" && happened(d)).map((d) => said(inside(d.name), d.id)),
    ...telling.view.all("radiotherapy").filter(happened).map((r) => said(techniqueName(r), r.id)),
  ].filter((s, i, all) => all.findIndex((o) => o.text === s.text) === i);
  const blocks =
    words.length > 0
      ? paragraphs("2", listed(words.map((w) => said(w, "case"))))
      : derived.length > 0
        ? paragraphs("2", listed(derived.slice(0, 5)), prose`These words come from the entries; the record names no key words of its own`)
        : [];
  return { care: "2", heading: "Key words", blocks: orAbsent(blocks, "2", "two to five key words with the diagnosis and the interventions") };
}

/** CARE 3: background, case, conclusion. */
export function abstract(telling: Telling): Section {
  const { view } = telling;
  const subject = focus(telling);
  const background = prose`We report ${word(article(subject.text))} ${subject} in ${who(telling)}`;

  const complaints = view.all("complaint");
  const symptoms =
    complaints.length === 0
      ? prose`Presenting complaints are not recorded`
      : prose`The patient presented with ${listed(complaints.map((c) => complaintPhrase(c)))}`;
  const largest = view
    .all("measurement")
    .filter((m) => m.method !== "palpation" && m.method !== "caliper" && happened(m))
    .map((m) => ({ m, cm: Math.max(...m.diameters.map((d) => convert(d, "cm"))) }));
  const first = largest[0];
  const firstPoint = first === undefined ? undefined : view.timePointOf(first.m.id);
  const atFirst = largest.filter((x) => view.timePointOf(x.m.id) === firstPoint).toSorted((a, b) => b.cm - a.cm);
  const sizes = atFirst.length === 0 ? undefined : prose`At first imaging the disease measured ${listed(atFirst.slice(0, 3).map((x) => sizeOf(x.m)))}`;
  const drugs = view.all("drug").filter((d) => d.purpose === "antitumor");
  const courses = view.all("radiotherapy");
  const given = [
    ...drugs.filter(happened).map((d) => prose`${said(inside(d.name), d.id)}`),
    ...courses.filter(happened).map((c) => prose`${said(techniqueName(c), c.id)}${courseDose(c, " of ")}${c.state === "completion not recorded" ? prose` (completion not recorded)` : undefined}`),
  ];
  const notGiven = [...drugs, ...courses].filter((e) => e.state === "planned, not given");
  const treatment = given.length === 0 ? prose`No antitumor treatment is recorded` : prose`Treatment was ${listed(given)}`;
  const planned =
    notGiven.length === 0
      ? undefined
      : prose`${listed(notGiven.map((e) => (e.kind === "drug" ? prose`${said(inside(e.name), e.id)}` : prose`${said(techniqueName(e), e.id)}${courseDose(e, " of ")}`)))} ${word(notGiven.length === 1 ? "was" : "were")} planned and not given`;

  const settled = determinedRisks(telling, false);
  const open = findingsOf(telling, "pathology", "staging").filter((f) => f.status === "undecided");
  const inputs = [...new Set(open.flatMap((f) => f.missing.map((m) => inside(m.input))))];
  const waiting = open.length === 0 ? undefined : prose`${counted(open.length, "question", "questions")} of risk and stage ${word(open.length === 1 ? "stays" : "stay")} open${inputs.length === 0 ? undefined : prose` for want of inputs such as ${listed(inputs.slice(0, 3).map((i) => said(i)))}`}`;
  const against = contradictions(telling);
  const lesson = against.length === 0 ? undefined : prose`The documents of the case contradict themselves, their sources or what follows from the record in ${counted(against.length, "place", "places")}`;

  return {
    care: "3",
    heading: "Abstract",
    blocks: [
      ...led("3a", "Background", background, unusual(telling)),
      ...led("3b", "Case", symptoms, sizes),
      ...paragraphs("3c", treatment, planned, outcomeSentence(telling)),
      ...(settled === undefined && waiting === undefined && lesson === undefined
        ? [absent("3d", "the main lesson of the case")]
        : led("3d", "Conclusion", settled, waiting, lesson)),
    ],
  };
}

/** What the case is about: its title, or its diagnosis where it has only a name. */
function focus({ view, tumor }: Telling): BoundSpan {
  const { record } = view;
  if (record.title !== record.name) return said(inside(record.title), "case");
  const histology = view.all("histology").find(happened);
  return histology === undefined ? said(`tumor of the kind ${tumor?.name ?? record.tumor}`, "case") : said(inside(histology.diagnosis), histology.id);
}

/** The rarity of the case in the words of its claims, where one speaks of it. */
function unusual({ view }: Telling): Part {
  const claims = view.all("claim").filter((c) => /rar(e|ity)|unique|novel|incidence/i.test(`${c.topic} ${c.says}`));
  const claim = claims.find((c) => /epidemiology|incidence|rarity/i.test(c.topic)) ?? claims[0];
  return claim === undefined ? undefined : said(claim.says, claim.id);
}

/** CARE 4: why the case is worth telling, with references. */
export function introduction(telling: Telling): Section {
  const { view } = telling;
  const background = claimParagraphs(telling, "4", isBackground);
  const documents = view.record.documents.filter((d) => d.kind !== "typed in");
  const from =
    documents.length === 0
      ? prose`The record was typed in and rests on no further document`
      : prose`The record was made from ${listed(documents.map((d) => prose`“${said(d.title, "case")}”${d.citation === undefined ? undefined : cited(d.citation)}`))}`;
  const gaps = documents.flatMap((d) => d.gaps ?? []);
  return {
    care: "4",
    heading: "Introduction",
    blocks: [
      ...(background.length === 0 ? [absent("4", "why the case is unusual, with references to the literature")] : background),
      ...paragraphs(
        "4",
        from,
        prose`Every number below is bound to the entry or the rule that it comes from, and what nobody recorded is said to be so`,
        view.all("claim").length === 0 ? undefined : prose`A number after “ref.” is that of the document, whose source is not known here`,
        gaps.length === 0 ? undefined : prose`Known gaps of the documents: ${listed(gaps.map((g) => said(inside(g), "case")))}`,
      ),
    ],
  };
}
