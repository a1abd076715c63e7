import { HapaxError } from "@hapax/base";
import type { Structure } from "@hapax/case";
import { transferSyntaxes } from "../transfer-syntaxes.ts";
import { dicomFile, type Tree } from "../write.ts";
import { commonOf, momentOf, rounded, studyUidOf, writableUid, type WriteContext } from "./context.ts";
import type { WrittenFile } from "./write-images.ts";

const RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3";
const DETACHED_STUDY = "1.2.840.10008.3.1.2.3.1";

/** Structures to be written. */
export interface WrittenStructures {
  readonly frameOfReference: string;
  readonly structures: readonly Structure[];
  /** The images they were drawn on: SeriesInstanceUID, and class and UID of each slice. */
  readonly images?: { readonly seriesUid: string; readonly sopClass: string; readonly instances: readonly string[] };
}

/**
 * An RTSTRUCT. Contours are written point by point as they are: rings with CLOSEDPLANAR_XOR and keyholes come back the
 * same; coordinates keep six decimals, a nanometre. A structure without contours is written without.
 *
 * @throws dicom/write-empty without a structure, which the standard does not know
 */
export function writeRtStruct({ frameOfReference, structures, images }: WrittenStructures, context: WriteContext): WrittenFile {
  if (structures.length === 0) throw new HapaxError("dicom/write-empty", "A structure set without a structure was to be written.", "Name one structure or more; it need not be drawn.");
  const { date, time } = momentOf(context);
  const frame = writableUid(frameOfReference, "The frame of reference");
  const tree: Tree = {
    ...commonOf(context, "RTSTRUCT", RTSTRUCT),
    FrameOfReferenceUID: frame,
    PositionReferenceIndicator: "",
    StructureSetLabel: context.label.slice(0, 16),
    StructureSetDate: date,
    StructureSetTime: time,
    ReferencedFrameOfReferenceSequence: [{
      FrameOfReferenceUID: frame,
      ...(images === undefined ? {} : { RTReferencedStudySequence: [referencedStudy(images, context)] }),
    }],
    StructureSetROISequence: structures.map(({ number, name }) => ({
      ROINumber: number, ReferencedFrameOfReferenceUID: frame, ROIName: name, ROIGenerationAlgorithm: "",
    })),
    ROIContourSequence: structures.map((structure) => contoursOf(structure)),
    RTROIObservationsSequence: structures.map(({ number, type }) => ({
      ObservationNumber: number, ReferencedROINumber: number, RTROIInterpretedType: type ?? "", ROIInterpreter: "",
    })),
    ApprovalStatus: "UNAPPROVED",
  };
  return { name: "RTSTRUCT.dcm", bytes: dicomFile(tree, structures.some(isLong) ? { transferSyntax: transferSyntaxes.implicitLittleEndian } : {}) };
}

/** An explicit length of decimal strings ends at 65,534 bytes, and a coordinate has at most 16 and a backslash; an implicit one has no such end. */
const isLong = ({ contours }: Structure) => contours.some(({ points }) => points.length * 17 > 65_534);

function contoursOf({ number, color, contours }: Structure): Tree {
  return {
    ...(color === undefined ? {} : { ROIDisplayColor: [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) }),
    ReferencedROINumber: number,
    ...(contours.length === 0 ? {} : {
      ContourSequence: contours.map(({ type, points }) => ({
        ContourGeometricType: type, NumberOfContourPoints: points.length / 3, ContourData: rounded(points, 6),
      })),
    }),
  };
}

function referencedStudy({ seriesUid, sopClass, instances }: NonNullable<WrittenStructures["images"]>, context: WriteContext): Tree {
  return {
    ReferencedSOPClassUID: DETACHED_STUDY,
    ReferencedSOPInstanceUID: studyUidOf(context),
    RTReferencedSeriesSequence: [{
      SeriesInstanceUID: writableUid(seriesUid, "The referenced series"),
      ContourImageSequence: instances.map((uid) => ({ ReferencedSOPClassUID: sopClass, ReferencedSOPInstanceUID: uid })),
    }],
  };
}
