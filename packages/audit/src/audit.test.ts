import { describe, expect, test } from "vitest";
import { newCase, parseCase, recorded, viewOf, type Entry, type Finding, type ViewOptions } from "@hapax/case";
import leach2025 from "../../../cases/leach2025/case.json" with { type: "json" };
import { audit, rules } from "./index.ts";

const record = parseCase(leach2025, "case.json");
const leach = (options: ViewOptions = {}, findings: Finding[] = []) => audit(viewOf(record, options), findings, []);
const of = (list: readonly Finding[], rule: string, subject?: string) => list.find((f) => f.rule === rule && (subject === undefined || f.subject === subject));
const places = (f: Finding | undefined) => f?.table?.rows.map((r) => r[1]).join(" | ");

const made = (...entries: Entry[]) => viewOf({ ...newCase("made", "Made", "none"), entries });
const finding = (more: Partial<Finding>): Finding => ({
  rule: "staging/fnclcc", question: "Grade", status: "determined", text: "G2", brief: "", because: [{ text: "because" }], missing: [], assumptions: [], source: [], ...more,
});

describe("each inconsistency inside Leach 2025 is found, with both places", () => {
  const found = leach();

  test("lobes: middle and lower, upper and lower with the hilum, upper and middle", () => {
    const lobes = of(found, "audit/part-against-part", "lobes-of-the-right-lung-replaced-or-treated");
    expect(lobes?.text).toBe("middle and lower ≠ upper and lower, with the hilum ≠ upper and middle");
    for (const place of ["Abstract", "Figure 1", "Figure 2", "Conclusions"]) expect(places(lobes)).toContain(place);
  });

  test("mediastinal mass: superior, anterior, pericardiophrenic", () => {
    const mass = of(found, "audit/part-against-part", "place-of-the-mediastinal-mass");
    expect(mass?.text).toBe("superior ≠ anterior ≠ pericardiophrenic");
    expect(places(mass)).toContain("paragraph 6");
  });

  test("nodules: larger on later imaging, stable on the admission", () => {
    const nodules = of(found, "audit/part-against-part", "growth-of-the-lung-nodules");
    expect(nodules?.table?.rows.map((r) => r[0])).toEqual(["stable", "larger"]);
    expect(places(nodules)).toBe("Case presentation, paragraph 4 | Case presentation, paragraph 2");
  });

  test("modest enlargement to 13.2 × 7, from 14.3 × 13.3", () => {
    const change = of(found, "audit/change-against-measured");
    expect(change?.text).toBe("larger, 13.2 × 7 cm ≠ smaller than 14.3 × 13.3 cm");
    // 14.3 × 13.3 = 190.19; 13.2 × 7 = 92.4
    expect(change?.brief).toBe("longest 14.3 → 13.2 cm, product 190.2 → 92.4 cm²");
    expect(change?.caveats?.[0]).toContain("CT neck, then CT chest");
    expect(found.filter((f) => f.rule === "audit/change-against-measured")).toHaveLength(1);
  });

  test("M0, with pulmonary metastasis in the title, a multifocal tumor and three nodules", () => {
    const m0 = of(found, "audit/metastasis", "stage-stated");
    expect(m0?.status).toBe("contradiction");
    const says = m0?.table?.rows.map((r) => r[0]).join(" | ");
    for (const words of ["M0", "pulmonary metastasis", "multifocal", "three pulmonary nodules"]) expect(says).toContain(words);
    expect(places(m0)).toContain("Title");
  });

  test("hypofractionated, at 1.8 and 2.2 Gy per fraction; 3 Gy per fraction is", () => {
    expect(of(found, "audit/fractionation", "imrt-sib")).toMatchObject({ status: "contradiction", text: "hypofractionated ≠ 1.8 and 2.2 Gy per fraction" });
    expect(of(found, "audit/fractionation", "re-irradiation")).toMatchObject({ status: "determined", text: "hypofractionated, 3 Gy per fraction" });
  });

  test("size from which risk counts: ≥ 5 cm and > 5 cm in neighboring sentences", () => {
    expect(of(found, "audit/part-against-part", "tumor-size-from-which-risk-counts")?.text).toBe("≥ 5 cm ≠ > 5 cm");
  });

  test("a 5-year rate over 55.7 months", () => {
    expect(of(found, "audit/horizon")?.text).toBe("5-year OS of 65 %, that is at 60 months ≠ over 55.7 months");
  });

  test("vertebrae: C7 to T2 on CT, C6 to T1 on MRI", () => {
    expect(of(found, "audit/part-against-part", "vertebrae-with-tumor-at-progression")?.text).toBe("C7 to T2 ≠ C6 to T1");
  });

  test("what the text leaves out, and the course whose end it does not tell", () => {
    expect(found.filter((f) => f.rule === "audit/gaps" && f.subject?.startsWith("report/"))).toHaveLength(6);
    expect(of(found, "audit/gaps", "palliative-3d")).toMatchObject({ status: "undecided", text: "completion not recorded" });
  });

  test("no order of events clashes", () => {
    expect(of(found, "audit/time")).toBeUndefined();
  });

  test("every finding has two readings with two places, or a gap, and names only known rules", () => {
    const ids = new Set<string>(rules.map((r) => r.id));
    for (const f of found) {
      expect(ids.has(f.rule)).toBe(true);
      expect(f.brief.length, f.subject).toBeLessThan(90);
      expect(f.source.length, f.subject).toBeGreaterThan(0);
      if (f.rule === "audit/gaps") continue;
      const { first, second } = f.value as { first: { says: string; place: string }; second: { says: string; place: string } };
      for (const part of [first.says, first.place, second.says, second.place]) expect(part.length, f.subject).toBeGreaterThan(0);
    }
    expect(new Set(found.map((f) => `${f.rule}#${f.subject}`)).size).toBe(found.length);
  });
});

