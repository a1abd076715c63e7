import type { RuleInfo } from "@hapax/case";
import { cite } from "@hapax/references";

/** The rules of this discipline. */
export const rules: readonly RuleInfo[] = [
  {
    id: "radiobiology/eqd2",
    question: "EQD2 of each volume",
    about: "Dose in 2 Gy fractions by the linear-quadratic model at several α/β, held against the EQD2 that the document states.",
    source: cite("fowler1989"),
  },
  {
    id: "radiobiology/organ-dose",
    question: "EQD2 of each organ dose",
    about: "A recorded organ dose at the α/β of its organ.",
    source: cite("fowler1989", "rulach2021"),
  },
  {
    id: "radiobiology/hot-spot",
    question: "Hot spot",
    about: "The global maximum as dose and EQD2, by its own dose per fraction.",
    source: cite("fowler1989"),
  },
  {
    id: "radiobiology/ledger",
    question: "Cumulative dose of each organ",
    about: "EQD2 summed over courses; bounds where an organ dose is not recorded; published limits beside it.",
    source: cite("rulach2021", "paradis2019", "troost2020", "americanRadium2020", "kirkpatrick2010", "sahgal2019"),
  },
  {
    id: "radiobiology/next-course",
    question: "What a next course may still give",
    about: "The highest dose in n fractions that keeps an organ within each published cumulative limit.",
    source: cite("fowler1989", "rulach2021", "kirkpatrick2010", "sahgal2019"),
  },
  {
    id: "radiobiology/cord-palliative",
    question: "Cord after a palliative course that was declined",
    about: "What a palliative regimen to the spine in full would have brought the cord to.",
    source: cite("fowler1989", "rulach2021", "sahgal2019"),
  },
  {
    id: "radiobiology/nieder",
    question: "Myelopathy after re-irradiation",
    about: "Points for cumulative BED, interval and highest course; the set of groups where these are not recorded.",
    source: cite("nieder2006", "nieder2005", "doi2021"),
  },
  {
    id: "radiobiology/reirradiation-type",
    question: "Re-irradiation type",
    about: "Type by overlap of the volumes and concern for cumulative dose.",
    source: cite("andratschke2022"),
  },
  {
    id: "radiobiology/literature",
    question: "Regimens of the literature",
    about: "BED and EQD2 of published regimens beside those of the case; refused where the number of fractions is not known.",
    source: cite("fowler1989"),
  },
];
