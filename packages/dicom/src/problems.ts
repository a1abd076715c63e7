import { HapaxError } from "@hapax/base";

const most = 200;

/** What was met in one file that is not as the standard has it: each thing once, in the order met. */
export class Problems {
  readonly file: string;
  readonly list: HapaxError[] = [];
  readonly #met = new Set<string>();

  constructor(file: string) {
    this.file = file;
  }

  /** Keeps a deviation that was read all the same. */
  keep(code: string, what: string, done: string): void {
    const key = `${code} ${what}`;
    if (this.#met.has(key) || this.#met.size > most) return;
    this.#met.add(key);
    this.list.push(
      this.#met.size <= most
        ? this.error(code, what, done)
        : this.error("dicom/many-problems", `has more than ${most} deviations from the standard.`, "Export the file again from its source."),
    );
  }

  /** An error of this file, to be thrown. */
  error(code: string, what: string, remedy: string): HapaxError {
    return new HapaxError(code, `${this.file} ${what}`, remedy);
  }

  /** Length of the list, to go back to after a trial. */
  get mark(): number {
    return this.list.length;
  }
}
