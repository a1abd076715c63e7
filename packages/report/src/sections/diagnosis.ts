import { beforeTreatment, known, stateOf, type EntryOf, type Fact, type Finding } from "@hapax/case";
import type { Block, Section, Span } from "../document.ts";
import { amount, count, found, inside, listed, prose, quoted, said, sourcesOf, table, word, type Part } from "../prose.ts";
import { absent, atPoint, findingsOf, happened, orAbsent, paragraphs, reasonOf, type Telling } from "../telling.ts";
import { labPhrases, looseSentences, studyParagraphs } from "./studies.ts";
import { determinedRisks, riskFindings } from "./risks.ts";
import { lesionTable, riskTable } from "./tables.ts";

/** CARE 8: methods, difficulties, reasoning, prognosis. */
export function diagnosticAssessment(telling: Telling): Section {
  const { view } = telling;
  const early = (id: string) => beforeTreatment(view, id);
  const studies = view.all("imaging").filter((i) => early(i.id));
  const labs = view.all("lab").filter((l) => early(l.id) && happened(l));
  const laboratory = labs.length === 0 ? undefined : prose`Blood tests recorded: ${listed(labPhrases(labs))}`;
  const imaging = [...studyParagraphs(telling, "8a", studies), ...paragraphs("8a", ...looseSentences(telling, early))];
  const pathology = paragraphs("8a", ...tissueSentences(telling));
  const methods: Block[] = [...imaging, ...lesionTable(telling), ...pathology, ...paragraphs("8a", laboratory)];
  const hard = difficulties(telling);
  return {
    care: "8",
    heading: "Diagnostic assessment",
    blocks: [
      ...orAbsent(methods, "8a", "the methods of diagnosis: imaging, tissue, laboratory"),
      ...(hard.length === 0 ? [absent("8b", "challenges of the diagnosis, such as access to tests")] : paragraphs("8b", ...hard)),
      ...orAbsent([...paragraphs("8c", ...riskSentences(telling)), ...riskTable(telling)], "8c", "the reasoning of the diagnosis, with the alternatives considered"),
      ...orAbsent(paragraphs("8d", ...stageSentences(telling)), "8d", "prognostic characteristics, such as the stage"),
    ],
  };
}

/** Specimens, histology, stains and molecular tests. */
function tissueSentences(telling: Telling): Part[] {
  const { view } = telling;
  const specimens = view.all("specimen").filter(happened);
  return [
    ...specimens.map((s) => prose`Tissue was taken by ${said(inside(s.method), s.id)} from the ${said(inside(s.site).replace(/^the /, ""), s.id)}${s.when === undefined ? undefined : prose` (${atPoint(telling, s.id)})`}`),
    ...view.all("histology").filter(happened).flatMap(histologySentences),
    stainSentence(view.all("stain")),
    molecularSentence(view.all("molecular")),
  ];
}

function histologySentences(h: EntryOf<"histology">): Part[] {
  const pattern = known(h.pattern);
  const size = known(h.size);
  const mitoses = known(h.mitoses);
  const percent = known(h.necrosisPercent);
  const grade = known(h.nuclearGrade);
  const yesNo: [string, Fact<boolean>][] = [
    ["necrosis", h.necrosis],
    ["infiltrative growth", h.infiltrative],
    ["high cellularity", h.highCellularity],
    ["lymphovascular invasion", h.lymphovascularInvasion],
    ["atypical mitoses", h.atypicalMitoses],
  ];
  const present = yesNo.filter(([, f]) => known(f) === true);
  const missing = yesNo.filter(([, f]) => known(f) === false);
  const unknown = [...yesNo.filter(([, f]) => known(f) === undefined).map(([n]) => n), ...(mitoses === undefined ? ["mitoses"] : []), ...(grade === undefined ? ["nuclear grade"] : [])];
  const counts = mitoses === undefined ? undefined : prose`Mitoses numbered ${said(`${mitoses.count} per ${mitoses.hpf} HPF`, h.id)}${mitoses.hpfAreaMm2 === undefined ? undefined : prose` of ${said(`${mitoses.hpfAreaMm2} mm²`, h.id)} each`}`;
  return [
    prose`The diagnosis was ${said(inside(h.diagnosis), h.id)}${pattern === undefined ? undefined : prose`: ${said(inside(pattern), h.id)}`}`,
    size === undefined ? undefined : prose`The largest size of the primary tumor was ${amount(size, h.id)}`,
    present.length === 0
      ? undefined
      : prose`${listed(present.map(([n]) => (n === "necrosis" && percent !== undefined ? prose`${said(n, h.id)} (${said(`${percent} %`, h.id)})` : said(n, h.id))))} ${word(present.length === 1 && present[0]?.[0] !== "atypical mitoses" ? "was" : "were")} present`,
    missing.length === 0 ? undefined : prose`${listed(missing.map(([n]) => said(n, h.id)))} ${word(missing.length === 1 ? "was" : "were")} absent`,
    grade === undefined ? undefined : prose`The nuclear grade was ${said(grade, h.id)}`,
    counts,
    unknown.length === 0 ? undefined : prose`${listed(unknown.map((n) => said(n, h.id)))} ${word(unknown.length === 1 && !/mitoses/.test(unknown[0] ?? "") ? "is" : "are")} not recorded`,
  ];
}

