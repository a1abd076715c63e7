import { HapaxError, listed, showNumber } from "@hapax/base";
import { machineNamed } from "@hapax/dose";
import type { Goal, PlanRequest, Prescription } from "../request.ts";
import type { PlanningScan, Region, Setting } from "../setting.ts";
import { metricAsked, unitOf } from "./metric.ts";
import { drawnTargets, isDrawn } from "./named-structures.ts";

/** Two targets of which each lies in the other but for this share are one volume. */
const sameVolume = 0.05;
/** So much of a target lies in the body at least; a margin reaches into the air. */
const leastInBody = 0.5;

/**
 * Refuses a request that no plan can answer on this scan, before anything is calculated.
 *
 * @throws planning/fractions, planning/no-prescription, planning/dose, planning/target, planning/technique, planning/beams, planning/goal,
 *         planning/metric, planning/machine-version, planning/earlier, planning/contradiction; dose/machine-unknown
 */
export function checkAsked(request: PlanRequest, scan: Pick<PlanningScan, "structures" | "earlier">): void {
  const { fractions, prescriptions } = request;
  if (!Number.isInteger(fractions) || fractions < 1) {
    throw new HapaxError("planning/fractions", `The plan ${request.name} is asked in ${fractions} fractions.`, "Give the number of fractions as a whole number, 1 or more.");
  }
  if (prescriptions.length === 0) throw new HapaxError("planning/no-prescription", `The plan ${request.name} prescribes nothing.`, "Give a target and its dose in Gy over all fractions.");
  for (const prescription of prescriptions) checkPrescription(prescription, request, scan);
  checkForm(request);
  request.goals.forEach(checkGoal);
  checkMachine(request);
  checkEarlier(request, scan);
}

function checkPrescription({ structure, doseGy }: Prescription, { prescriptions }: PlanRequest, { structures }: Pick<PlanningScan, "structures">): void {
  if (!(doseGy > 0 && Number.isFinite(doseGy))) throw new HapaxError("planning/dose", `${doseGy} Gy are prescribed to ${structure}.`, "Prescribe a dose above 0 Gy, over all fractions.");
  const drawn = structures.find(({ name }) => name === structure);
  if (drawn === undefined || !isDrawn(drawn)) {
    const targets = drawnTargets(structures);
    throw new HapaxError("planning/target", `The target ${structure} is ${drawn === undefined ? "not on this scan" : "named and not drawn"}.`, targets.length === 0 ? "Draw it, or prescribe to a structure that is drawn." : `Drawn targets are ${listed(targets)}.`);
  }
  const other = prescriptions.find((one) => one.structure === structure && one.doseGy !== doseGy);
  if (other !== undefined) throw new HapaxError("planning/contradiction", `${structure} is prescribed ${showNumber(doseGy)} and ${showNumber(other.doseGy)} Gy.`, "Prescribe one dose to it.");
}

function checkForm({ name, technique, conformal, modulated, beams }: PlanRequest): void {
  const has = conformal !== undefined && modulated !== undefined ? "open and modulated fields" : conformal !== undefined ? "open fields" : modulated !== undefined ? "modulated fields" : "neither open nor modulated fields";
  const asks = technique === "IMRT" ? "modulated fields" : technique === "3D conformal" ? "open fields" : "open or modulated fields";
  if (technique === "SBRT" ? (conformal === undefined) === (modulated === undefined) : has !== asks) {
    throw new HapaxError("planning/technique", `The plan ${name} by ${technique} has ${has}.`, `Give ${asks}, and only these: \`conformal\` for open fields, \`modulated\` for modulated ones.`);
  }
  const count = "given" in beams ? beams.given.length : "even" in beams ? beams.even : beams.chosen;
  if (!Number.isInteger(count) || count < 1) throw new HapaxError("planning/beams", `The plan ${name} has ${count} beams.`, "Give one beam at least.");
}

