import type { BeamLimits, ControlPoint, PlanBeam, PlanBlock, PlanPrescription } from "@hapax/case";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, momentOf, rounded, writableUid, type WriteContext } from "./context.ts";
import type { WrittenFile } from "./write-images.ts";

const RTPLAN = "1.2.840.10008.5.1.4.1.1.481.5";
const RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3";

/** A plan to be written. */
export interface WrittenPlan {
  readonly intent?: string;
  readonly structureSetUid?: string;
  readonly prescriptions: readonly PlanPrescription[];
  readonly fractions?: number;
  readonly beams: readonly PlanBeam[];
}

/** An RTPLAN of photon or electron beams; every control point is written in full. */
export function writeRtPlan({ intent, structureSetUid, prescriptions, fractions, beams }: WrittenPlan, context: WriteContext): WrittenFile {
  const { date, time } = momentOf(context);
  const tree: Tree = {
    ...commonOf(context, "RTPLAN", RTPLAN),
    RTPlanLabel: context.label.slice(0, 16),
    RTPlanDate: date,
    RTPlanTime: time,
    PlanIntent: intent,
    RTPlanGeometry: structureSetUid === undefined ? "TREATMENT_DEVICE" : "PATIENT",
    DoseReferenceSequence: prescriptions.length === 0 ? undefined : prescriptions.map((one, i) => prescriptionOf(one, i + 1)),
    FractionGroupSequence: [{
      FractionGroupNumber: 1,
      NumberOfFractionsPlanned: fractions ?? "",
      NumberOfBeams: beams.length,
      NumberOfBrachyApplicationSetups: 0,
      ReferencedBeamSequence: beams.length === 0 ? undefined : beams.map(({ number, meterset }) => ({ BeamMeterset: meterset, ReferencedBeamNumber: number })),
    }],
    PatientSetupSequence: [{ PatientPosition: "HFS", PatientSetupNumber: 1 }],
    BeamSequence: beams.length === 0 ? undefined : beams.map((beam) => beamOf(beam)),
    ReferencedStructureSetSequence: structureSetUid === undefined ? undefined
      : [{ ReferencedSOPClassUID: RTSTRUCT, ReferencedSOPInstanceUID: writableUid(structureSetUid, "The structure set") }],
    ApprovalStatus: "UNAPPROVED",
  };
  return { name: "RTPLAN.dcm", bytes: dicomFile(tree) };
}

function prescriptionOf({ structure, description, role, targetGy, minimumGy, maximumGy }: PlanPrescription, number: number): Tree {
  const target = role === "TARGET";
  return {
    DoseReferenceNumber: number,
    DoseReferenceStructureType: structure === undefined ? "SITE" : "VOLUME",
    DoseReferenceDescription: description,
    DoseReferenceType: role,
    ReferencedROINumber: structure,
    TargetMinimumDose: minimumGy,
    TargetPrescriptionDose: targetGy,
    ...(target ? { TargetMaximumDose: maximumGy } : { OrganAtRiskMaximumDose: maximumGy }),
  };
}

function beamOf(beam: PlanBeam): Tree {
  const { controlPoints, blocks = [] } = beam;
  return {
    TreatmentMachineName: beam.machine ?? "",
    PrimaryDosimeterUnit: "MU",
    SourceAxisDistance: beam.sadMm,
    BeamLimitingDeviceSequence: devicesOf(beam),
    BeamNumber: beam.number,
    BeamName: beam.name,
    BeamType: beam.type,
    RadiationType: beam.radiation,
    TreatmentDeliveryType: "TREATMENT",
    NumberOfWedges: 0,
    NumberOfCompensators: 0,
    NumberOfBoli: 0,
    NumberOfBlocks: blocks.length,
    ...(blocks.length === 0 ? {} : { TotalBlockTrayFactor: 1, BlockSequence: blocks.map(blockOf) }),
    FinalCumulativeMetersetWeight: 1,
    NumberOfControlPoints: controlPoints.length,
    ControlPointSequence: controlPoints.map((point, i) => controlPointOf(point, i, beam)),
    ReferencedPatientSetupNumber: 1,
  };
}

function blockOf({ type, outlineMm, transmission }: PlanBlock, i: number): Tree {
  return {
    SourceToBlockTrayDistance: "",
    BlockType: type,
    BlockDivergence: "PRESENT",
    BlockNumber: i + 1,
    MaterialID: "",
    BlockThickness: "",
    BlockTransmission: transmission ?? "",
    BlockNumberOfPoints: outlineMm.length,
    BlockData: rounded(outlineMm.flat(), 6),
  };
}

function devicesOf({ controlPoints, leafEdges, leafAxis }: PlanBeam): Tree[] {
  const limits = controlPoints[0]?.limits ?? {};
  return [
    ...(limits.x === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMX", NumberOfLeafJawPairs: 1 }]),
    ...(limits.y === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMY", NumberOfLeafJawPairs: 1 }]),
    ...(leafEdges === undefined ? [] : [{ RTBeamLimitingDeviceType: leafAxis === "y" ? "MLCY" : "MLCX", NumberOfLeafJawPairs: leafEdges.length - 1, LeafPositionBoundaries: rounded(leafEdges, 6) }]),
  ];
}

function controlPointOf(point: ControlPoint, index: number, beam: PlanBeam): Tree {
  return {
    ControlPointIndex: index,
    NominalBeamEnergy: beam.energyMv,
    BeamLimitingDevicePositionSequence: positionsOf(point.limits, beam),
    GantryAngle: point.gantryDeg,
    GantryRotationDirection: "NONE",
    BeamLimitingDeviceAngle: point.collimatorDeg,
    BeamLimitingDeviceRotationDirection: "NONE",
    PatientSupportAngle: point.couchDeg,
    PatientSupportRotationDirection: "NONE",
    TableTopEccentricAngle: 0,
    TableTopEccentricRotationDirection: "NONE",
    TableTopVerticalPosition: "",
    TableTopLongitudinalPosition: "",
    TableTopLateralPosition: "",
    IsocenterPosition: rounded(point.isocenter, 6),
    CumulativeMetersetWeight: rounded([point.metersetShare], 10),
  };
}

function positionsOf({ x, y, leaves }: BeamLimits, { leafAxis }: PlanBeam): Tree[] {
  return [
    ...(x === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMX", LeafJawPositions: rounded(x, 6) }]),
    ...(y === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMY", LeafJawPositions: rounded(y, 6) }]),
    ...(leaves === undefined ? [] : [{ RTBeamLimitingDeviceType: leafAxis === "y" ? "MLCY" : "MLCX", LeafJawPositions: rounded(leaves, 6) }]),
  ];
}
