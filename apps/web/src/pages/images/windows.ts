import type { Volume } from "@hapax/base";
import { usualWindow, windowsOf, type NamedWindow } from "@hapax/figures";

/** Which values are black and white. */
export interface Window {
  readonly name: string;
  readonly centre: number;
  readonly width: number;
}

const shown = ({ name, center, width }: NamedWindow): Window => ({ name, centre: center, width });

/** The presets of the keys 1 to 9. */
export const presetsOf = (volume: Volume): readonly Window[] => windowsOf(volume).map(shown);

/** The window that a volume opens with. */
export const firstWindow = (volume: Volume): Window => shown(usualWindow(volume));
