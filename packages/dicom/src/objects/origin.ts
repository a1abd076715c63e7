import type { HapaxError } from "@hapax/base";
import type { ScanOrigin, ScanPatient } from "@hapax/case";
import type { DataSet, DicomFile } from "../data-set.ts";
import { isoDate } from "../dates.ts";
import { tags } from "../dictionary.ts";

/**
 * Whether a file says that it is no scan of a person: QualityControlSubject is YES, or one of PatientComments,
 * ImageComments, SeriesDescription holds the word SYNTHETIC.
 */
export function isSynthetic(data: DataSet): boolean {
  if (data.text(tags.QualityControlSubject) === "YES") return true;
  return [tags.PatientComments, tags.ImageComments, tags.SeriesDescription].some((tag) => /\bSYNTHETIC\b/.test(data.text(tag) ?? ""));
}

/** The date of an object: its own first, then that of its series, then that of its study. */
export function dateOf(data: DataSet): string | undefined {
  const own = [tags.StructureSetDate, tags.RTPlanDate, tags.SeriesDate, tags.StudyDate];
  return own.map((tag) => isoDate(data.text(tag))).find((date) => date !== undefined);
}

/** Where an object of one file comes from. */
export function originOfFile({ name, data, problems }: DicomFile, label: string, met: readonly HapaxError[] = []): ScanOrigin {
  const date = dateOf(data);
  return {
    uid: data.text(tags.SOPInstanceUID) ?? name,
    studyUid: data.text(tags.StudyInstanceUID) ?? "",
    seriesUid: data.text(tags.SeriesInstanceUID) ?? "",
    files: [name],
    label,
    ...(date === undefined ? {} : { date }),
    synthetic: isSynthetic(data),
    problems: [...problems, ...met],
  };
}

const sexes = { M: "male", F: "female", O: "other" } as const;

/** What the files say of the patient: each fact from the first file that has it; PatientID of all. */
export function patientOf(files: readonly DicomFile[]): ScanPatient {
  const first = <T>(read: (data: DataSet) => T | undefined) => files.map(({ data }) => read(data)).find((value) => value !== undefined);
  const ids = [...new Set(files.map(({ data }) => data.text(tags.PatientID)).filter((id) => id !== undefined))].sort();
  const sex = first((data) => sexes[data.text(tags.PatientSex) as keyof typeof sexes]);
  const ageYears = first((data) => ageInYears(data.text(tags.PatientAge)));
  const weightKg = first((data) => positive(data.number(tags.PatientWeight)));
  const heightM = first((data) => positive(data.number(tags.PatientSize)));
  return {
    ...(ids[0] === undefined ? {} : { id: ids[0] }),
    ...(sex === undefined ? {} : { sex }),
    ...(ageYears === undefined ? {} : { ageYears }),
    ...(weightKg === undefined ? {} : { weightKg }),
    ...(heightM === undefined ? {} : { heightM }),
    ids,
  };
}

/** Zero stands for "not asked" in weights and heights of many exports. */
export const positive = (value: number | undefined): number | undefined => (value !== undefined && value > 0 ? value : undefined);

const perYear = { Y: 1, M: 12, W: 365.25 / 7, D: 365.25 } as const;

function ageInYears(text: string | undefined): number | undefined {
  const match = /^(\d{1,3})([YMWD])$/.exec(text ?? "");
  // 000Y is how exporters leave it open; a newborn is 000D or more.
  return match === null || (match[1] === "000" && match[2] === "Y") ? undefined : Number(match[1]) / perYear[match[2] as keyof typeof perYear];
}
