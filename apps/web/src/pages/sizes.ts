import { showNumber } from "@hapax/base";
import { known, lesionSeries, type CaseView, type EntryOf, type Finding, type SizePoint } from "@hapax/case";
import { ellipsoidMl, productCm2, type VolumeModel } from "@hapax/imaging";

/** One measurement of a lesion with all that is said of it. */
export interface SizeRow {
  readonly lesion: EntryOf<"lesion">;
  /** The first row of a lesion names it. */
  readonly first: boolean;
  readonly color: string;
  readonly point: SizePoint;
  readonly diameters: string;
  readonly product: string | undefined;
  readonly volume: string | undefined;
  /** As the findings have them; undefined where nothing was compared. */
  readonly sinceBefore: string | undefined;
  readonly sinceFirst: string | undefined;
  readonly field: string | undefined;
  /** In what it is unlike the one before, so that they do not compare: method, region, diameters. */
  readonly unlike: readonly string[];
}

const models: readonly VolumeModel[] = ["geo", "LWW", "LLW"];

/** Every measurement of every lesion in the order of their times. */
export function sizeRows(view: CaseView, findings: readonly Finding[]): SizeRow[] {
  const of = (rule: string, lesion: string) => findings.find((f) => f.rule === rule && f.subject === lesion);
  return lesionSeries(view).flatMap(({ lesion, points }, l) => {
    const change = of("imaging/lesion-change", lesion.id)?.table?.rows;
    const steps = of("imaging/comparability", lesion.id)?.table?.rows;
    const chosen = of("imaging/volume", lesion.id)?.assumptions[0]?.value;
    const model = models.find((m) => m === chosen) ?? "geo";
    return points.map((point, i): SizeRow => {
      const [, , , sinceBefore, sinceFirst, field] = change?.[i] ?? [];
      // Steps are named "T1–T2"; a hand on the skin is beside them.
      const step = point.measurement.method === "palpation" ? undefined : steps?.find(([name]) => name?.split("–")[1] === point.timePoint);
      const compared = (text: string | undefined) => (text === "not compared" ? undefined : text);
      const product = productCm2(point);
      return {
        lesion,
        first: i === 0,
        color: `var(--data-${(l % 6) + 1})`,
        point,
        diameters: point.diametersCm.map((d) => showNumber(d)).join(" × "),
        product: product === undefined ? undefined : showNumber(product, 1),
        volume: point.measurement.method === "palpation" ? undefined : showNumber(Math.round(ellipsoidMl(point.diametersCm, model))),
        sinceBefore: compared(sinceBefore),
        sinceFirst: compared(sinceFirst),
        field,
        unlike: step?.[3]?.includes(":") === true ? step[3].split("; ").flatMap((difference) => difference.split(":")[0] ?? []) : [],
      };
    });
  });
}

/** Which lesions the record calls targets, in words. */
export function lesionWords(lesion: EntryOf<"lesion">): string {
  const role = known(lesion.role);
  return [role, known(lesion.target) === true ? "target" : undefined].filter((w) => w !== undefined).join(", ");
}
