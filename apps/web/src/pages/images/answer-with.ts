import { HapaxError } from "@hapax/base";

/** What a worker tells at its end: its answer, or why there is none. */
export type Worked<Answer> = { readonly answer: Answer } | { readonly problem: Pick<HapaxError, "code" | "what" | "remedy"> };

/** What a worker tells on the way. */
export interface OnTheWay<Progress> {
  readonly progress: Progress;
}

/** Answers with what a computation gives, or with the problem it met. */
export async function answerWith<Answer>(compute: () => Answer | Promise<Answer>, transfer: (answer: Answer) => Transferable[]): Promise<void> {
  try {
    const answer = await compute();
    postMessage({ answer } satisfies Worked<Answer>, { transfer: transfer(answer) });
  } catch (error) {
    // What is no problem of the input ends the worker's task as a fault: a rejected promise alone would not be heard by the page.
    if (!(error instanceof HapaxError)) return reportError(error);
    const { code, what, remedy } = error;
    postMessage({ problem: { code, what, remedy } } satisfies Worked<Answer>);
  }
}
