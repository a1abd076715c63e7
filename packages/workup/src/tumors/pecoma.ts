import type { TumorProfile } from "@hapax/case";
import { pecomaStudies } from "@hapax/evidence";
import { pecoma as pathology } from "@hapax/pathology";
import { pecomaDrugs } from "@hapax/systemic";

/** Perivascular epithelioid cell tumor: everything that Hapax knows of this tumor and of no other. */
export const pecoma: TumorProfile = {
  key: "pecoma",
  name: "PEComa",
  ...pathology,
  drugs: pecomaDrugs,
  studies: pecomaStudies,
};
