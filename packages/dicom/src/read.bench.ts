import dicomParser from "dicom-parser";
import { medianMs, report } from "@hapax/kernels/stopwatch";
import { tags } from "./dictionary.ts";
import { readFile } from "./read.ts";
import { dicomFile } from "./write.ts";

const pixels = new Int16Array(512 * 512).fill(-1000);
const slices = Array.from({ length: 150 }, (_, i) =>
  dicomFile({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: `2.25.1.${i}`, Modality: "CT", StudyDate: "20260131", StudyTime: "103015",
    PatientName: "Phantom", PatientID: "1", StudyInstanceUID: "2.25.2", SeriesInstanceUID: "2.25.3", FrameOfReferenceUID: "2.25.4", InstanceNumber: i + 1,
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"], Manufacturer: "Hapax", SliceThickness: 3, KVP: 120, PatientPosition: "HFS",
    ImagePositionPatient: [-250, -250, 3 * i], ImageOrientationPatient: [1, 0, 0, 0, 1, 0], PixelSpacing: [0.98, 0.98],
    ReferencedStudySequence: [{ ReferencedSOPClassUID: "1.2.840.10008.3.1.2.3.1", ReferencedSOPInstanceUID: "2.25.5" }],
    SamplesPerPixel: 1, PhotometricInterpretation: "MONOCHROME2", Rows: 512, Columns: 512, BitsAllocated: 16, BitsStored: 16, HighBit: 15,
    PixelRepresentation: 1, RescaleSlope: 1, RescaleIntercept: 0, WindowCenter: 40, WindowWidth: 400, PixelData: pixels,
  }),
);

const asked = [tags.Rows, tags.Columns, tags.InstanceNumber, tags.RescaleSlope];

function ours(): number {
  let sum = 0;
  for (const [i, bytes] of slices.entries()) {
    const { data } = readFile(bytes, `slice ${i}`);
    for (const tag of asked) sum += data.number(tag) as number;
    sum += data.numbers(tags.ImagePositionPatient)[2] as number;
    sum += (data.elements.get(tags.PixelData)?.bytes.slice() as Uint8Array).length;
  }
  return sum;
}

function peer(): number {
  let sum = 0;
  for (const bytes of slices) {
    const data = dicomParser.parseDicom(bytes);
    sum += (data.uint16("x00280010") as number) + (data.uint16("x00280011") as number) + (data.intString("x00200013") as number) + (data.floatString("x00281053") as number);
    sum += data.floatString("x00200032", 2) as number;
    const { dataOffset, length } = data.elements["x7fe00010"] as { dataOffset: number; length: number };
    sum += bytes.slice(dataOffset, dataOffset + length).length;
  }
  return sum;
}

if (ours() !== peer()) throw new Error("The two readers do not agree.");
report("read 150 CT slices, header and pixels", medianMs(ours), "dicom-parser", medianMs(peer), "the same values");
