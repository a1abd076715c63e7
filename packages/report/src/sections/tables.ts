import { showNumber } from "@hapax/base";
import { known, lesionSeries, type EntryOf, type Finding } from "@hapax/case";
import type { Span, TableBlock, TableRow } from "../document.ts";
import { placesOf } from "../notes.ts";
import { amount, capital, count, found, inside, listed, prose, said, term, unknownWords, word } from "../prose.ts";
import { courseFindings, findingsOf, organName, techniqueName, type Telling } from "../telling.ts";

type Column = TableBlock["columns"][number];
const left = (head: readonly Span[], share = 1): Column => ({ head, align: "left", share });
const right = (head: readonly Span[], share = 1): Column => ({ head, align: "right", share });
const notRecorded = () => [word("not recorded")];

function table(name: string, care: string, caption: readonly Span[], columns: readonly Column[], rows: readonly TableRow[], note?: readonly Span[]): TableBlock[] {
  return rows.length === 0 ? [] : [{ kind: "table", care, name, number: 0, caption, columns, rows, ...(note === undefined || note.length === 0 ? {} : { note }) }];
}

/** Diameters of each lesion by time point, with the sum and the response of the first treatment that has one. */
export function lesionTable(telling: Telling): TableBlock[] {
  const { view } = telling;
  const series = lesionSeries(view).map((s) => ({ ...s, points: s.points.filter((p) => p.measurement.method !== "palpation" && p.measurement.method !== "caliper") })).filter((s) => s.points.length > 0);
  const times = view.record.timePoints.filter((t) => series.some((s) => s.points.some((p) => p.timePoint === t.id)));
  const rows: TableRow[] = series.map((s) => ({
    cells: [
      [said(s.lesion.label ?? s.lesion.name, s.lesion.id)],
      ...times.map((t) => {
        const sizes = s.points.filter((p) => p.timePoint === t.id);
        if (sizes.length === 0) return [word("not measured")];
        return sizes.flatMap((p, i): Span[] => [...(i === 0 ? [] : [word("; ")]), said(p.diametersCm.map((d) => showNumber(d, 1)).join(" × "), p.measurement.id), ...(p.measurement.method === "CT" || p.measurement.method === "MR" ? [] : prose` (${said(p.measurement.method, p.measurement.id)})`)]);
      }),
    ],
  }));
  const response = findingsOf(telling, "imaging/recist11").find((f) => f.table !== undefined && f.table.rows.length > 1);
  const column = (name: string) => response?.table?.columns.indexOf(name) ?? -1;
  const at = (time: string) => response?.table?.rows.find((r) => r[0] === time);
  const cells = (of: (row: readonly string[]) => string) =>
    times.map((t): Span[] => {
      const row = at(t.id);
      return row === undefined || response === undefined ? [word("not in the sum")] : [found(response, of(row))];
    });
  const sums: TableRow[] =
    response === undefined
      ? []
      : [
          { strong: true, cells: [prose`Sum of longest`, ...cells((r) => (r[column("Sum")] ?? "").replace(/ cm$/, ""))] },
          { strong: true, cells: [[term("RECIST 1.1")], ...cells((r) => [r[column("Response")], r[column("Against baseline")]].filter((v, i, all) => v !== undefined && all.indexOf(v) === i).join(", "))] },
        ];
  const planes = series.flatMap((s) => s.points).filter((p) => known(p.measurement.plane) === undefined);
  return table(
    "lesions",
    "8a",
    prose`Diameters of the lesions by time point, cm, longest first${response === undefined ? undefined : prose`; change of the sum against baseline, ${said(inside(response.question), ...response.because.flatMap((r) => r.entries ?? []))}`}`,
    [left(prose`Lesion`, 1.6), ...times.map((t) => right([said(t.id, t.id)]))],
    [...rows, ...sums],
    planes.length === 0 ? undefined : prose`The plane of ${word(planes.length === series.flatMap((s) => s.points).length ? "every" : "some")} measurement is not recorded, so sizes need not be like for like.`,
  );
}

/** Risk schemes side by side: what each says and why, or what it lacks. */
export function riskTable(telling: Telling): TableBlock[] {
  const rows = findingsOf(telling, "pathology").map((f): TableRow => ({
    cells: [
      [...prose`${said(f.question)}`, ...(f.source.length === 0 ? [] : [{ kind: "cite", keys: f.source.map((r) => r.key), numbers: [] } as const])],
      [found(f)],
      [said(f.brief)],
      f.missing.length === 0 ? [word("nothing")] : listed(f.missing.map((m) => said(inside(m.input)))),
    ],
  }));
  return table("risk", "8c", prose`Risk schemes and other pathology rules, with what each says of the record`, [left(prose`Scheme`, 1.5), left(prose`Result`, 1.3), left(prose`Because`, 2), left(prose`Missing`, 1.4)], rows);
}

