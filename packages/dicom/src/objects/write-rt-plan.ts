import type { BeamLimits, ControlPoint, PlanBeam, PlanBlock, PlanPrescription } from "@hapax/case";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, momentOf, rounded, writableUid, type WriteContext } from "./context.ts";
import { uidOf } from "./uid.ts";
import type { WrittenFile } from "./write-images.ts";

const RTPLAN = "1.2.840.10008.5.1.4.1.1.481.5";
const RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3";

/** A plan to be written. */
export interface WrittenPlan {
  /** RTPlanName; the label of the context holds but 16 characters. */
  readonly name?: string;
  readonly description?: string;
  readonly intent?: string;
  readonly structureSetUid?: string;
  readonly prescriptions: readonly PlanPrescription[];
  readonly fractions?: number;
  readonly beams: readonly PlanBeam[];
  /** Of the images that it was planned on; isocenters are in it. */
  readonly frameOfReference?: string;
  /** PatientPosition at treatment; left out, HFS. */
  readonly patientPosition?: string;
  /** From the source to jaws and leaves, mm, where it is known of the machine. */
  readonly deviceDistancesMm?: { readonly x?: number; readonly y?: number; readonly leaves?: number };
  /** From the source to the skin along the axis of a beam, mm, by BeamNumber, where it is known. */
  readonly surfaceDistancesMm?: ReadonlyMap<number, number>;
}

/**
 * An RTPLAN of photon or electron beams. The first control point of a beam says everything, those behind it what changes
 * in the beam (PS3.3 C.8.8.14); jaws and leaves stand at each together.
 */
export function writeRtPlan(plan: WrittenPlan, context: WriteContext): WrittenFile {
  const { name, description, intent, structureSetUid, prescriptions, fractions, beams, frameOfReference, patientPosition = "HFS", deviceDistancesMm = {}, surfaceDistancesMm } = plan;
  const { date, time } = momentOf(context);
  const tree: Tree = {
    ...commonOf(context, "RTPLAN", RTPLAN),
    ...(frameOfReference === undefined ? {} : { FrameOfReferenceUID: writableUid(frameOfReference, "The frame of reference"), PositionReferenceIndicator: "" }),
    RTPlanLabel: context.label.slice(0, 16),
    RTPlanName: name?.slice(0, 64),
    RTPlanDescription: description?.slice(0, 1024),
    RTPlanDate: date,
    RTPlanTime: time,
    PlanIntent: intent,
    RTPlanGeometry: structureSetUid === undefined ? "TREATMENT_DEVICE" : "PATIENT",
    DoseReferenceSequence: prescriptions.length === 0 ? undefined : prescriptions.map((one, i) => prescriptionOf(one, i + 1, context)),
    FractionGroupSequence: [{
      FractionGroupNumber: 1,
      NumberOfFractionsPlanned: fractions ?? "",
      NumberOfBeams: beams.length,
      NumberOfBrachyApplicationSetups: 0,
      ReferencedBeamSequence: beams.length === 0 ? undefined : beams.map(({ number, meterset }) => ({ BeamMeterset: meterset, ReferencedBeamNumber: number })),
    }],
    PatientSetupSequence: [{ PatientPosition: patientPosition, PatientSetupNumber: 1 }],
    BeamSequence: beams.length === 0 ? undefined : beams.map((beam) => beamOf(beam, deviceDistancesMm, surfaceDistancesMm?.get(beam.number))),
    ReferencedStructureSetSequence: structureSetUid === undefined ? undefined
      : [{ ReferencedSOPClassUID: RTSTRUCT, ReferencedSOPInstanceUID: writableUid(structureSetUid, "The structure set") }],
    ApprovalStatus: "UNAPPROVED",
  };
  return { name: "RTPLAN.dcm", bytes: dicomFile(tree) };
}

function prescriptionOf({ structure, description, role, targetGy, minimumGy, maximumGy }: PlanPrescription, number: number, { seed, label }: WriteContext): Tree {
  const target = role === "TARGET";
  return {
    DoseReferenceNumber: number,
    DoseReferenceUID: uidOf(`${seed} dose reference ${label} ${number}`),
    DoseReferenceStructureType: structure === undefined ? "SITE" : "VOLUME",
    DoseReferenceDescription: description,
    DoseReferenceType: role,
    ReferencedROINumber: structure,
    TargetMinimumDose: minimumGy,
    TargetPrescriptionDose: targetGy,
    ...(target ? { TargetMaximumDose: maximumGy } : { OrganAtRiskMaximumDose: maximumGy }),
  };
}

