import { HapaxError } from "@hapax/base";

/** What a worker tells: its answer, or why there is none. */
export type Worked<Answer> = { readonly answer: Answer } | { readonly problem: Pick<HapaxError, "code" | "what" | "remedy"> };

/** Answers with what a computation gives, or with the problem it met. */
export function answerWith<Answer>(compute: () => Answer, transfer: (answer: Answer) => Transferable[]): void {
  try {
    const answer = compute();
    postMessage({ answer } satisfies Worked<Answer>, { transfer: transfer(answer) });
  } catch (error) {
    if (!(error instanceof HapaxError)) throw error;
    const { code, what, remedy } = error;
    postMessage({ problem: { code, what, remedy } } satisfies Worked<Answer>);
  }
}