const stateWords: Record<EntryOf<"radiotherapy">["state"], string> = {
  recorded: "given",
  uncertain: "uncertain",
  "not recorded": "not recorded",
  "not performed": "not done",
  "planned, not given": "planned, not given",
  "completion not recorded": "begun, completion not recorded",
};

/** Courses of radiotherapy: dose, BED and EQD2 at two values of α/β, organ doses, state. */
export function courseTable(telling: Telling): TableBlock[] {
  const stated: Finding[] = [];
  const rows = telling.view.all("radiotherapy").flatMap((course): TableRow[] => {
    const name = [said(capital(techniqueName(course)), course.id)];
    const state = [said(stateWords[course.state], course.id)];
    const fractions = known(course.fractions);
    const organs = course.organDoses.map((o) => {
      const dose = known(o.dose);
      return prose`${said(`${organName(o.organ)} ${o.metric}`, course.id)} ${dose === undefined ? word(unknownWords(o.dose)) : amount(dose, course.id)}`;
    });
    if (course.volumes.length === 0) {
      return [{ cells: [name, notRecorded(), notRecorded(), ...effects.map(() => [word("not computed")]), organs.length === 0 ? notRecorded() : listed(organs), state] }];
    }
    const byDose = course.volumes.toSorted((a, b) => (known(b.dose)?.value ?? 0) - (known(a.dose)?.value ?? 0));
    return byDose.map((v, i): TableRow => {
      const dose = known(v.dose);
      const finding = courseFindings(telling, course.id, "radiobiology/eqd2").find((f) => f.subject?.endsWith(v.name));
      if (finding?.stated !== undefined && !finding.stated.agrees) stated.push(finding);
      return {
        cells: [
          i === 0 ? prose`${name}, ${said(v.name, course.id)}` : [said(v.name, course.id)],
          dose === undefined ? notRecorded() : [amount(dose, course.id)],
          fractions === undefined ? notRecorded() : [said(showNumber(fractions), course.id)],
          ...effects.map((quantity) => effect(finding, quantity)),
          i > 0 ? [word("as above")] : organs.length === 0 ? notRecorded() : listed(organs),
          i > 0 ? [word("as above")] : state,
        ],
      };
    });
  });
  const heads = effects.map((quantity) => right(prose`${term(quantity)}`, 1.2));
  return table(
    "courses",
    "9b",
    prose`Courses of radiotherapy, given or planned; ${term("BED")} and ${term("EQD2")} in ${term("Gy")}, at α/β ${said(alphaBetas.join(" and "))} ${term("Gy")}`,
    [left(prose`Course, volume`, 1.6), right(prose`Dose`, 0.75), right(prose`Fractions`, 0.85), ...heads, left(prose`Organs`, 1.7), left(prose`State`, 1.1)],
    rows,
    stated.length === 0 ? undefined : prose`Stated in the documents: ${listed(stated.map((f) => prose`${said(f.question)}, “${found(f, f.stated?.text ?? "")}”`))}.`,
  );
}

/** Late effects, and tumors that grow fast: the rows of the findings that are printed. */
const alphaBetas = ["3", "10"];
const effects = ["BED", "EQD2"] as const;

/** A dose at each α/β, as "114.4 and 80.5". */
function effect(finding: Finding | undefined, quantity: (typeof effects)[number]): Span[] {
  const column = finding?.table?.columns.findIndex((c) => c.startsWith(quantity)) ?? -1;
  const values = alphaBetas.map((a) => finding?.table?.rows.find((r) => r[0] === a)?.[column]);
  if (finding === undefined || values.includes(undefined)) return [word("not computed")];
  return listed(values.map((value) => [found(finding, value)]));
}

