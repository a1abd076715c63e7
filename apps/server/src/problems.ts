import { HapaxError } from "@hapax/base";

const statuses: Readonly<Record<string, number>> = {
  "server/token": 401,
  "server/host": 403,
  "server/origin": 403,
  "server/not-found": 404,
  "server/figure": 404,
  "scans/not-found": 404,
  "scans/upload": 404,
  "store/not-found": 404,
  "server/method": 405,
  "store/conflict": 409,
  "store/nothing-to-undo": 409,
  "store/nothing-to-redo": 409,
  "scans/several-patients": 409,
  "scans/other-patient": 409,
  "files/too-large": 413,
  "scans/too-much": 413,
  "dicom/too-much": 413,
  "server/media-type": 415,
};

/** The status of HTTP that a problem amounts to; what the house did not foresee is its own fault. */
export function statusOf(error: HapaxError): number {
  return statuses[error.code] ?? (["server/failed", "scans/reading", "scans/damaged"].includes(error.code) ? 500 : 400);
}

/**
 * Any error as one that can be told: never a stack, a path of the program or a message made for its authors.
 *
 * @param log  told of what was not foreseen
 */
export function tellable(error: unknown, log: (error: unknown) => void): HapaxError {
  if (error instanceof HapaxError) return error;
  log(error);
  return new HapaxError("server/failed", "Hapax met an error of its own; nothing was changed.", "See the window in which it runs, and report it.");
}
