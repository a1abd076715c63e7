import type { PatientPosition } from "@hapax/base";

const positions: readonly string[] = ["HFS", "HFP", "HFDR", "HFDL", "FFS", "FFP", "FFDR", "FFDL"];

/** Whether a text of a file is a position that beams can be placed by. */
export const isPosition = (position: string | undefined): position is PatientPosition => position !== undefined && positions.includes(position);
