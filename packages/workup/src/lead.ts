import { known, titleOf, type CaseView, type Finding, type TumorProfile } from "@hapax/case";
import { show } from "@hapax/base";

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/**
 * The case in one sentence: what it is, what it grew through, what it led to, how it ended. Each part only where the
 * record has it.
 */
export function leadSentence(view: CaseView, tumor: TumorProfile | undefined, findings: readonly Finding[]): string {
  const name = tumor?.name ?? view.record.tumor;
  const malignant = findings.some((f) => f.rule.startsWith("pathology/") && f.status === "determined" && f.value === "malignant");
  const what = malignant ? `malignant ${name}` : name;
  const parts = [`${/^[aeiou]/i.test(what) ? "An" : "A"} ${what}${place(view)}`];

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

  const last = view.record.timePoints.at(-1)?.id;
  const led = view
    .all("complication")
    .filter((c) => known(c.attribution) === "tumor")
    .map((c) => lower(titleOf(c)));
  let sentence = parts.join(" ");
  if (led.length > 0 && last !== undefined) sentence += `${grown.length > 0 ? ", and then" : " that"} led to ${listed([...new Set(led)].slice(0, 3))}`;
  return `${sentence}.`;
}

/** Where it is, from the title of the case when that names a place, else from the primary lesion. */
function place(view: CaseView): string {
  const primary = view.all("lesion").find((l) => known(l.role) === "primary") ?? view.all("lesion")[0];
  return primary === undefined ? "" : ` of the ${lower(primary.site.replace(/^the /i, ""))}`;
}