function checkGoal({ structure, metric, atMost, atLeast, priority, cumulative }: Goal): void {
  metricAsked(metric);
  const of = `The goal ${metric} of ${structure}`;
  if (atMost === undefined && atLeast === undefined) throw new HapaxError("planning/goal", `${of} has no limit.`, "Give what it is to be at most, or at least.");
  if (atMost !== undefined && atLeast !== undefined && atLeast > atMost) throw new HapaxError("planning/contradiction", `${of} is to be at least ${showNumber(atLeast)} and at most ${showNumber(atMost)} ${unitOf(metric)}.`, "Give limits that can both hold.");
  if (!Number.isInteger(priority) || priority < 1) throw new HapaxError("planning/goal", `${of} has the priority ${priority}.`, "Give a whole number, 1 for a limit that is never given up.");
  if (cumulative !== undefined && !(cumulative.alphaBeta > 0)) throw new HapaxError("planning/goal", `${of} is cumulative at α/β ${cumulative.alphaBeta} Gy.`, "Give α/β in Gy, above 0.");
}

function checkMachine({ machine }: PlanRequest): void {
  const { version, name } = machineNamed(machine.id);
  if (version !== machine.version) {
    throw new HapaxError("planning/machine-version", `The plan is asked of ${name} in version ${machine.version}, and here is version ${version}.`, `Ask for version ${version}: the dose of the plan will then be another.`);
  }
}

function checkEarlier({ earlier = [] }: PlanRequest, scan: Pick<PlanningScan, "earlier">): void {
  const given = (scan.earlier ?? []).map(({ label }) => label);
  for (const { label, fractions, shiftMm, recovery, recoverySource } of earlier) {
    const refuse = (what: string, remedy: string) => {
      throw new HapaxError("planning/earlier", what, remedy);
    };
    if (!given.includes(label)) refuse(`The earlier dose ${label} is asked for and was not given.`, given.length === 0 ? "Give it on this scan." : `Given are ${listed(given)}.`);
    if (!Number.isInteger(fractions) || fractions < 1) refuse(`The earlier dose ${label} has ${fractions} fractions.`, "Give the number of its fractions as a whole number, 1 or more.");
    if (!(shiftMm >= 0)) refuse(`The earlier dose ${label} has a shift of ${shiftMm} mm.`, "Give 0 mm or more.");
    if (!(recovery >= 0 && recovery <= 1)) refuse(`Of the earlier dose ${label} a share of ${recovery} is to be recovered.`, "Give a share from 0 to 1.");
    if (recovery > 0 && (recoverySource ?? "").trim() === "") refuse(`Of the earlier dose ${label} ${showNumber(100 * recovery, 0)} % are to be recovered, without a source.`, "Say who says so, or leave it 0.");
  }
}

/**
 * Refuses a setting in which no plan can be made.
 *
 * @throws as `checkAsked`; planning/target-outside where a target has less than half of itself in the body; planning/no-density where
 *         a target has nothing that takes up dose; planning/contradiction where one volume is to have two doses
 */
export function checkRequest(setting: Setting): void {
  const { request, scan, regions } = setting;
  checkAsked(request, scan);
  for (const { structure } of request.prescriptions) {
    const region = regions.get(structure);
    if (region === undefined) throw new HapaxError("planning/target-outside", `The target ${structure} lies outside the dose grid.`, "Choose the scan that it was drawn on, or another target.");
    checkPlace(region, setting);
  }
  checkSameVolumes(setting);
  checkAgainstEachOther(setting);
}

function checkPlace({ name, voxels, parts }: Region, { medium: { density }, bodyVoxels }: Setting): void {
  const body = new Uint8Array(density.length);
  for (const voxel of bodyVoxels) body[voxel] = 1;
  let [all, inBody, dense] = [0, 0, 0];
  for (let n = 0; n < voxels.length; n++) {
    const part = parts[n] as number;
    all += part;
    if (body[voxels[n] as number] === 1) inBody += part;
    dense += part * (density[voxels[n] as number] as number);
  }
  if (!(inBody >= leastInBody * all)) {
    throw new HapaxError("planning/target-outside", `Of the target ${name} ${showNumber((100 * inBody) / all, 0)} % lie in the body.`, "Check the target and the outline of the body: half of it at least is to lie within.");
  }
  if (!(dense > 0)) throw new HapaxError("planning/no-density", `The target ${name} has no density: nothing in it takes up dose.`, "Check the CT and its density curve at the place of the target.");
}

