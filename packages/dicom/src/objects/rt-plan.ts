import { HapaxError, type Vec3 } from "@hapax/base";
import type { BeamLimits, ControlPoint, PlanBeam, PlanBlock, PlanPrescription, TreatmentPlan } from "@hapax/case";
import type { DataSet, DicomFile, Tag } from "../data-set.ts";
import { tags } from "../dictionary.ts";
import { originOfFile } from "./origin.ts";
import { expectModality } from "./rt-struct.ts";
import { isPoint } from "./slices.ts";

const ION_PLAN = "1.2.840.10008.5.1.4.1.1.481.8";

/**
 * An external beam plan of photons or electrons. Setup fields, which give no dose, are left out; an angle or isocenter
 * that is nowhere recorded is NaN and told.
 *
 * @throws dicom/plan-ion, dicom/plan-brachy for plans that are not read; dicom/object-other for other files
 */
export function readRtPlan(file: DicomFile): TreatmentPlan {
  const { data, name } = file;
  expectModality(file, "RTPLAN");
  if (data.text(tags.SOPClassUID) === ION_PLAN || data.items(tags.IonBeamSequence).length > 0) {
    throw new HapaxError("dicom/plan-ion", `${name} is an RT Ion Plan (protons or ions), ${data.text(tags.RTPlanLabel) ?? "without a label"}.`, "Beams of ions are not read here; its dose and structures are. Give them beside it.");
  }
  if (data.items(tags.ApplicationSetupSequence).length > 0) {
    throw new HapaxError("dicom/plan-brachy", `${name} is a brachytherapy plan, ${data.text(tags.RTPlanLabel) ?? "without a label"}.`, "Sources and applicators are not read here; its dose and structures are. Give them beside it.");
  }
  const problems: HapaxError[] = [];
  const groups = data.items(tags.FractionGroupSequence);
  if (groups.length > 1) {
    problems.push(new HapaxError("dicom/plan-fraction-groups", `${name} has ${groups.length} fraction groups.`, "Fractions and monitor units are those of the first; look into the planning system for the others."));
  }
  const beams = data.items(tags.BeamSequence)
    .filter((beam) => beam.text(tags.TreatmentDeliveryType) !== "SETUP")
    .map((beam) => beamOf(beam, groups[0], name, problems));
  const fractions = groups[0]?.number(tags.NumberOfFractionsPlanned);
  const intent = data.text(tags.PlanIntent);
  const structureSetUid = data.items(tags.ReferencedStructureSetSequence)[0]?.text(tags.ReferencedSOPInstanceUID);
  const prescriptions = data.items(tags.DoseReferenceSequence).map((item) => prescriptionOf(item));
  return {
    ...originOfFile(file, labelOf(data), problems),
    ...(intent === undefined ? {} : { intent }),
    ...(structureSetUid === undefined ? {} : { structureSetUid }),
    ...(fractions === undefined ? {} : { fractions }),
    prescriptions,
    beams,
  };
}

/** RTPlanLabel, which holds 16 characters, or the RTPlanName that it begins. */
function labelOf(data: DataSet): string {
  const label = data.text(tags.RTPlanLabel), name = data.text(tags.RTPlanName);
  return label !== undefined && name?.startsWith(label) === true ? name : (label ?? "plan");
}

function prescriptionOf(item: DataSet): PlanPrescription {
  const structure = item.number(tags.ReferencedROINumber);
  const description = item.text(tags.DoseReferenceDescription);
  const targetGy = item.number(tags.TargetPrescriptionDose);
  const minimumGy = item.number(tags.TargetMinimumDose);
  const maximumGy = item.number(tags.TargetMaximumDose) ?? item.number(tags.OrganAtRiskMaximumDose);
  return {
    role: item.text(tags.DoseReferenceType) ?? "",
    ...(structure === undefined ? {} : { structure }),
    ...(description === undefined ? {} : { description }),
    ...(targetGy === undefined ? {} : { targetGy }),
    ...(minimumGy === undefined ? {} : { minimumGy }),
    ...(maximumGy === undefined ? {} : { maximumGy }),
  };
}