describe("known up to a time point", () => {
  test("M0 is open at T2, where the nodules are in doubt, and contradicted at T5", () => {
    expect(of(leach({ asOf: "T1" }), "audit/metastasis")?.text).toBe("M0 beside multifocal");
    expect(of(leach({ asOf: "T2" }), "audit/metastasis")).toMatchObject({ status: "undecided", text: "M0 beside three pulmonary nodules, equivocal" });
    expect(of(leach({ asOf: "T5" }), "audit/metastasis")?.status).toBe("contradiction");
  });

  test("the measured change appears with the admission, the lobes only with the report", () => {
    expect(of(leach({ asOf: "T2" }), "audit/change-against-measured")).toBeUndefined();
    expect(of(leach({ asOf: "T3" }), "audit/change-against-measured")).toBeDefined();
    expect(of(leach({ asOf: "T5" }), "audit/part-against-part", "lobes-of-the-right-lung-replaced-or-treated")).toBeUndefined();
  });

  test("no finding rests on an entry that was not known", () => {
    for (const { id } of record.timePoints) {
      const view = viewOf(record, { asOf: id });
      for (const f of audit(view, [], [])) for (const e of f.because.flatMap((b) => b.entries ?? [])) expect(view.get(e), `${id} ${f.rule} ${e}`).toBeDefined();
    }
  });
});

describe("stated against computed", () => {
  const stated = (more: Partial<Finding>) => of(audit(made(), [finding(more)], []), "audit/stated-against-computed");

  test("a stated value that differs is a contradiction with both places", () => {
    const eqd2 = stated({ rule: "radiobiology/eqd2", subject: "a", text: "68.6 Gy (α/β 3)", status: "contradiction", stated: { text: "70 Gy", agrees: false, from: [{ document: "typed-in", place: "page 3" }] } });
    expect(eqd2).toMatchObject({ status: "contradiction", text: "70 Gy ≠ 68.6 Gy (α/β 3)", subject: "radiobiology/eqd2#a" });
    expect(places(eqd2)).toBe("page 3 | computed by radiobiology/eqd2");
  });

  test("a value stated as certain, of which more than one is possible, stays undecided", () => {
    expect(stated({ status: "undecided", possible: ["G2", "G3"], text: "{G2, G3}", stated: { text: "G3", agrees: true } })).toMatchObject({ status: "undecided", text: "G3 beside {G2, G3}" });
  });

  test("a stated value that agrees is no finding", () => {
    expect(stated({ stated: { text: "G2", agrees: true } })).toBeUndefined();
  });
});

describe("claims against sources", () => {
  test("every contradiction of the evidence is carried over with both places", () => {
    const table = { columns: ["says", "place"], rows: [["four tiers", "Introduction"], ["three tiers", "Folpe 2005"]] };
    const evidence = finding({ rule: "evidence/claims-against-source", subject: "claim-33-tiers", status: "contradiction", table });
    const carried = of(leach({}, [evidence]), "audit/claim-against-source", "claim-33-tiers");
    expect(carried?.text).toBe("four tiers ≠ three tiers");
    expect(places(carried)).toBe("Introduction | Folpe 2005");
    expect(of(leach({}, [evidence]), "audit/stated-against-computed")).toBeUndefined();
  });

  test("a claim of a study that the library lacks is a gap", () => {
    const claim: Entry = { kind: "claim", id: "c", state: "recorded", reference: "1", topic: "Topic", says: "Says.", study: recorded("unheard2099") };
    expect(of(audit(made(claim), [], []), "audit/gaps", "c")?.text).toBe("unheard2099 is not in the library");
  });
});