function checkSameVolumes({ request: { prescriptions }, regions }: Setting): void {
  prescriptions.forEach(({ structure, doseGy }, n) => {
    for (const other of prescriptions.slice(n + 1)) {
      const [one, two] = [regions.get(structure) as Region, regions.get(other.structure) as Region];
      const shared = sharedParts(one, two);
      if (doseGy === other.doseGy || shared < (1 - sameVolume) * Math.max(sumOf(one.parts), sumOf(two.parts))) continue;
      throw new HapaxError("planning/contradiction", `${structure} and ${other.structure} are the same volume but for ${showNumber(100 * (1 - shared / Math.max(sumOf(one.parts), sumOf(two.parts))), 1)} %, and are prescribed ${showNumber(doseGy)} and ${showNumber(other.doseGy)} Gy.`, "Prescribe one dose to it, or draw the levels apart.");
    }
  });
}

/** That a share of a volume is to have a dose or more, or that no more than a share may have more. */
interface Ask {
  readonly region: Region;
  readonly share: number;
  readonly gy: number;
  readonly said: string;
}

/**
 * What a target is to have is held against what another, or itself, may have: a share y of a target that is to have g or more has, in
 * another, y V − (V − shared) at least; if the other may have more than c only in less than that, and g is above c, no dose is both.
 */
function checkAgainstEachOther({ request: { prescriptions, goals }, regions }: Setting): void {
  const targets = new Map(prescriptions.map(({ structure }) => [structure, regions.get(structure) as Region]));
  const wants: Ask[] = prescriptions.map(({ structure, doseGy }) => ({ region: targets.get(structure) as Region, share: 0.5, gy: 0.95 * doseGy, said: `${structure} is prescribed ${showNumber(doseGy)} Gy` }));
  const caps: Ask[] = [];
  for (const goal of goals) {
    const region = targets.get(goal.structure);
    if (region === undefined || goal.cumulative !== undefined) continue;
    const least = goal.atLeast === undefined ? undefined : levelOf(goal.metric, goal.atLeast, region);
    const most = goal.atMost === undefined ? undefined : levelOf(goal.metric, goal.atMost, region);
    if (least !== undefined) wants.push({ region, ...least, said: `${goal.structure} is to have ${goal.metric} of ${showNumber(goal.atLeast as number)} at least` });
    if (most !== undefined) caps.push({ region, ...most, said: `${goal.structure} is to have ${goal.metric} of ${showNumber(goal.atMost as number)} at most` });
  }
  for (const want of wants) {
    for (const cap of caps) {
      if (want.gy <= cap.gy) continue;
      const own = sumOf(want.region.parts);
      const within = want.share * own - (own - sharedParts(want.region, cap.region));
      // A hundredth of a volume is within the rounding of voxels.
      if (within < (cap.share + 0.01) * sumOf(cap.region.parts)) continue;
      throw new HapaxError("planning/contradiction", `${want.said}; ${cap.said}${want.region.name === cap.region.name ? "" : `, and ${showNumber((100 * sharedParts(want.region, cap.region)) / own, 0)} % of ${want.region.name} lie in it`}.`, "Raise the one or lower the other, or draw the lesser target without the higher one.");
    }
  }
}

/** A limit as a dose and the share of the volume at it; undefined for a mean. */
function levelOf(metric: string, limit: number, { volumeCc }: Region): { share: number; gy: number } | undefined {
  const asked = metricAsked(metric);
  if (asked.kind === "max") return { share: 0, gy: limit };
  if (asked.kind === "min") return { share: 1, gy: limit };
  if (asked.kind === "dose") return { share: asked.to === "share" ? asked.part : asked.part / volumeCc, gy: limit };
  if (asked.kind === "volume") return { share: asked.in === "%" ? limit / 100 : limit / volumeCc, gy: asked.gy };
  return undefined;
}

const sumOf = (parts: Float32Array): number => parts.reduce((sum, part) => sum + part, 0);

/** Volume that two regions share, in voxels; of a voxel that both cut, the lesser part. */
function sharedParts(one: Region, two: Region): number {
  let shared = 0;
  for (let n = 0, m = 0; n < one.voxels.length && m < two.voxels.length; ) {
    const [a, b] = [one.voxels[n] as number, two.voxels[m] as number];
    if (a === b) shared += Math.min(one.parts[n] as number, two.parts[m] as number);
    if (a <= b) n++;
    if (b <= a) m++;
  }
  return shared;
}