function stainSentence(stains: readonly EntryOf<"stain">[]): Part {
  if (stains.length === 0) return undefined;
  const of = (test: (s: EntryOf<"stain">) => boolean) => stains.filter(test).map((s) => said(s.marker, s.id));
  const result = (s: EntryOf<"stain">) => (s.state === "not performed" ? undefined : known(s.result));
  const groups: [string, Span[]][] = [
    ["positive for", of((s) => result(s) === "positive")],
    ["focal for", of((s) => result(s) === "focal")],
    ["negative for", of((s) => result(s) === "negative")],
    ["equivocal for", of((s) => result(s) === "equivocal")],
  ];
  const done = groups.filter(([, list]) => list.length > 0);
  const notDone = of((s) => s.state === "not performed" || stateOf(s.result) === "not performed");
  const unknown = stains.filter((s) => result(s) === undefined && s.state !== "not performed" && stateOf(s.result) !== "not performed").map((s) => said(s.marker, s.id));
  const rest = [
    ...(unknown.length === 0 ? [] : [prose`${listed(unknown)} ${word(unknown.length === 1 ? "is" : "are")} not recorded`]),
    ...(notDone.length === 0 ? [] : [prose`${listed(notDone)} ${word(notDone.length === 1 ? "was" : "were")} not done`]),
  ];
  if (done.length === 0) return listed(rest);
  return prose`Immunohistochemistry was ${listed(done.map(([words, list]) => prose`${word(words)} ${listed(list)}`))}${rest.length === 0 ? undefined : prose`; ${listed(rest)}`}`;
}

function molecularSentence(tests: readonly EntryOf<"molecular">[]): Part {
  if (tests.length === 0) return undefined;
  const phrase = (t: EntryOf<"molecular">) => {
    const result = t.state === "not performed" ? undefined : known(t.result);
    const variant = known(t.variant);
    if (result !== undefined) return prose`${said(t.gene, t.id)} was ${said(result, t.id)}${variant === undefined ? undefined : prose` (${said(variant, t.id)})`}`;
    const done = t.state === "not performed" || stateOf(t.result) === "not performed";
    return prose`${said(t.gene, t.id)} was ${word(done ? "not tested" : "not reported")}`;
  };
  const open = tests.filter((t) => known(t.result) === undefined || t.state === "not performed");
  const answered = tests.filter((t) => !open.includes(t));
  const notTested = open.filter((t) => t.state === "not performed" || stateOf(t.result) === "not performed");
  const notReported = open.filter((t) => !notTested.includes(t));
  const group = (list: readonly EntryOf<"molecular">[], words: string) =>
    list.length === 0 ? [] : [prose`${listed(list.map((t) => said(t.gene, t.id)))} ${word(list.length === 1 ? "was" : "were")} ${word(words)}`];
  return prose`Of the molecular tests, ${listed([...answered.map(phrase), ...group(notTested, "not done"), ...group(notReported, "not reported")])}`;
}

/** Difficulties that the record names: tests that could not be done or are in doubt, with the reason. */
export function diagnosticChallenges({ view }: Telling): (EntryOf<"imaging"> | EntryOf<"specimen"> | EntryOf<"histology"> | EntryOf<"stain"> | EntryOf<"molecular"> | EntryOf<"statement">)[] {
  const tests = [...view.all("imaging"), ...view.all("specimen"), ...view.all("histology"), ...view.all("stain"), ...view.all("molecular")];
  return [
    ...tests.filter((t) => t.state === "uncertain" || ((t.state === "not performed" || t.state === "planned, not given") && t.reason !== undefined)),
    ...view.all("statement").filter((s) => /diagnos\w* (challenge|difficult)|challenge/i.test(s.topic)),
  ];
}

