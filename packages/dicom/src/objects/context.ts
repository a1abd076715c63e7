import { HapaxError } from "@hapax/base";
import type { Tree } from "../write.ts";
import { uidOf } from "./uid.ts";

/** Of whom and in which study objects are written. */
export interface WriteContext {
  readonly patient: {
    readonly id: string;
    /** PN, as `Doe^Jane`. */
    readonly name: string;
    /** DA, as the files of the patient have it: some systems know a person by name, id and date of birth. */
    readonly birthDate?: string;
    readonly sex?: "male" | "female" | "other";
    readonly weightKg?: number;
    readonly heightM?: number;
  };
  /** All UIDs come from this text and the label alone: the same seed gives the same files, byte by byte. */
  readonly seed: string;
  /** Tells series and objects of one study apart; it becomes SeriesDescription. */
  readonly label: string;
  /** ISO 8601, `2024-05-01` or `2024-05-01T10:00:00`. */
  readonly date: string;
  readonly studyDescription?: string;
  /** The study that the objects join, with what its other objects say of it; left out, one of their own. */
  readonly study?: JoinedStudy;
  /**
   * True for what is no scan of a person: QualityControlSubject is YES, and as few programs look there, PatientComments,
   * SeriesDescription and, in images, ImageComments begin with SYNTHETIC.
   */
  readonly synthetic: boolean;
}

/** A study that is there already; what is left out its files do not say. */
export interface JoinedStudy {
  readonly uid: string;
  /** StudyDate and StudyTime, DA and TM. */
  readonly date?: string;
  readonly time?: string;
  readonly id?: string;
  readonly accessionNumber?: string;
}

/** UIDs that a context gives. */
export const studyUidOf = ({ seed, study }: WriteContext): string => study?.uid ?? uidOf(`${seed} study`);
export const seriesUidOf = ({ seed, label }: WriteContext, modality: string): string => uidOf(`${seed} ${modality} ${label}`);
export const instanceUidOf = ({ seed, label }: WriteContext, modality: string, number: number): string => uidOf(`${seed} ${modality} ${label} ${number}`);

const sexes = { male: "M", female: "F", other: "O" } as const;

/** Words of the mark. */
export const SYNTHETIC = "SYNTHETIC: computed, not a scan of a person";

/**
 * Patient, study, series and instance attributes that every object has.
 *
 * @throws dicom/date for a date that is none, dicom/label without a label, by which people know an object
 */
export function commonOf(context: WriteContext, modality: string, sopClass: string, instance = 1): Tree {
  const { patient, synthetic, label, study } = context;
  const { date, time } = momentOf(context);
  if (label.trim() === "") throw new HapaxError("dicom/label", `${modality} was to be written without a label.`, "Give it one; it becomes the label that people see.");
  return {
    SOPClassUID: sopClass,
    SOPInstanceUID: instanceUidOf(context, modality, instance),
    StudyDate: study === undefined ? date : (study.date ?? ""),
    SeriesDate: date,
    StudyTime: study === undefined ? time : (study.time ?? ""),
    SeriesTime: time,
    AccessionNumber: study?.accessionNumber ?? "",
    Modality: modality,
    Manufacturer: "Hapax",
    ReferringPhysicianName: "",
    OperatorsName: modality.startsWith("RT") ? "" : undefined,
    StudyDescription: context.studyDescription,
    SeriesDescription: (synthetic ? `SYNTHETIC ${label}` : label).slice(0, 64),
    ManufacturerModelName: "Hapax",
    PatientName: patient.name,
    PatientID: patient.id,
    PatientBirthDate: patient.birthDate ?? "",
    PatientSex: patient.sex === undefined ? "" : sexes[patient.sex],
    PatientSize: patient.heightM,
    PatientWeight: patient.weightKg,
    QualityControlSubject: synthetic ? "YES" : undefined,
    PatientComments: synthetic ? SYNTHETIC : undefined,
    SoftwareVersions: "1",
    StudyInstanceUID: writableUid(studyUidOf(context), "The study"),
    SeriesInstanceUID: seriesUidOf(context, modality),
    StudyID: study === undefined ? "1" : (study.id ?? ""),
    SeriesNumber: 1,
    // Empty is right for a body that is no pair; validators ask for it where BodyPartExamined is not there.
    Laterality: "",
    InstanceNumber: instance,
  };
}

/** Date and time as DA and TM. */
export function momentOf({ date }: WriteContext): { date: string; time: string } {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(date);
  if (match === null) {
    throw new HapaxError("dicom/date", `${date} is no date as 2024-05-01 or 2024-05-01T10:00:00.`, "Give the date of the study in ISO 8601.");
  }
  const [, year, month, day, hour = "00", minute = "00", second = "00"] = match;
  return { date: `${year}${month}${day}`, time: `${hour}${minute}${second}` };
}

/** A UID as it may be written. @throws dicom/uid for any other text */
export function writableUid(uid: string, what: string): string {
  if (/^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(uid) && uid.length <= 64) return uid;
  throw new HapaxError("dicom/uid", `${what} is “${uid}”, which is no UID.`, "Give a UID; uidOf(text) makes one.");
}

/** Numbers cut to so many decimals: what a decimal string of 16 bytes holds, and every reader gives back the same. */
export const rounded = (values: Iterable<number>, decimals: number): number[] => Array.from(values, (value) => Number(value.toFixed(decimals)) + 0);
