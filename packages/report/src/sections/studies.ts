import { showNumber } from "@hapax/base";
import { known, type EntryOf } from "@hapax/case";
import { plainText, type ParagraphBlock, type Span } from "../document.ts";
import { amount, capital, inside, listed, prose, said, word, type Part } from "../prose.ts";
import { atPoint, happened, lesionName, levelsText, paragraphs, sizeOf, type Telling } from "../telling.ts";

/** "CT of the neck": what was examined, by what. */
function studyName(study: EntryOf<"imaging">): Span[] {
  const region = inside(study.region).replace(/^the /, "");
  const name = { other: "imaging", MR: "MRI" }[study.modality as string] ?? study.modality;
  if (/not (recorded|stated|given)/.test(region)) return prose`${said(name, study.id)} (${said(region, study.id)})`;
  return prose`${said(`${name} of the ${region}`, study.id)}${known(study.contrast) === true ? prose` with contrast` : undefined}`;
}

/** A paragraph for each time point, with its studies in order; the first sentence says when. */
export function studyParagraphs(telling: Telling, care: string, studies: readonly EntryOf<"imaging">[]): ParagraphBlock[] {
  const byTime = Map.groupBy(studies, (s) => plainText(atPoint(telling, s.id)));
  return [...byTime.values()].flatMap((group) => paragraphs(care, ...group.map((study, i) => studySentence(telling, study, i === 0))));
}

/** "16.4 × 17.1 cm" for each lesion of a study, and what else was seen. */
function studySentence(telling: Telling, study: EntryOf<"imaging">, sayWhen: boolean): Part {
  const { view } = telling;
  if (study.state === "not performed" || study.state === "planned, not given") {
    return prose`${studyName(study)} was not done${study.reason === undefined ? undefined : prose` (${said(inside(study.reason), study.id)})`}`;
  }
  const sizes = view.all("measurement").filter((m) => m.study === study.id);
  const seen = view.all("observation").filter((o) => o.study === study.id);
  const result = known(study.result);
  const at = sayWhen ? atPoint(telling, study.id) : [];
  const opening = at.length === 0 ? prose`${studyName(study)}` : prose`${at}, ${studyName(study)}`;
  const measured = sizes.length === 0 ? undefined : prose`measured ${listed(sizes.map((m) => prose`the ${lesionName(telling, m.lesion)} at ${sizeOf(m)}`))}`;
  const uptake = [
    ...(known(study.suvMax) === undefined ? [] : [prose`SUVmax ${said(showNumber(known(study.suvMax) ?? 0), study.id)}`]),
    ...(known(study.sulPeak) === undefined ? [] : [prose`SULpeak ${said(showNumber(known(study.sulPeak) ?? 0), study.id)}`]),
  ];
  const findings = seen.length > 0 ? listed(seen.map((o) => observationPhrase(o))) : result === undefined ? undefined : [said(inside(result), study.id)];
  const values = uptake.length === 0 ? undefined : prose`; ${listed(uptake)}`;
  if (measured === undefined) {
    return findings === undefined ? prose`${opening} was done${values}; its result is not recorded` : prose`${opening} recorded the following: ${findings}${values}`;
  }
  return findings === undefined ? prose`${opening} ${measured}${values}` : prose`${opening} ${measured} and recorded the following: ${findings}${values}`;
}

/** What was seen, with what its words do not say themselves in brackets: count, levels, change, doubt. */
export function observationPhrase(o: EntryOf<"observation">): Span[] {
  const what = inside(o.what);
  const number = known(o.count);
  const levels = levelsText(known(o.levels));
  const change = known(o.change);
  const metastatic = known(o.metastatic);
  const notes: Part[] = [
    ...(number === undefined || number === "numerous" || /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten)\b/i.test(what) ? [] : [said(String(number), o.id)]),
    ...(levels === undefined ? [] : [said(levels, o.id)]),
    ...(change === undefined || what.includes(change) ? [] : [said(change, o.id)]),
    ...(known(o.presence) === "equivocal" || o.state === "uncertain" ? [word("not certain")] : []),
    ...(metastatic === "equivocal" ? [word("metastasis not certain")] : metastatic === "unequivocal" && !/metasta/i.test(what) ? [word("metastatic")] : []),
  ];
  const head = known(o.presence) === "absent" && !/^no\b/i.test(what) ? prose`no ${said(what, o.id)}` : [said(what, o.id)];
  return notes.length === 0 ? head : prose`${head} (${notes.flatMap((n, i) => (i === 0 ? [n] : [word(", "), n]))})`;
}

/** Observations and sizes that no study holds. */
export function looseSentences(telling: Telling, keep: (id: string) => boolean): Part[] {
  const { view } = telling;
  const held = new Set(view.all("imaging").map((i) => i.id));
  const sizes = view.all("measurement").filter((m) => (m.study === undefined || !held.has(m.study)) && m.method !== "palpation" && m.method !== "caliper" && keep(m.id));
  const seen = view.all("observation").filter((o) => (o.study === undefined || !held.has(o.study)) && keep(o.id) && happened(o));
  return [
    ...sizes.map((m) => prose`${word(capital(m.method))} ${atPoint(telling, m.id)} measured the ${lesionName(telling, m.lesion)} at ${sizeOf(m)}`),
    seen.length === 0 ? undefined : prose`Also recorded: ${listed(seen.map((o) => observationPhrase(o)))}`,
  ];
}

/** Values of blood tests, in one list. */
export function labPhrases(labs: readonly EntryOf<"lab">[]): Span[][] {
  return labs.map((lab) => {
    const value = known(lab.value);
    const result = known(lab.result);
    const analyte = said(inside(lab.analyte), lab.id);
    if (value !== undefined) return prose`${analyte} ${amount(value, lab.id)}${result === undefined ? undefined : prose` (${said(inside(result), lab.id)})`}`;
    if (result !== undefined) return prose`${analyte} (${said(inside(result), lab.id)})`;
    return prose`${analyte} without a recorded value`;
  });
}
