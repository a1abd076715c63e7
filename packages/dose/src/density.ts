import { HapaxError } from "@hapax/base";
import data from "./density-curves.json" with { type: "json" };

/** What a curve gives: g/cm³, or electrons per volume relative to water. */
export type DensityQuantity = "mass density" | "electron density";

/**
 * CT number to density: straight between nodes. Two nodes at one CT number are a jump; below the first and above the last
 * the density of that node holds.
 */
export interface DensityCurve {
  readonly id: string;
  readonly name: string;
  readonly quantity: DensityQuantity;
  /** CT number, HU, and density; CT numbers in order. */
  readonly nodes: readonly (readonly [hu: number, density: number])[];
  /** Where it is from, in words. */
  readonly source: string;
  /** Whether the numbers were read at their source. */
  readonly verified: boolean;
  /** Tube voltage it holds for; undefined is not recorded. */
  readonly kvp?: number;
}

/** Phantom with plugs of known electron density, from which a scanner gets its curve. */
export interface PlugPhantom {
  readonly id: string;
  readonly name: string;
  readonly verified: boolean;
  /** Relative to water, by the name of the plug. */
  readonly electronDensity: Readonly<Record<string, number>>;
}

const units: Readonly<Record<DensityQuantity, string>> = { "mass density": "g/cm3", "electron density": "relative to water" };

/** The largest fall between nodes that a published curve has (Schneider 2000 at 101 HU: 0.044) is let pass. */
const mayFall = 0.05;

/** Above this CT number a voxel is metal or saturated, and no curve of tissues was measured there. */
export const metalHu = 3000;

/**
 * A curve from data, such as a scanner's own: `{ id, name, quantity, unit, nodes, source, kvp? }`.
 *
 * @throws dose/curve with every fault at once: fewer than two nodes, CT numbers out of order, densities that are negative or
 *         fall, a quantity or unit that is none
 */
export function densityCurveOf(json: unknown): DensityCurve {
  const given = typeof json === "object" && json !== null ? (json as Partial<Record<string, unknown>>) : {};
  const text = (key: string) => (typeof given[key] === "string" && given[key].trim() !== "" ? given[key] : undefined);
  const [id, name, source] = [text("id"), text("name"), text("source")];
  const quantity = given["quantity"] === "mass density" || given["quantity"] === "electron density" ? given["quantity"] : undefined;
  const nodes = nodesOf(given["nodes"]);
  const faults = [
    ...(id === undefined || name === undefined || source === undefined ? ["it needs id, name and source as text"] : []),
    ...(quantity === undefined ? [`its quantity is ${JSON.stringify(given["quantity"])}, not "mass density" or "electron density"`] : []),
    ...(quantity !== undefined && given["unit"] !== units[quantity] ? [`its unit is ${JSON.stringify(given["unit"])}, and ${quantity} is in "${units[quantity]}"`] : []),
    ...(nodes === undefined ? ["its nodes are not pairs of a CT number and a density"] : faultsOfNodes(nodes)),
    ...(given["kvp"] !== undefined && !(Number(given["kvp"]) > 0) ? [`its tube voltage is ${JSON.stringify(given["kvp"])} kV`] : []),
  ];
  if (faults.length > 0 || id === undefined || name === undefined || source === undefined || quantity === undefined || nodes === undefined) {
    throw new HapaxError("dose/curve", `The density curve ${id ?? "without an id"} cannot be used: ${faults.join("; ")}.`, "Give at least two nodes [HU, density] with rising CT numbers, and the quantity with its unit.");
  }
  return { id, name, quantity, nodes, source, verified: given["verified"] === true, ...(given["kvp"] === undefined ? {} : { kvp: Number(given["kvp"]) }) };
}

function nodesOf(given: unknown): [number, number][] | undefined {
  const pairs = Array.isArray(given) && given.every((node) => Array.isArray(node) && node.length === 2 && node.every((value) => typeof value === "number" && Number.isFinite(value)));
  return pairs ? (given as [number, number][]) : undefined;
}

function faultsOfNodes(nodes: readonly (readonly [number, number])[]): string[] {
  const faults: string[] = [];
  if (new Set(nodes.map(([hu]) => hu)).size < 2) faults.push(`it has nodes at ${new Set(nodes.map(([hu]) => hu)).size} CT numbers`);
  nodes.forEach(([hu, density], i) => {
    const before = nodes[i - 1];
    if (density < 0) faults.push(`the density at ${hu} HU is ${density}`);
    if (before === undefined) return;
    if (hu < before[0] || (hu === before[0] && nodes[i - 2]?.[0] === hu)) faults.push(`${hu} HU stands after ${before[0]} HU`);
    if (density < before[1] - mayFall) faults.push(`the density falls from ${before[1]} to ${density} at ${hu} HU`);
  });
  return faults;
}

