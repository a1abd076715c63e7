import { convert, HapaxError, showNumber } from "@hapax/base";
import { known, type CaseView, type Finding, type RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";

function check(heightCm: number, weightKg: number): void {
  if (!(heightCm > 0 && weightKg > 0)) {
    throw new HapaxError("systemic/body", `A body surface was asked of ${heightCm} cm and ${weightKg} kg.`, "Give a height and a weight above 0.");
  }
}

/**
 * Body surface area after Du Bois: 0.007184 · W^0.425 · H^0.725.
 *
 * @param heightCm  cm
 * @param weightKg  kg
 * @returns         m²
 * @throws          systemic/body when either is not above 0
 * @source          dubois1916
 */
export function duBois(heightCm: number, weightKg: number): number {
  check(heightCm, weightKg);
  return 0.007184 * weightKg ** 0.425 * heightCm ** 0.725;
}

/**
 * Body surface area after Mosteller: √(H · W / 3600).
 *
 * @param heightCm  cm
 * @param weightKg  kg
 * @returns         m²
 * @throws          systemic/body when either is not above 0
 * @source          mosteller1987
 */
export function mosteller(heightCm: number, weightKg: number): number {
  check(heightCm, weightKg);
  return Math.sqrt((heightCm * weightKg) / 3600);
}

export const bsaInfo: RuleInfo = {
  id: "systemic/bsa",
  question: "Body surface area",
  about: "Du Bois and Mosteller from height and weight, for drugs that are given per square meter.",
  source: cite("dubois1916", "mosteller1987"),
};

/** Body surface of the patient, or what is missing for it. */
export function bsa(view: CaseView): Finding<{ duBois: number; mosteller: number }>[] {
  const { height, weight } = view.record.patient;
  const [h, w] = [known(height), known(weight)];
  const shared = { rule: bsaInfo.id, question: bsaInfo.question, assumptions: [], source: bsaInfo.source, unverified: ["both formulas recalled"] };
  if (h === undefined || w === undefined || !(h.value > 0 && w.value > 0)) {
    const missing = [h === undefined ? "Height" : undefined, w === undefined ? "Weight" : undefined].filter((x) => x !== undefined);
    return [{
      ...shared,
      status: "not recorded",
      text: "not computable",
      brief: `${missing.join(" and ").toLowerCase() || "height or weight"} not recorded`,
      because: [{ text: `Needs height and weight; ${missing.join(" and ").toLowerCase() || "one of them"} not recorded.` }],
      missing: missing.map((input) => ({ input, decides: "body surface area" })),
    }];
  }
  const [heightCm, weightKg] = [convert(h, "cm"), convert(w, "kg")];
  const value = { duBois: duBois(heightCm, weightKg), mosteller: mosteller(heightCm, weightKg) };
  return [{
    ...shared,
    status: "determined",
    value,
    text: `${showNumber(value.duBois, 2)} m²`,
    brief: `Du Bois ${showNumber(value.duBois, 2)}, Mosteller ${showNumber(value.mosteller, 2)} m²`,
    because: [
      { text: `Du Bois: 0.007184 × ${showNumber(weightKg)}^0.425 × ${showNumber(heightCm)}^0.725 = ${showNumber(value.duBois, 2)} m².` },
      { text: `Mosteller: √(${showNumber(heightCm)} × ${showNumber(weightKg)} / 3600) = ${showNumber(value.mosteller, 2)} m².` },
    ],
    missing: [],
  }];
}