/** Blood values and drug levels in the order of the record. */
export function labTable(telling: Telling): TableBlock[] {
  const { view } = telling;
  const when = (id: string) => (view.get(id)?.when === undefined ? undefined : (view.get(id)?.when?.date ?? view.timePointOf(id)));
  const labs = view.all("lab").map((lab): TableRow => {
    const value = known(lab.value);
    const result = known(lab.result);
    const limits = [known(lab.lowerLimit), known(lab.upperLimit)];
    return {
      cells: [
        [said(lab.analyte, lab.id)],
        when(lab.id) === undefined ? notRecorded() : [said(when(lab.id) ?? "", lab.id)],
        value !== undefined ? [amount(value, lab.id)] : result !== undefined ? [said(inside(result), lab.id)] : notRecorded(),
        limits.every((l) => l === undefined) ? notRecorded() : [said(limits.map((l) => (l === undefined ? "…" : showNumber(l.value))).join(" to "), lab.id)],
      ],
    };
  });
  const levels = view.all("drugLevel").map((level): TableRow => {
    const drug = view.get(level.drug);
    const value = known(level.value);
    const dose = known(level.dose);
    return {
      cells: [
        prose`${said(drug?.kind === "drug" ? drug.name : level.drug, level.id)}${dose === undefined ? undefined : prose` at ${amount(dose, level.id)}`}`,
        when(level.id) === undefined ? notRecorded() : [said(when(level.id) ?? "", level.id)],
        value === undefined ? notRecorded() : [amount(value, level.id)],
        notRecorded(),
      ],
    };
  });
  return table("labs", "10b", prose`Blood tests and drug levels`, [left(prose`Test`, 2), left(prose`Time`, 0.8), right(prose`Value`, 1.8), right(prose`Reference range`, 1.2)], [...labs, ...levels]);
}

/** What is missing and what it would decide, what decides most first; inputs that decide the same share a row. */
export function openTable({ view, findings }: Telling): TableBlock[] {
  const gaps = new Set(view.record.documents.flatMap((d) => d.gaps ?? []));
  const asked = findings.filter((f) => ["undecided", "not recorded", "contradiction", "determined"].includes(f.status) && !f.rule.startsWith("evidence/"));
  const missing = asked.flatMap((f) => f.missing.filter((m) => !gaps.has(m.input)).map((m) => ({ ...m, weight: f.status === "undecided" ? 2 : 1 })));
  const inputs = [...Map.groupBy(missing, (m) => m.input.toLowerCase()).values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const decides = [...new Set(of.map((m) => inside(m.decides)))];
    return [{ input: first.input, state: of.flatMap((m) => m.state ?? [])[0] ?? "not recorded", decides, weight: of.reduce((w, m) => w + m.weight, 0) }];
  });
  const groups = [...Map.groupBy(inputs, (i) => `${i.state}|${i.decides.join("|")}`).values()].toSorted((a, b) => (b[0]?.weight ?? 0) - (a[0]?.weight ?? 0));
  const rows = groups.flatMap((of): TableRow[] => {
    const [first] = of;
    return first === undefined ? [] : [{ cells: [listed(of.map((i, at) => said(at === 0 ? capital(i.input) : inside(i.input)))), [said(first.state)], listed([...first.decides.slice(0, 4).map((d) => said(d)), ...(first.decides.length > 4 ? [prose`${count(first.decides.length - 4)} more`] : [])])] }];
  });
  return table("open", "11a", prose`Open questions: what is missing and what it would decide`, [left(prose`Missing`, 2), left(prose`State`, 0.8), left(prose`Would decide`, 2.6)], rows);
}

/** Findings that set one statement against another, or against what follows from the record. */
export function contradictions({ findings }: Telling): Finding[] {
  const audit = findings.filter((f) => f.rule.startsWith("audit/") && f.status === "contradiction");
  return audit.length > 0 ? audit : findings.filter((f) => f.status === "contradiction" || f.stated?.agrees === false);
}

/** Contradictions with both of their places. */
export function contradictionTable(telling: Telling): TableBlock[] {
  const rows = contradictions(telling).map((f): TableRow => {
    const [first, second] = readingsOf(f);
    return { cells: [[said(f.question)], [found(f, first)], [found(f, second)], [said(f.brief)]] };
  });
  return table("contradictions", "11a", prose`Contradictions: what the documents state against themselves, their sources and what follows from the record, each with its place`, [left(prose`Subject`, 1.3), left(prose`One reading`, 1.6), left(prose`Other reading`, 1.6), left(prose`Why`, 1.2)], rows);
}

/** Both readings with their places: from the finding's table where it lists them, else stated against computed. */
function readingsOf(finding: Finding): [string, string] {
  const listedReadings = finding.table?.columns[0] === "says" ? finding.table.rows : [];
  const [first, ...others] = listedReadings;
  if (first !== undefined && others.length > 0) {
    const reading = (row: readonly string[]) => `${row[0]} (${row[1]})`;
    return [reading(first), others.filter((o, i) => o[0] !== first[0] || i === 0).map(reading).join("; ")];
  }
  return finding.stated === undefined ? [finding.text, placesOf(finding)] : [`${finding.stated.text} (${placesOf(finding).split(" ≠ ")[0]})`, `${finding.text} (${finding.rule})`];
}
