import type { Volume } from "@hapax/base";
import type { DoseDescription, WriteContext } from "@hapax/dicom";
import { writeRtDose } from "@hapax/dicom/write-rt-dose";
import { answerWith } from "./answer-with.ts";

/** A dose that becomes an RTDOSE. */
export interface DoseFileWork {
  readonly dose: Volume;
  readonly context: WriteContext;
  readonly description: DoseDescription;
}

export interface DoseFileAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

self.addEventListener("message", ({ data: { dose, context, description } }: MessageEvent<DoseFileWork>) =>
  void answerWith((): DoseFileAnswer => ({ bytes: new Uint8Array(writeRtDose(dose, context, description).bytes) }), ({ bytes }) => [bytes.buffer]),
);
