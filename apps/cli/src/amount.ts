import { HapaxError } from "@hapax/base";

/** A number of a command line, 0 or more. @throws cli/number */
export function amount(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new HapaxError("cli/number", `${option} is ${JSON.stringify(text)}.`, "Give a number, 0 or more, with a point for decimals.");
}

/** Every value of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