describe("small records", () => {
  const size = (id: string, day: number, ...cm: number[]): Entry[] => [
    { kind: "imaging", id: `ct-${id}`, state: "recorded", modality: "CT", region: "Chest", when: { day } },
    { kind: "measurement", id, state: "recorded", lesion: "mass", study: `ct-${id}`, method: "CT", diameters: cm.map((value) => ({ value, unit: "cm" })), when: { day } },
  ];
  const mass: Entry = { kind: "lesion", id: "mass", state: "recorded", name: "Mass", site: "Chest" };
  const called = (change: "larger" | "smaller" | "stable", day: number): Entry => ({ kind: "observation", id: "called", state: "recorded", lesion: "mass", study: "ct-b", what: "Mass", change: recorded(change), when: { day } });
  const changes = (...entries: Entry[]) => of(audit(made(mass, ...entries), [], []), "audit/change-against-measured");

  test("a mass called smaller that grew is a contradiction; one called larger that grew is not", () => {
    expect(changes(...size("a", 0, 4, 3), ...size("b", 30, 5, 4), called("smaller", 30))?.status).toBe("contradiction");
    expect(changes(...size("a", 0, 4, 3), ...size("b", 30, 5, 4), called("larger", 30))).toBeUndefined();
  });

  test("a longer and narrower mass bears out either word", () => {
    expect(changes(...size("a", 0, 4, 4), ...size("b", 30, 5, 2), called("larger", 30))).toBeUndefined();
    expect(changes(...size("a", 0, 4, 4), ...size("b", 30, 5, 2), called("smaller", 30))).toBeUndefined();
  });

  test("where hypofractionation begins is the reader's to change", () => {
    const course: Entry = {
      kind: "radiotherapy", id: "course", state: "recorded", technique: "IMRT", site: "Neck", fractions: recorded(30), organDoses: [],
      volumes: [{ name: "PTV_Low", dose: recorded({ value: 54, unit: "Gy" }) }, { name: "PTV_High", dose: recorded({ value: 66, unit: "Gy" }) }],
    };
    const word: Entry = { kind: "statement", id: "word", state: "recorded", topic: "Fractionation", reading: "hypofractionated", about: ["course"] };
    const at = (from: number) => of(audit(viewOf({ ...newCase("made", "Made", "none"), entries: [course, word] }, { assume: { "audit/fractionation/from": from } }), [], []), "audit/fractionation")?.status;
    // 54 / 30 = 1.8, 66 / 30 = 2.2
    expect([at(2.4), at(2.2), at(1.8)]).toEqual(["contradiction", "undecided", "determined"]);
  });

  test("times that cannot hold together are named with their places", () => {
    const a: Entry = { kind: "procedure", id: "a", state: "recorded", what: "First", when: { day: 5 }, from: [{ document: "typed-in", place: "letter of admission" }] };
    const b: Entry = { kind: "procedure", id: "b", state: "recorded", what: "Second", when: { day: 3, after: [{ of: "a" }] }, from: [{ document: "typed-in", place: "letter of discharge" }] };
    const clash = of(audit(made(a, b), [], []), "audit/time");
    expect(clash?.status).toBe("contradiction");
    expect(places(clash)).toMatch(/letter of admission[\s\S]*letter of discharge|letter of discharge[\s\S]*letter of admission/);
  });

  test("statements about different things on one topic do not contradict", () => {
    const say = (id: string, reading: string, about: string): Entry => ({ kind: "statement", id, state: "recorded", topic: "Side", reading, about: [about] });
    expect(of(audit(made(mass, { ...mass, id: "other" }, say("x", "left", "mass"), say("y", "right", "other")), [], []), "audit/part-against-part")).toBeUndefined();
    expect(of(audit(made(mass, say("x", "left", "mass"), say("y", "right", "mass")), [], []), "audit/part-against-part")?.text).toBe("left ≠ right");
  });

  test("an empty case has nothing to contradict", () => {
    expect(audit(made(), [], [])).toEqual([]);
  });
});
