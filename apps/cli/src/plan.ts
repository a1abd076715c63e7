import type { Command } from "commander";
import { HapaxError, showNumber } from "@hapax/base";
import { choicesOf, makePlan, planTemplates } from "@hapax/planning";
import { collect, threadsOf } from "./amount.ts";
import { planAgain } from "./plan-again.ts";
import { earlierDoses } from "./plan-earlier.ts";
import { requireRoom, writePlan } from "./plan-files.ts";
import { mayDifferPercent } from "./plan-reproduced.ts";
import { fitsTreatment, planSource, requestOn, type TemplateOptions } from "./plan-request.ts";
import { scanToPlan } from "./plan-scan.ts";
import { planJson, planText, type PlanTold } from "./plan-told.ts";
import { watchedPlanning } from "./plan-watched.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";
import { barOf, lineOf } from "./watched.ts";

interface PlanCommand extends TemplateOptions {
  readonly templates?: boolean;
  readonly template?: string;
  readonly request?: string;
  readonly plan?: string;
  readonly again?: boolean;
  readonly out?: string;
  readonly replace?: boolean;
  readonly earlier: readonly string[];
  readonly shift: string;
  readonly recovery: readonly string[];
  readonly study?: string;
  readonly series?: string;
  readonly set?: string;
  readonly threads?: string;
  readonly json?: boolean;
}

/** A plan: made from a template or a request, or made again: `plan`. */
export function plan(program: Command, session: Session): void {
  program
    .command("plan")
    .description("makes a photon plan on a scan, optimized, sequenced and calculated by collapsed cones, as RTPLAN and RTDOSE")
    .argument("[case]", "folder, zip or file of DICOM with CT and RTSTRUCT, or the folder of a case with a phantom")
    .option("--templates", "lists the templates, their targets and choices")
    .option("--template <name>", "how the treatment is usually planned")
    .option("--request <file>", "everything that is asked for, as request.json of a plan")
    .option("--plan <file>", "plan.json of a plan that is made: its dose again from its beams")
    .option("--again", "with --plan: planned anew from its request")
    .option("--out <folder>", "for plan.json, request.json, RTPLAN, RTDOSE, RTSTRUCT and report.pdf; with --plan it may be left out")
    .option("--replace", "overwrites the plan that the folder holds")
    .option("--target <role=name>", "structure that is a target of the template; repeated", collect, [])
    .option("--dose <role=Gy>", "prescription to a target of the template, all fractions; repeated", collect, [])
    .option("--option <choice=option>", "one of the goals that the template leaves to choose, as cord=60; repeated", collect, [])
    .option("--beams <angles>", "gantry angles 0,40,80; even:9 evenly spaced; chosen:5 of least overlap with organs")
    .option("--machine <id>", "left out, generic-6mv")
    .option("--curve <id>", "from CT number to density; none is taken by default but for a phantom")
    .option("--grid <mm>", "distance of the dose voxels; left out, that of the template")
    .option("--name <text>", "of the plan; left out, that of the template")
    .option("--id <id>", "letters, digits and hyphens; left out, that of the template")
    .option("--earlier <file=fractions>", "RTDOSE of a whole course that was given before, and its fractions; repeated, in order of time", collect, [])
    .option("--shift <mm>", "how far the earlier doses may lie from where they are taken to lie: the worst within it counts", "0")
    .option("--recovery <course:percent:why>", "part of the effect of an earlier course that is taken to be gone, as '1:25:12 months'; never assumed", collect, [])
    .option("--study <id>", "study of a phantom; left out, the one with the volumes of the template")
    .option("--series <uid>", "CT series, where there are several")
    .option("--set <uid>", "structure set, where there are several")
    .option("--threads <n>", "threads; left out, as many as the computer has")
    .option("--json", "for other programs")
    .addHelpText("after", `
Ctrl-C ends the optimization and keeps the plan as it is then; a second one discards it.
Exit: 0 done, whether goals are met or not; 1 a plan of --plan differs from its file by more than ${mayDifferPercent} %; 2 bad input; 130 discarded.
Machines: ./hapax beam list        Curves: ./hapax beam curves
Example: ./hapax plan cases/leach2025 --template neck-two-levels-30 --out plans/imrt
Example: ./hapax plan dicom/ --template conventional-30 --curve schneider2000-topas --target PTV=PTV_6000 --out plans/chest
Research and education. Not a medical device.`)
    .action(async (where: string | undefined, options: PlanCommand) => {
      if (options.templates === true) return session.out(options.json === true ? `${JSON.stringify(planTemplates, undefined, 2)}\n` : templatesText());
      if (where === undefined) throw new HapaxError("cli/case", "No scan is named.", "Give a folder of DICOM, or the folder of a case with a phantom, such as cases/leach2025.");
      const told = await planned(session, where, options);
      session.out(options.json === true ? `${JSON.stringify(planJson(told), undefined, 2)}\n` : planText(told));
      if ((told.reproduced?.largestPercent ?? 0) > mayDifferPercent) session.exitCode = 1;
    });
}

async function planned(session: Session, where: string, options: PlanCommand): Promise<PlanTold> {
  const threads = threadsOf(options.threads);
  const source = await planSource(session, options);
  const { out } = options;
  if (out === undefined && !("plan" in source)) throw new HapaxError("cli/out", "A plan is to be made and no folder to write it into is named.", "Give --out.");
  if (out !== undefined) requireRoom(session, out, options.replace === true);

  const line = lineOf(session);
  const on = await scanToPlan(session, where, { study: options.study, series: options.series, set: options.set, fits: fitsTreatment(source), onProgress: (share) => line.draw(`${barOf(share)} making the phantom`) });
  line.clear();
  const earlier = await earlierDoses(session, options, on);
  const { request, scan } = await requestOn(session, source, options, on, earlier);
  const done = await watchedPlanning(session, threads, async (work) =>
    "plan" in source ? planAgain(source.plan, scan, work, options.again === true) : { ...(await makePlan(request, scan, work)), reproduced: undefined });
  const { made, dose, reproduced } = done;
  const files = out === undefined ? [] : await writePlan(session, out, made, dose, { ...on, scan });
  return { made, files, notes: on.notes, ...(reproduced === undefined ? {} : { reproduced }) };
}

function templatesText(): string {
  const rows = planTemplates.map((template) => [
    template.id, template.name, template.technique,
    template.targets.map(({ role, doseGy }) => `${role}=${showNumber(doseGy)}`).join(", "),
    choicesOf(template).map(({ choice, options }) => `${choice}=${options.map(({ option }) => option).join("|")}`).join(", "),
  ]);
  return table([["template", "name", "technique", "targets, Gy", "options, the first unless chosen"], ...rows]);
}
