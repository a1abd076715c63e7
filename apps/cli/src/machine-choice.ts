import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { HapaxError } from "@hapax/base";
import { densityCurveOf, densityCurves, machineNamed, machineOf, machines, type DensityCurve, type Machine } from "@hapax/dose";
import { isPath } from "./scans-from.ts";
import type { Session } from "./session.ts";

/**
 * The machine of an id, or of a JSON file such as `beam fit` writes.
 *
 * @throws cli/machine where it is neither; cli/json, dose/machine for a file that is none
 */
export async function machineAt(session: Session, name: string): Promise<Machine> {
  const known = machines().map(({ id }) => id);
  if (known.includes(name)) return machineNamed(name);
  if (isPath(session, name)) return machineOf(await jsonAt(session, name));
  throw new HapaxError("cli/machine", `There is no machine ${JSON.stringify(name)}, and no file of that name.`, `Give one of ${known.join(", ")}, or the JSON that ./hapax beam fit wrote.`);
}

/**
 * The density curve of an id, or of a JSON file.
 *
 * @param kvp  tube voltage of the CT, where it is recorded
 * @throws     cli/curve where none is named, with those there are; cli/json, dose/curve for a file that is none
 */
export async function curveAt(session: Session, name: string | undefined, kvp: number | undefined): Promise<DensityCurve> {
  const found = densityCurves.find(({ id }) => id === name);
  if (found !== undefined) return found;
  if (name !== undefined && isPath(session, name)) return densityCurveOf(await jsonAt(session, name));
  const voltage = kvp === undefined ? "The CT does not record its tube voltage." : `The CT was taken at ${kvp} kV.`;
  const what = name === undefined ? "No curve from CT number to density is named, and none is taken by default: the same tissue has other CT numbers on another scanner." : `There is no density curve ${JSON.stringify(name)}, and no file of that name.`;
  throw new HapaxError("cli/curve", `${what} ${voltage}`, `Give --curve with your scanner's own as JSON, or one of ${densityCurves.map(({ id }) => id).join(", ")}; ./hapax beam curves tells where they are from.`);
}

/** @throws cli/json */
export async function jsonAt({ cwd }: Session, name: string): Promise<unknown> {
  const text = await readFile(resolve(cwd, name), "utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new HapaxError("cli/json", `${name} is no JSON: ${(error as Error).message}.`, "Correct the file; ./hapax beam fit --help shows what is expected.");
  }
}