function difficulties(telling: Telling): Part[] {
  return diagnosticChallenges(telling).map((e) =>
    e.kind === "statement"
      ? prose`${said(e.topic, e.id)}: ${said(inside(e.reading), e.id)}`
      : prose`${said(e.label ?? (e.kind === "stain" ? e.marker : e.kind === "molecular" ? e.gene : e.kind === "histology" ? e.diagnosis : e.kind === "imaging" ? `${e.modality} ${e.region}` : e.method), e.id)} was ${word(e.state === "uncertain" ? "uncertain" : "not done")}${reasonOf(e)}`,
  );
}

/** What the rules settle, and what they leave open for want of which inputs. */
export function conclusions(findings: readonly Finding[], settled: string): Part[] {
  const determined = findings.filter((f) => f.status === "determined" || (f.status === "contradiction" && f.value !== undefined));
  const undecided = findings.filter((f) => f.status === "undecided");
  const inputs = [...new Set(undecided.flatMap((f) => f.missing.map((m) => inside(m.input))))];
  return [
    determined.length === 0 ? undefined : prose`${word(settled)}: ${listed(determined.map((f) => answer(f)))}`,
    undecided.length === 0
      ? undefined
      : prose`Left open: ${listed(undecided.map((f) => answer(f)))}${inputs.length === 0 ? undefined : prose`, for want of ${listed(inputs.slice(0, 6).map((i) => said(i)))}`}`,
  ];
}

/** "AJCC 8 stage group (IIIB)", with its source. */
export function answer(finding: Finding): Span[] {
  return prose`${said(inside(finding.question))} (${found(finding, inSentence(inside(finding.text)))})${sourcesOf(finding)}`;
}

/** The set notation of findings as words: "{G2, G3}" is "G2 or G3", "IIIB {IIIB, IV}" is "IIIB; possible IIIB or IV". */
export function inSentence(text: string): string {
  const opened = text.replace(/( ?)\{([^{}]*)\}/g, (_, before: string, inner: string, at: number) => {
    const set = inner.replace(/, (?=[^,]*$)/, " or ");
    return at === 0 || text[at - 1] === "{" ? set : `${before === "" ? "" : "; possible "}${set}`;
  });
  return opened === text ? text : inSentence(opened);
}

function riskSentences(telling: Telling): Part[] {
  const findings = findingsOf(telling, "pathology");
  if (findings.length === 0) return [];
  const risks = new Set(riskFindings(telling).filter((f) => f.status === "determined"));
  const out = findings.filter((f) => f.status === "out of scope" || f.status === "not applicable" || f.status === "pending");
  return [
    determinedRisks(telling),
    ...conclusions(findings.filter((f) => !risks.has(f)), "Also settled"),
    out.length === 0 ? undefined : prose`${count(out.length)} further ${word(out.length === 1 ? "scheme does" : "schemes do")} not apply or cannot be applied (${table("risk")})`,
    ...diagnosisDiffers(findings),
  ];
}

/** What the documents state where it differs from what was computed. */
export function diagnosisDiffers(findings: readonly Finding[]): Part[] {
  return findings
    .filter((f) => f.stated !== undefined && !f.stated.agrees)
    .map((f) => prose`For ${said(inside(f.question))}, the document states ${quoted(f.stated?.text ?? "", f.stated?.from, f)}; the record gives ${found(f)}`);
}

function stageSentences(telling: Telling): Part[] {
  const stages = telling.view.all("stage").filter(happened);
  const findings = findingsOf(telling, "staging");
  return [
    ...stages.map((s) => {
      const parts = [s.t, s.n, s.m, s.g].flatMap((f) => known(f) ?? []).join(" ");
      const group = known(s.group);
      const text = [parts, group === undefined ? "" : `stage ${group}`].filter(Boolean).join(", ");
      const chapter = known(s.chapter);
      return prose`The document gives the stage (${said(s.system, s.id)}${chapter === undefined ? undefined : prose`; ${said(inside(chapter), s.id)}`}) as ${text === "" ? word("not recorded") : said(text, s.id)}${chapter === undefined ? prose` and names no chapter` : undefined}`;
    }),
    ...conclusions(findings, "Computed from the record"),
    ...diagnosisDiffers(findings),
  ];
}
