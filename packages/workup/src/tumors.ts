import type { TumorProfile } from "@hapax/case";
import { pecoma } from "./tumors/pecoma.ts";

/** Every tumor that Hapax knows. A further one is its files and one line here. */
export const tumors: readonly TumorProfile[] = [pecoma];
