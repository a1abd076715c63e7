import type { Volume } from "@hapax/base";
import type { Registration } from "@hapax/case";
import { gammaOf, type GammaOptions, type GammaResult } from "@hapax/radiotherapy";
import { answerWith } from "./answer-with.ts";

/** Two doses and how they are compared. */
export interface GammaWork {
  readonly reference: Volume;
  readonly evaluated: Volume;
  readonly options: Omit<GammaOptions, "registrations"> & { readonly registrations: readonly Registration[] };
}

self.addEventListener("message", ({ data: { reference, evaluated, options } }: MessageEvent<GammaWork>) =>
  void answerWith<GammaResult>(() => gammaOf(reference, evaluated, options), ({ map }) => [map.values.buffer as ArrayBuffer]),
);