function beamOf(beam: DataSet, group: DataSet | undefined, file: string, problems: HapaxError[]): PlanBeam {
  const number = beam.number(tags.BeamNumber) ?? NaN;
  const what = `${file}, beam ${beam.text(tags.BeamName) ?? number}`;
  const devices = beam.items(tags.BeamLimitingDeviceSequence);
  const banks = devices.filter((device) => /^MLC[XY]/.test(device.text(tags.RTBeamLimitingDeviceType) ?? ""));
  if (banks.length > 1) {
    problems.push(new HapaxError("dicom/plan-leaf-banks", `${what} has ${banks.length} layers of leaves.`, "The first is read; the opening is no larger than it shows."));
  }
  const points = beam.items(tags.ControlPointSequence);
  const energyMv = points[0]?.number(tags.NominalBeamEnergy);
  const meterset = group?.items(tags.ReferencedBeamSequence).find((one) => one.number(tags.ReferencedBeamNumber) === number)?.number(tags.BeamMeterset);
  const machine = beam.text(tags.TreatmentMachineName);
  const leafAxis = banks[0]?.text(tags.RTBeamLimitingDeviceType)?.startsWith("MLCX") === true ? "x" : "y";
  return {
    number,
    name: beam.text(tags.BeamName) ?? String(number),
    type: beam.text(tags.BeamType) ?? "",
    radiation: beam.text(tags.RadiationType) ?? "",
    ...(machine === undefined ? {} : { machine }),
    ...(energyMv === undefined ? {} : { energyMv }),
    sadMm: beam.number(tags.SourceAxisDistance) ?? NaN,
    ...(meterset === undefined ? {} : { meterset }),
    ...(banks[0] === undefined ? {} : { leafEdges: banks[0].numbers(tags.LeafPositionBoundaries), leafAxis }),
    ...inBeam(beam),
    controlPoints: controlPointsOf(beam, points, leavesOf(banks[0], what, problems), what, problems),
  };
}

/** Blocks with their outlines, and what else stands in a beam. */
function inBeam(beam: DataSet): Pick<PlanBeam, "blocks" | "modifiers"> {
  const blocks = beam.items(tags.BlockSequence).map((block): PlanBlock => {
    const data = block.numbers(tags.BlockData);
    const transmission = block.number(tags.BlockTransmission);
    return {
      type: block.text(tags.BlockType) === "APERTURE" ? "APERTURE" : "SHIELDING",
      outlineMm: Array.from({ length: data.length >> 1 }, (_, i) => [data[2 * i] as number, data[2 * i + 1] as number] as const),
      ...(transmission === undefined ? {} : { transmission }),
    };
  });
  const modifiers = [
    ...beam.items(tags.WedgeSequence).map((wedge) => (wedge.number(tags.WedgeAngle) === undefined ? "wedge" : `wedge of ${wedge.number(tags.WedgeAngle)} degrees`)),
    ...beam.items(tags.CompensatorSequence).map(() => "compensator"),
    ...beam.items(tags.ReferencedBolusSequence).map(() => "bolus"),
  ];
  return { ...(blocks.length === 0 ? {} : { blocks }), ...(modifiers.length === 0 ? {} : { modifiers }) };
}

