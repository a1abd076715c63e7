import { HapaxError } from "@hapax/base";
import { machines } from "@hapax/dose";
import { planMadeOf, planRequestOf, requestFrom, type BeamsAsked, type PlanMade, type PlanRequest, type TemplateChoices } from "@hapax/planning";
import { above0, amount } from "./amount.ts";
import { curveAt, jsonAt } from "./machine-choice.ts";
import { asRequested, type EarlierFound } from "./plan-earlier.ts";
import type { ScanToPlan } from "./scan-to-plan.ts";
import type { Session } from "./session.ts";

/** What a plan is made from, as a command line names it. */
export type PlanSource = { readonly template: string } | { readonly request: PlanRequest } | { readonly plan: PlanMade };

/** Choices that a template leaves. */
export interface TemplateOptions {
  readonly target: readonly string[];
  readonly dose: readonly string[];
  readonly option: readonly string[];
  readonly beams?: string;
  readonly machine?: string;
  readonly curve?: string;
  readonly grid?: string;
  readonly name?: string;
  readonly id?: string;
}

interface SourceOptions extends TemplateOptions {
  readonly template?: string;
  readonly request?: string;
  readonly plan?: string;
  readonly again?: boolean;
}

/**
 * The one of template, request and made plan that is named.
 *
 * @throws cli/choice for none, several, or choices that only a template leaves; cli/json, and as `planRequestOf` and `planMadeOf`
 */
export async function planSource(session: Session, options: SourceOptions): Promise<PlanSource> {
  const { template, request, plan } = options;
  const named = [template, request, plan].filter((one) => one !== undefined).length;
  if (named !== 1) throw new HapaxError("cli/choice", `${named === 0 ? "None" : "Several"} of --template, --request and --plan is given.`, "Give one; ./hapax plan --templates lists the templates.");
  if (options.again === true && plan === undefined) throw new HapaxError("cli/choice", "--again is of a plan that is made.", "Give --plan with it, or leave it out.");
  if (template !== undefined) return { template };
  const chosen = (["target", "dose", "option"] as const).filter((key) => options[key].length > 0);
  const given = [...chosen, ...(["beams", "machine", "curve", "grid", "name", "id"] as const).filter((key) => options[key] !== undefined)];
  if (given.length > 0) throw new HapaxError("cli/choice", `--${given[0]} chooses for a template; ${request === undefined ? "a plan" : "a request"} has made its choices.`, "Change them in its file, or give --template.");
  return request === undefined ? { plan: planMadeOf(await jsonAt(session, plan as string)) } : { request: planRequestOf(await jsonAt(session, request)) };
}

/** Radiotherapy entries whose volumes the studies of a phantom have, by the template that plans them. */
const entryOf: Readonly<Record<string, string>> = { "neck-two-levels-30": "imrt-sib", "chest-palliative-5": "palliative-3d", "reirradiation-20": "re-irradiation" };

/** Whether the volumes of a treatment are those that a plan is for. */
export function fitsTreatment(source: PlanSource): (treatment: string | undefined) => boolean {
  const { course, template } = "template" in source ? { course: undefined, template: source.template } : "plan" in source ? source.plan.request : source.request;
  return (treatment) => treatment !== undefined && treatment === (course ?? entryOf[template ?? ""]);
}

/**
 * The request of a template on a scan, or the one that is given; earlier doses lie with the scan under the labels that it has for them.
 *
 * @throws cli/number, cli/machine, cli/curve, cli/beams, cli/pair, cli/earlier, and as `requestFrom`
 */
export async function requestOn(session: Session, source: PlanSource, options: TemplateOptions, on: ScanToPlan, earlier: EarlierFound): Promise<{ request: PlanRequest; scan: ScanToPlan["scan"] }> {
  const withDoses = (doses: EarlierFound["doses"]) => (doses.length === 0 ? on.scan : { ...on.scan, earlier: doses });
  if (!("template" in source)) {
    const request = "plan" in source ? source.plan.request : source.request;
    return { request, scan: withDoses(asRequested(request, earlier)) };
  }
  const { machine, grid, beams, name, id } = options;
  if (machine !== undefined && !machines().some((one) => one.id === machine)) {
    throw new HapaxError("cli/machine", `There is no machine ${JSON.stringify(machine)}.`, `Give one of ${machines().map((one) => one.id).join(", ")}: a plan names its machine by id, to be the same elsewhere.`);
  }
  const choices: TemplateChoices = {
    curve: on.curve !== undefined && options.curve === undefined ? on.curve : (await curveAt(session, options.curve, on.kvp)).id,
    targets: pairs(options.target, "--target"),
    doses: Object.fromEntries(Object.entries(pairs(options.dose, "--dose")).map(([role, gy]) => [role, above0(gy, `--dose ${role}`)])),
    options: pairs(options.option, "--option"),
    ...(machine === undefined ? {} : { machine }),
    ...(beams === undefined ? {} : { beams: beamsOf(beams) }),
    ...(grid === undefined ? {} : { gridMm: above0(grid, "--grid") }),
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(on.course === undefined ? {} : { course: on.course }),
    ...(earlier.asked.length === 0 ? {} : { earlier: earlier.asked }),
  };
  return { request: requestFrom(source.template, on.scan, choices), scan: withDoses(earlier.doses) };
}

function pairs(texts: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(texts.map((text) => {
    const [, key, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) throw new HapaxError("cli/pair", `${option} is ${JSON.stringify(text)}.`, `Write name=value, as ${option === "--dose" ? "PTV_High=66" : option === "--target" ? "PTV_High=PTV_6600" : "cord=60"}.`);
    return [key, value];
  }));
}

/** `0,40,80` as gantry angles, `even:9` evenly spaced, `chosen:5` of least overlap with organs. */
function beamsOf(text: string): BeamsAsked {
  const [, how, count] = /^(even|chosen):(\d+)$/.exec(text) ?? [];
  if (how !== undefined && Number(count) >= 1) return how === "even" ? { even: Number(count) } : { chosen: Number(count) };
  const angles = text.split(",").map((angle) => (/^\s*[\d.]+\s*$/.test(angle) ? amount(angle, "--beams") : NaN));
  if (angles.some((deg) => !(deg < 360)) || new Set(angles).size < angles.length) {
    throw new HapaxError("cli/beams", `--beams is ${JSON.stringify(text)}.`, "Write gantry angles from 0 to below 360, each once, as 0,40,80; or even:9, or chosen:5.");
  }
  return { given: angles.map((gantryDeg) => ({ name: `G${String(gantryDeg).padStart(3, "0")}`, gantryDeg, collimatorDeg: 0, couchDeg: 0 })) };
}
