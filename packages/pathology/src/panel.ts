import type { PanelMarker } from "@hapax/case";

/** Markers of a PEComa: what is expected of each and what its result bears on. */
export const panel: readonly PanelMarker[] = [
  { marker: "HMB-45", also: ["HMB45", "gp100"], lineage: "melanocytic", expected: "positive", bears: "profile of a PEComa" },
  { marker: "Melan-A", also: ["MelanA", "MART-1", "A103"], lineage: "melanocytic", expected: "positive", bears: "profile of a PEComa" },
  { marker: "MiTF", also: ["MITF"], lineage: "melanocytic", expected: "positive", bears: "profile of a PEComa" },
  { marker: "SMA", also: ["smooth muscle actin", "alpha-SMA", "α-SMA", "actin"], lineage: "myoid", expected: "positive", bears: "profile of a PEComa" },
  { marker: "Desmin", also: [], lineage: "myoid", expected: "either", bears: "profile of a PEComa" },
  { marker: "Cathepsin K", also: ["CTSK"], lineage: "other", expected: "positive", bears: "may point to TFE3" },
  { marker: "TFE3", also: [], lineage: "other", expected: "either", bears: "subgroup; evidence of VEGFR inhibitors" },
  { marker: "E-cadherin", also: ["CDH1"], lineage: "other", expected: "either", bears: "no class changes" },
  { marker: "S100", also: ["S-100"], lineage: "other", expected: "negative", bears: "melanoma and other diagnoses" },
  { marker: "SOX10", also: ["SOX-10"], lineage: "other", expected: "negative", bears: "melanoma and other diagnoses" },
  { marker: "Keratin", also: ["cytokeratin", "AE1/AE3", "pancytokeratin"], lineage: "other", expected: "negative", bears: "carcinoma" },
  { marker: "Ki-67", also: ["MIB-1", "Ki67"], lineage: "other", expected: "either", bears: "no class changes" },
  { marker: "PD-L1", also: ["CD274", "PDL1"], lineage: "other", expected: "either", bears: "evidence of immunotherapy" },
];

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9α]/g, "");

/** True when a recorded name means this marker, however it is written. */
export function isMarker(marker: Pick<PanelMarker, "marker" | "also">, name: string): boolean {
  return [marker.marker, ...marker.also].some((n) => plain(n) === plain(name));
}
