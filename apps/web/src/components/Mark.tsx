import type { Status } from "@hapax/case";
import { markNode, type MarkKind } from "@hapax/figures";
import { SvgView } from "./FigureView.tsx";

export type { MarkKind };

/** What a screen reader says of a finding before anything else. */
export const statusInWords: Readonly<Record<Status, string>> = {
  determined: "determined",
  undecided: "undecided",
  "not recorded": "not recorded",
  contradiction: "contradiction",
  "out of scope": "out of scope",
  "not applicable": "not applicable",
  pending: "definition pending",
};

interface Props {
  readonly is: MarkKind;
  /** What a screen reader says; the state unless given; an empty text where the words stand beside it. */
  readonly says?: string;
  readonly size?: number;
}

/** The mark of a state, drawn, since no font of ours has every one of these characters. */
export function Mark({ is, says = is, size = 13 }: Props) {
  const heard = says === "" ? { "aria-hidden": true, "aria-label": undefined, role: undefined } : { "aria-label": says };
  return <SvgView node={markNode(is, size)} as={{ className: "mark", ...heard }} />;
}
