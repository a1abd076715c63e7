import { Command, CommanderError } from "commander";
import { HapaxError } from "@hapax/base";
import { beam } from "./beam.ts";
import { cases } from "./cases.ts";
import { dicom } from "./dicom.ts";
import { documents } from "./documents.ts";
import { dose } from "./dose.ts";
import { doseSum } from "./dose-sum.ts";
import { dosimetry } from "./dosimetry.ts";
import { findings } from "./findings.ts";
import { pacs } from "./pacs.ts";
import { plan } from "./plan.ts";
import { serve } from "./serve.ts";
import type { Session, World } from "./session.ts";
import { printable } from "./table.ts";

/**
 * Runs one command.
 *
 * @param args  without the name of the program
 * @returns     0 done, 1 findings of --strict or a bar that does not hold, 2 bad input, 130 stopped by Ctrl-C
 */
export async function main(args: readonly string[], world: World): Promise<Session["exitCode"]> {
  const session: Session = { ...world, exitCode: 0 };
  const program = new Command("hapax")
    .description("A local-first workbench for cancers too rare for a trial.\nResearch and education. Not a medical device.")
    .exitOverride()
    .configureOutput({ writeOut: world.out, writeErr: world.err })
    .addHelpText("after", "\nCASE is the folder of a case, its case.json, or its id in the store.\nExit: 0 done, 1 findings of --strict or a bar that does not hold, 2 bad input, 130 stopped.\nExample: ./hapax findings cases/leach2025 --as-of T3");
  for (const add of [findings, documents, dicom, dosimetry, doseSum, dose, plan, beam, cases, pacs, serve]) add(program, session);
  try {
    await program.parseAsync([...args], { from: "user" });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    world.err(told(error));
    return error instanceof HapaxError && error.code === "cli/stopped" ? 130 : 2;
  }
}

/** An error for a person: what, and the next step; never a stack. */
function told(error: unknown): string {
  if (error instanceof HapaxError) {
    const places = error.problems.length > 1 ? error.problems.map((p) => `  ${printable(p.what)}\n`).join("") : "";
    return `${error.code}  ${printable(error.what)}\n${places}${printable(error.remedy)}\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "syscall" in error ? "cli/system" : "cli/failed";
  return `${code}  ${printable(message)}\n${code === "cli/system" ? "Check the path and who may write there." : "This is a fault of Hapax; please report it."}\n`;
}
