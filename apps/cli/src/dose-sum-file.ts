import { HapaxError, showNumber } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { writeRtDose, type WriteContext } from "@hapax/dicom";
import { knownBox, type CumulativeDose } from "@hapax/radiobiology";
import type { NamedCourse } from "./dose-courses.ts";

/** What a sum was made with, besides its courses. */
interface MadeWith {
  readonly alphaBeta: number | undefined;
  readonly registrations: readonly Registration[];
}

/** DoseComment holds so many characters. */
const longestComment = 64;

/**
 * A sum as an RTDOSE in a study of its own: DoseType EFFECTIVE for EQD2 and BED, DoseSummationType MULTI_PLAN with the
 * plan of each course. The same sum gives the same file.
 *
 * @returns  the file, and what it holds in words
 * @throws   cli/no-overlap where no voxel has a known dose of every course
 */
export function sumFile(found: CumulativeDose, courses: readonly NamedCourse[], made: MadeWith): { readonly bytes: Uint8Array; readonly said: string } {
  const box = knownBox(found.sum);
  if (box === undefined) {
    throw new HapaxError(
      "cli/no-overlap",
      "No voxel has a known dose of every course, and RTDOSE has no word for unknown.",
      "Check that the courses meet, and the registration between them; --structures tells what is known of each organ.",
    );
  }
  const { volume: { grid, ...values }, leftOut } = box;
  const planUid = courses.flatMap(({ from }) => from.planUid ?? []);
  const comment = commentOf(found, courses);
  const { bytes } = writeRtDose({ grid, ...values }, contextOf(found, courses, made), {
    planUid, comment, summation: courses.length === 1 ? "PLAN" : "MULTI_PLAN", type: found.measure === "physical dose" ? "PHYSICAL" : "EFFECTIVE",
  });
  const cut = grid.size.every((n, axis) => n === found.sum.grid.size[axis]) ? "" : ` of ${found.sum.grid.size.join(" × ")}, where every course is known`;
  const lost = leftOut === 0 ? "" : `; ${leftOut} known voxels beside that box are not in it`;
  const unplanned = courses.length - planUid.length;
  const nameless = unplanned === 0 ? "" : `; ${unplanned} of the doses name no plan, which some programs ask of a sum`;
  return { bytes, said: `${comment}; ${grid.size.join(" × ")} voxels${cut}${lost}${nameless}.` };
}

/** `EQD2, α/β 2 Gy: 30 less 25 % + 5 fractions`. */
function commentOf({ measure, alphaBeta }: CumulativeDose, courses: readonly NamedCourse[]): string {
  const tissue = alphaBeta === undefined ? "" : `, α/β ${showNumber(alphaBeta)} Gy`;
  const given = courses.map(({ fractions, recovered }) => (recovered === undefined ? `${fractions}` : `${fractions} less ${showNumber(100 * recovered.share)} %`));
  const whole = `${measure}${tissue}: ${given.join(" + ")} fractions`;
  return whole.length <= longestComment ? whole : `${measure}${tissue}: ${courses.length} courses`;
}

function contextOf(found: CumulativeDose, courses: readonly NamedCourse[], { alphaBeta, registrations }: MadeWith): WriteContext {
  const date = courses.flatMap(({ from }) => from.date ?? []).sort().at(-1) ?? new Date().toISOString().slice(0, 10);
  const { patient, patientName } = courses[0] as NamedCourse;
  const parts = courses.map(({ from, fractions, recovered }) => [from.uid, fractions, recovered?.share ?? 0]);
  const { patientFromVoxel, size, frameOfReference } = found.sum.grid;
  const grid = [patientFromVoxel.rows, size, frameOfReference];
  return {
    patient: { id: patient.id ?? "", name: patientName ?? "", ...(patient.sex === undefined ? {} : { sex: patient.sex }) },
    seed: JSON.stringify(["sum", found.measure, alphaBeta, parts, grid, registrations.map(({ uid, rows }) => [uid, rows]), date]),
    label: `${found.measure} sum`,
    date,
    synthetic: courses.some(({ from }) => from.synthetic),
  };
}
