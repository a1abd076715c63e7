import type { MarkKind } from "./components/Mark.tsx";

/** A count beside the name of a page: of what, in words, and how many. */
export interface Count {
  readonly mark: MarkKind;
  readonly of: string;
  readonly n: number;
}