/** The published curves of the house. */
export const densityCurves: readonly DensityCurve[] = data.curves.map(densityCurveOf);

/** Phantoms whose plugs make a scanner's own curve; their densities are recalled where not verified. */
export const plugPhantoms: readonly PlugPhantom[] = data.phantoms.map(({ plugs, ...phantom }) => ({ ...phantom, electronDensity: Object.fromEntries(plugs) as PlugPhantom["electronDensity"] }));

/**
 * The curve asked for. None is taken by default: the same tissue has other CT numbers on another scanner.
 *
 * @throws dose/no-curve when none is named or it is not among the house's
 */
export function curveNamed(id: string | undefined): DensityCurve {
  const found = densityCurves.find((curve) => curve.id === id);
  if (found === undefined) {
    throw new HapaxError(
      "dose/no-curve",
      id === undefined ? "No curve from CT number to density was named." : `There is no density curve "${id}".`,
      `Name one of ${densityCurves.map((curve) => curve.id).join(", ")}, or give your scanner's own as JSON.`,
    );
  }
  return found;
}

/**
 * A scanner's own curve from the CT numbers of a phantom's plugs; air is added at −1000 HU.
 *
 * @param plugHu  mean CT number in each plug that was scanned, HU
 * @throws dose/curve for a plug that the phantom lacks, or CT numbers that make no curve
 */
export function scannerCurve({ id, name, phantom, plugHu, kvp }: { readonly id: string; readonly name: string; readonly phantom: PlugPhantom; readonly plugHu: Readonly<Record<string, number>>; readonly kvp: number }): DensityCurve {
  const unknown = Object.keys(plugHu).filter((plug) => !Object.hasOwn(phantom.electronDensity, plug));
  if (unknown.length > 0) {
    throw new HapaxError("dose/curve", `${phantom.name} has no plug ${unknown.join(", ")}.`, `Its plugs are ${Object.keys(phantom.electronDensity).join(", ")}.`);
  }
  const nodes = [[-1000, electronFromMass(tissue("air, dry").massDensity)] as const, ...Object.entries(plugHu).map(([plug, hu]) => [hu, phantom.electronDensity[plug] as number] as const)];
  return densityCurveOf({ id, name, quantity: "electron density", unit: units["electron density"], nodes: nodes.toSorted((a, b) => a[0] - b[0]), source: `Plugs of ${phantom.name} scanned at ${kvp} kV`, verified: phantom.verified, kvp });
}

const tissue = (name: string) => data.tissues.find((one) => one.name === name) as (typeof data.tissues)[number];

/** Electrons per mass of water. */
const electronsOfWater = 0.55508;

/** Mass density and relative electron density of the tissues. */
const mixtures: readonly (readonly [number, number])[] = data.tissues.map(({ massDensity, electronsPerMass }) => [massDensity, (massDensity * electronsPerMass) / electronsOfWater]);

/**
 * Electron density of a tissue from its mass density. A voxel is a mixture by volume of the two materials of the table next to
 * its density (air, lung, adipose and soft tissue, cortical bone, titanium, iron), so that electrons per volume are straight in
 * the mass per volume between them; beyond the last the material stays.
 *
 * @param massDensity  g/cm³
 * @returns            electrons per volume relative to water
 * @source             icru44, hubbell1995: Z/A of the tissues
 */
export function electronFromMass(massDensity: number): number {
  const [heaviest, electrons] = mixtures.at(-1) as readonly [number, number];
  return massDensity > heaviest ? (massDensity * electrons) / heaviest : straight(mixtures, massDensity);
}

/** The electron density, relative to water, that a curve gives a CT number, HU; NaN where that is unknown. */
export function electronDensity(curve: DensityCurve): (hu: number) => number {
  const { nodes, quantity } = curve;
  return quantity === "mass density" ? (hu) => electronFromMass(straight(nodes, hu)) : (hu) => straight(nodes, hu);
}

/** Straight between nodes, level beyond them; at a jump its upper side. */
function straight(nodes: readonly (readonly [number, number])[], x: number): number {
  if (Number.isNaN(x)) return NaN;
  const above = nodes.findIndex(([at]) => at > x);
  if (above === -1) return (nodes.at(-1) as readonly [number, number])[1];
  if (above === 0) return (nodes[0] as readonly [number, number])[1];
  const [x0, y0] = nodes[above - 1] as readonly [number, number];
  const [x1, y1] = nodes[above] as readonly [number, number];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
