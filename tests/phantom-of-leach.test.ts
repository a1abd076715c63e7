import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seriesUidOf, type WriteContext } from "@hapax/dicom";
import { openCase } from "@hapax/files";
import { phantomSpec, phantomStudies } from "@hapax/imaging/phantom";

const folder = new URL("../cases/leach2025/", import.meta.url);

test("leach2025: each imaging study of the record names the series that the phantom has for it", async () => {
  const record = await openCase(folder.pathname);
  const studies = phantomStudies(phantomSpec(JSON.parse(readFileSync(new URL("phantom.json", folder), "utf8"))));
  const named = record.entries.flatMap((entry) => (entry.kind === "imaging" && entry.series !== undefined ? [[entry.id, entry.series] as const] : []));
  const made = studies.flatMap((study) => {
    const context: WriteContext = { patient: { id: "", name: "" }, seed: study.studyUid, label: `${study.spec.timePoint} ${study.spec.title}`, date: "", synthetic: true };
    const series = (study.spec.pet ? ["CT", "PT"] : ["CT"]).map((modality) => seriesUidOf(context, modality));
    return study.spec.entries.map((id) => [id, series] as const);
  });
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(made));
});
