/**
 * The one error of the house: what was met, and what to do next.
 *
 * @param code    `package/problem`, stable, for machines and the index of help
 * @param what    the file, the place and the value met, in plain words
 * @param remedy  the next step that a person can take
 */
export class HapaxError extends Error {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
  /** When a door collected several problems, each of them. */
  readonly problems: readonly HapaxError[];

  constructor(code: string, what: string, remedy: string, problems: readonly HapaxError[] = []) {
    super(`${code}  ${what} ${remedy}`);
    this.name = "HapaxError";
    this.code = code;
    this.what = what;
    this.remedy = remedy;
    this.problems = problems;
  }

  toJSON(): { code: string; what: string; remedy: string; problems: unknown[] } {
    return { code: this.code, what: this.what, remedy: this.remedy, problems: this.problems.map((p) => p.toJSON()) };
  }
}