function beamOf(beam: PlanBeam, distancesMm: NonNullable<WrittenPlan["deviceDistancesMm"]>, surfaceMm: number | undefined): Tree {
  const { controlPoints, blocks = [] } = beam;
  const changes = changesIn(controlPoints);
  return {
    TreatmentMachineName: beam.machine ?? "",
    PrimaryDosimeterUnit: "MU",
    SourceAxisDistance: beam.sadMm,
    BeamLimitingDeviceSequence: devicesOf(beam, distancesMm),
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
    ControlPointSequence: controlPoints.map((point, i) => ({ ...controlPointOf(point, i, beam, changes), ...(i === 0 && surfaceMm !== undefined ? { SourceToSurfaceDistance: surfaceMm } : {}) })),
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

function devicesOf({ controlPoints, leafEdges, leafAxis }: PlanBeam, distancesMm: NonNullable<WrittenPlan["deviceDistancesMm"]>): Tree[] {
  const limits = controlPoints[0]?.limits ?? {};
  return [
    ...(limits.x === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMX", SourceToBeamLimitingDeviceDistance: distancesMm.x, NumberOfLeafJawPairs: 1 }]),
    ...(limits.y === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMY", SourceToBeamLimitingDeviceDistance: distancesMm.y, NumberOfLeafJawPairs: 1 }]),
    ...(leafEdges === undefined ? [] : [{
      RTBeamLimitingDeviceType: leafAxis === "y" ? "MLCY" : "MLCX", SourceToBeamLimitingDeviceDistance: distancesMm.leaves,
      NumberOfLeafJawPairs: leafEdges.length - 1, LeafPositionBoundaries: rounded(leafEdges, 6),
    }]),
  ];
}

/** Whether an attribute of a beam differs anywhere between its control points. */
type Changes = Readonly<Record<"gantryDeg" | "collimatorDeg" | "couchDeg" | "isocenter" | "limits", boolean>>;

function changesIn(points: readonly ControlPoint[]): Changes {
  const differs = (read: (point: ControlPoint) => unknown) => new Set(points.map((point) => JSON.stringify(read(point)))).size > 1;
  return {
    gantryDeg: differs((p) => p.gantryDeg), collimatorDeg: differs((p) => p.collimatorDeg), couchDeg: differs((p) => p.couchDeg),
    isocenter: differs((p) => p.isocenter), limits: differs((p) => p.limits),
  };
}

function controlPointOf(point: ControlPoint, index: number, beam: PlanBeam, changes: Changes): Tree {
  const first = index === 0;
  const next = beam.controlPoints[index + 1] ?? point;
  return {
    ControlPointIndex: index,
    ...(first ? { NominalBeamEnergy: beam.energyMv } : {}),
    ...(first || changes.limits ? { BeamLimitingDevicePositionSequence: positionsOf(point.limits, beam) } : {}),
    ...(first || changes.gantryDeg ? { GantryAngle: point.gantryDeg, GantryRotationDirection: turnOf(point.gantryDeg, next.gantryDeg, "CW") } : {}),
    ...(first || changes.collimatorDeg ? { BeamLimitingDeviceAngle: point.collimatorDeg, BeamLimitingDeviceRotationDirection: turnOf(point.collimatorDeg, next.collimatorDeg, "CC") } : {}),
    ...(first || changes.couchDeg ? { PatientSupportAngle: point.couchDeg, PatientSupportRotationDirection: turnOf(point.couchDeg, next.couchDeg, "CC") } : {}),
    ...(first ? {
      TableTopEccentricAngle: 0,
      TableTopEccentricRotationDirection: "NONE",
      TableTopVerticalPosition: "",
      TableTopLongitudinalPosition: "",
      TableTopLateralPosition: "",
    } : {}),
    ...(first || changes.isocenter ? { IsocenterPosition: rounded(point.isocenter, 6) } : {}),
    CumulativeMetersetWeight: rounded([point.metersetShare], 10),
  };
}

/**
 * Which way something turns behind a control point, by the shorter way round.
 *
 * @param rising  sense in which its IEC angle grows where DICOM looks from: the gantry clockwise from the isocenter, the collimator
 *                counterclockwise from the source, the couch counterclockwise from above
 */
function turnOf(fromDeg: number, toDeg: number, rising: "CW" | "CC"): string {
  const turn = ((((toDeg - fromDeg) % 360) + 540) % 360) - 180;
  if (turn === 0) return "NONE";
  return turn > 0 === (rising === "CW") ? "CW" : "CC";
}

function positionsOf({ x, y, leaves }: BeamLimits, { leafAxis }: PlanBeam): Tree[] {
  return [
    ...(x === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMX", LeafJawPositions: rounded(x, 6) }]),
    ...(y === undefined ? [] : [{ RTBeamLimitingDeviceType: "ASYMY", LeafJawPositions: rounded(y, 6) }]),
    ...(leaves === undefined ? [] : [{ RTBeamLimitingDeviceType: leafAxis === "y" ? "MLCY" : "MLCX", LeafJawPositions: rounded(leaves, 6) }]),
  ];
}
