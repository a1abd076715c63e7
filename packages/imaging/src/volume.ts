import { HapaxError, showNumber } from "@hapax/base";
import { lesionSeries, type Assumption, type CaseView, type Finding, type RuleInfo, type SizePoint } from "@hapax/case";
import { cite } from "@hapax/references";
import { likeForLike, sizeText } from "./assessments.ts";

/**
 * How the third axis is taken when two diameters are reported: `geo` the geometric mean of both, `LWW` the shorter once
 * more, `LLW` the longer once more, which bounds from above.
 */
export type VolumeModel = "geo" | "LWW" | "LLW";
const models: readonly VolumeModel[] = ["geo", "LWW", "LLW"];

/**
 * Volume of a lesion as an ellipsoid, V = π/6 · a · b · c. From two diameters the third follows the model; from one it
 * is a sphere.
 *
 * @param diametersCm  one to three diameters, cm, longest first
 * @param model        the third axis, for two diameters
 * @returns            volume, mL
 * @throws             imaging/diameters when there is none, or one is negative or not a number
 */
export function ellipsoidMl(diametersCm: readonly number[], model: VolumeModel = "geo"): number {
  const [l, w, h] = diametersCm;
  if (l === undefined || diametersCm.some((d) => !(d >= 0))) {
    throw new HapaxError("imaging/diameters", `A volume was asked of the diameters ${diametersCm.join(", ") || "(none)"} cm.`, "Give one to three diameters, 0 or more.");
  }
  if (w === undefined) return (Math.PI / 6) * l ** 3;
  if (h !== undefined) return (Math.PI / 6) * l * w * h;
  if (model === "geo") return (Math.PI / 6) * (l * w) ** 1.5;
  return (Math.PI / 6) * l * w * (model === "LWW" ? w : l);
}

/** The model of the third axis, as the reader set it. */
export function volumeModel(view: CaseView): { model: VolumeModel; assumption: Assumption } {
  const assumption = view.assume({
    key: "imaging/volume/model",
    name: "Third axis of a lesion with two diameters",
    value: "geo" as string,
    why: "Two diameters are reported; geo takes their geometric mean, LWW the shorter again, LLW the longer again.",
    options: models,
  });
  return { model: models.find((m) => m === assumption.value) ?? "geo", assumption };
}

export const volumeInfo: RuleInfo = {
  id: "imaging/volume",
  question: "Volume of a lesion",
  about: "Ellipsoid of the diameters reported, V = π/6 · a · b · c; the third axis is an assumption, and so is the shape.",
  source: cite("who1979"),
};

/** Milliliters, to a tenth below 10. */
export const volumeText = (value: number): string => (value < 9.95 ? showNumber(value, 1) : showNumber(Math.round(value)));
const mL = (value: number) => `${volumeText(value)} mL`;

/** Volumes of every lesion over time, by both models; PET/CT and palpation stand apart. */
export function volume(view: CaseView): Finding<number>[] {
  const { model, assumption } = volumeModel(view);
  return lesionSeries(view).flatMap((series): Finding<number>[] => {
    const { lesion } = series;
    // A hand on the skin measures no volume.
    const points = series.points.filter((p) => p.measurement.method !== "palpation");
    if (points.length === 0) return [];
    const { joined, method } = likeForLike(series);
    const last = joined.at(-1) ?? points.at(-1);
    const first = joined[0];
    const value = last === undefined ? undefined : ellipsoidMl(last.diametersCm, model);
    const shape = (p: SizePoint) => (p.diametersCm.length === 1 ? "sphere" : p.diametersCm.length === 3 ? "ellipsoid" : model);
    return [{
      rule: volumeInfo.id,
      subject: lesion.id,
      question: `Volume, ${lesion.name.toLowerCase()}`,
      status: "determined",
      ...(value === undefined ? {} : { value }),
      text: value === undefined || last === undefined ? "not measured" : `${mL(value)} at ${last.timePoint ?? "an unknown time"} (${shape(last)})`,
      brief: first === undefined || last === undefined ? "No CT or MR" : joined.map((p) => `${p.timePoint ?? "?"} ${volumeText(ellipsoidMl(p.diametersCm, model))}`).join(" → ") + ` mL, ${method ?? ""} only`,
      because: points.map((p) => ({
        text: `${p.timePoint ?? "time not recorded"}, ${p.measurement.method}: ${sizeText(p)}, ${shape(p)}: ${mL(ellipsoidMl(p.diametersCm, model))}.`,
        entries: [p.measurement.id],
      })),
      missing: [],
      assumptions: [assumption],
      source: volumeInfo.source,
      caveats: ["No lesion is an ellipsoid; the two models bound the third axis, not the error of the shape."],
      table: {
        columns: ["Time point", "Method", "Diameters", "geo", "LWW", "Sphere of the longest"],
        rows: points.map((p) => [
          p.timePoint ?? "not recorded",
          p.measurement.method,
          sizeText(p),
          p.diametersCm.length < 2 ? "one diameter" : mL(ellipsoidMl(p.diametersCm, "geo")),
          p.diametersCm.length < 2 ? "one diameter" : mL(ellipsoidMl(p.diametersCm, "LWW")),
          mL(ellipsoidMl(p.diametersCm.slice(0, 1))),
        ]),
      },
    }];
  });
}
