import { known, titleOf, type CaseView, type Finding, type TumorProfile } from "@hapax/case";
import { listed, lowerFirst, show } from "@hapax/base";

/** The case in one sentence: what it is, what it grew through, what it led to. Each part only where the record has it. */
export function leadSentence(view: CaseView, tumor: TumorProfile | undefined, findings: readonly Finding[]): string {
  const name = tumor?.name ?? nameOf(view);
  const schemes = findings.filter((f) => f.rule.startsWith("pathology/") && f.status === "determined" && typeof f.value === "string");
  const malignant = schemes.filter((f) => f.value === "malignant");
  const against = schemes.filter((f) => /^(not malignant|benign)/.test(f.value as string));
  const what = malignant.length > 0 && against.length === 0 ? `malignant ${name}` : name;
  const parts = [`${/^[aeiou]/i.test(what) ? "An" : "A"} ${what}`];
  if (malignant.length > 0 && against.length > 0) parts.push("on whose malignancy the schemes differ");

  const progressed = (id: string) =>
    findings.some((f) => f.rule === "imaging/recist11" && f.subject === id && Array.isArray(f.value) && f.value.includes("PD"));
  const drugs = view.all("drug").filter((d) => d.purpose === "antitumor" && d.state === "recorded");
  const courses = view.all("radiotherapy").filter((c) => c.state === "recorded");
  const treatments = (grew: boolean) => [
    ...drugs.filter((d) => progressed(d.id) === grew).map((d) => [known(d.route), d.name].filter(Boolean).join(" ")),
    ...courses.filter((c) => progressed(c.id) === grew).map((c) => {
      const doses = c.volumes.flatMap((v) => known(v.dose) ?? []);
      const highest = doses.reduce((a, b) => (b.value > a.value ? b : a), doses[0] ?? { value: 0, unit: "Gy" });
      return doses.length > 0 ? show(highest) : c.technique;
    }),
  ];
  const grown = treatments(true);
  const others = treatments(false);
  if (grown.length > 0) parts.push(`that grew through ${listed(grown)}`);
  else if (others.length > 0) parts.push(`treated with ${listed(others)}`);

  const led = view
    .all("complication")
    .filter((c) => known(c.attribution) === "tumor")
    .map((c) => lowerFirst(titleOf(c)));
  let sentence = parts.join(" ");
  if (led.length > 0) sentence += `${grown.length > 0 ? ", and then" : ", and"} led to ${listed([...new Set(led)].slice(0, 3))}`;
  return `${sentence}.`;
}

/** A tumor of no profile: by its histology where there is one. */
function nameOf(view: CaseView): string {
  const { tumor } = view.record;
  if (tumor !== "other") return tumor;
  const [histology] = view.all("histology").filter((h) => h.state === "recorded");
  return histology === undefined ? "tumor whose diagnosis is not recorded" : lowerFirst(histology.diagnosis);
}
