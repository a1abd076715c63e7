import { availableParallelism } from "node:os";
import { HapaxError } from "@hapax/base";

/** A number of a command line, 0 or more. @throws cli/number */
export function amount(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new HapaxError("cli/number", `${option} is ${JSON.stringify(text)}.`, "Give a number, 0 or more, with a point for decimals.");
}

/** A number of a command line, above 0. @throws cli/number */
export function above0(text: string, option: string): number {
  const value = amount(text, option);
  if (value > 0) return value;
  throw new HapaxError("cli/number", `${option} is ${JSON.stringify(text)}.`, "Give a number above 0.");
}

/** Threads as asked for; left out, as many as the computer has. @throws cli/number */
export function threadsOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const threads = above0(text, "--threads");
  if (Number.isInteger(threads)) return threads;
  throw new HapaxError("cli/number", `--threads is ${text}.`, "Give a whole number.");
}

/** Every value of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