/** What the last control point said still holds where the next is silent (PS3.3 C.8.8.14). */
function controlPointsOf(beam: DataSet, points: readonly DataSet[], leaves: Leaves | undefined, what: string, problems: HapaxError[]): ControlPoint[] {
  const final = beam.number(tags.FinalCumulativeMetersetWeight);
  let last: ControlPoint = { metersetShare: 0, gantryDeg: NaN, collimatorDeg: NaN, couchDeg: NaN, isocenter: [NaN, NaN, NaN], limits: {} };
  const read = points.map((point) => {
    const or = (tag: Tag, before: number) => point.number(tag) ?? before;
    const weight = point.number(tags.CumulativeMetersetWeight);
    const isocenter = point.numbers(tags.IsocenterPosition);
    last = {
      metersetShare: weight === undefined ? last.metersetShare : final === undefined || final === 0 ? NaN : weight / final,
      gantryDeg: or(tags.GantryAngle, last.gantryDeg),
      collimatorDeg: or(tags.BeamLimitingDeviceAngle, last.collimatorDeg),
      couchDeg: or(tags.PatientSupportAngle, last.couchDeg),
      isocenter: isPoint(isocenter) ? ([...isocenter] as unknown as Vec3) : last.isocenter,
      limits: limitsOf(point, last.limits, leaves),
    };
    return last;
  });
  if (leaves !== undefined && read.some(({ limits }, i) => limits.leaves === undefined && points[i]?.has(tags.BeamLimitingDevicePositionSequence) === true)) {
    problems.push(new HapaxError("dicom/plan-leaves", `${what} has control points whose leaf positions are not there, or not two for each of its ${leaves.pairs} pairs.`, "It is drawn without leaves there; export the plan again."));
  }
  const unknown = [
    ...(read.some(({ metersetShare }) => Number.isNaN(metersetShare)) ? ["FinalCumulativeMetersetWeight"] : []),
    ...(read[0] !== undefined && Number.isNaN(read[0].gantryDeg) ? ["GantryAngle"] : []),
    ...(read[0] !== undefined && Number.isNaN(read[0].collimatorDeg) ? ["BeamLimitingDeviceAngle"] : []),
    ...(read[0] !== undefined && Number.isNaN(read[0].couchDeg) ? ["PatientSupportAngle"] : []),
    ...(read[0] !== undefined && Number.isNaN(read[0].isocenter[0]) ? ["IsocenterPosition"] : []),
  ];
  if (unknown.length > 0) {
    problems.push(new HapaxError("dicom/plan-control-point", `${what} does not record ${unknown.join(", ")} at its first control point.`, "The beam is listed and cannot be drawn; export the plan again."));
  }
  return read;
}

/** The layer of leaves that is read. */
interface Leaves {
  /** RTBeamLimitingDeviceType: MLCX, MLCY, and MLCX1 for the first of two layers. */
  readonly type: string;
  readonly pairs: number;
}

/** A bank of leaves has one boundary more than pairs. */
function leavesOf(bank: DataSet | undefined, what: string, problems: HapaxError[]): Leaves | undefined {
  if (bank === undefined) return undefined;
  const edges = bank.numbers(tags.LeafPositionBoundaries).length;
  const pairs = bank.number(tags.NumberOfLeafJawPairs) ?? edges - 1;
  if (edges < 2 || pairs !== edges - 1) {
    problems.push(new HapaxError("dicom/plan-leaf-edges", `${what} has ${edges} LeafPositionBoundaries for ${pairs} pairs of leaves.`, "One more than pairs is needed; export the plan again."));
  }
  return { type: bank.text(tags.RTBeamLimitingDeviceType) as string, pairs };
}

function limitsOf(point: DataSet, before: BeamLimits, bank: Leaves | undefined): BeamLimits {
  let limits = before;
  for (const item of point.items(tags.BeamLimitingDevicePositionSequence).toReversed()) {
    const positions = item.numbers(tags.LeafJawPositions);
    const type = item.text(tags.RTBeamLimitingDeviceType) ?? "";
    if (type === bank?.type) limits = positions.length === 2 * bank.pairs ? { ...limits, leaves: [...positions] } : withoutLeaves(limits);
    else if (positions.length === 2 && /^(ASYM)?[XY]$/.test(type)) {
      limits = { ...limits, [type.endsWith("X") ? "x" : "y"]: [positions[0], positions[1]] };
    }
  }
  return limits;
}

function withoutLeaves({ leaves, ...jaws }: BeamLimits): BeamLimits {
  return jaws;
}
