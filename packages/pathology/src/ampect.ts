import type { Finding } from "@hapax/case";
import { cite } from "@hapax/references";
import { highGrade, mitoticActivity, type Criterion, type Pecoma } from "./pecoma.ts";
import { answer, type Scheme } from "./scheme.ts";

export type AmpectClass = "does not meet the trial definition" | "meets the trial definition";

/** Marked atypia: a high nuclear grade, or pleomorphism recorded as such. Its absence needs a recorded grade. */
function markedAtypia(tumor: Pecoma): Criterion {
  const grade = highGrade(tumor);
  const met = grade.met === true || tumor.pleomorphismOnly === true ? true : grade.met;
  const says = tumor.pleomorphismOnly === true ? "nuclear pleomorphism" : grade.says;
  return { ...grade, name: "marked atypia or pleomorphism", asks: "marked", met, says };
}

/** The definition of malignancy in the AMPECT trial as a scheme. */
export function ampectScheme(tumor: Pecoma): Scheme<AmpectClass> {
  return {
    rule: "pathology/ampect",
    name: "AMPECT",
    edition: "trial definition",
    group: "trial",
    question: "Malignancy, trial definition (AMPECT)",
    source: cite("wagner2021"),
    features: { gradeAndCellularity: markedAtypia(tumor), mitoses: mitoticActivity(tumor) },
    needed: 2,
    classes: ["does not meet the trial definition", "meets the trial definition"],
    classesOf: ({ size }) => [size === 2 ? "meets the trial definition" : "does not meet the trial definition"],
    because: [{ text: "a definition for entry into the trial of nab-sirolimus, not a risk scheme" }],
    unverified: ["that marked atypia is a high nuclear grade: our reading"],
  };
}

/**
 * Malignancy as the AMPECT trial took it: marked atypia or pleomorphism with mitotic activity.
 *
 * @source wagner2021
 */
export function ampect(tumor: Pecoma): Finding<AmpectClass | "out of scope" | "not applicable"> {
  return answer(ampectScheme(tumor));
}
