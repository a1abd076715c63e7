import type { Column, Content, TDocumentDefinitions } from "pdfmake/interfaces.js";
import type { Volume } from "@hapax/base";
import { planFacts, type PlanMade, type PlanningScan } from "@hapax/planning";
import { noDate, pdfBytes } from "../pdf/write.ts";
import { drawing, heading, ink, list, page, pairs, paragraph, small, textWidth, together, unknown, type Cell } from "./layout.ts";
import { notRecorded } from "./numbers.ts";
import { planPictures, type PlanPictures, type WashLevels } from "./pictures.ts";
import { beams, calculation, delivery, earlier, feasibility, goals, holds, indices, origin, prescription, sequencing } from "./sections.ts";

/** What a plan report is made of. */
export interface PlanReport {
  readonly made: PlanMade;
  /** The scan that the plan was made on. */
  readonly scan: PlanningScan;
  /** Gy of all fractions, of the beams as they are delivered. */
  readonly dose: Volume<Float32Array>;
  /** PatientID or key of the case; left out, "not recorded". */
  readonly patient?: string;
  /** Which revision of the case holds the plan. */
  readonly revision?: string;
  /** As it is to stand there: no clock is read. */
  readonly date?: string;
  /** Levels of the washes, one picture for each; left out, percent, and for open fields also the report's three levels. */
  readonly washes?: readonly WashLevels[];
}

const notice = "Research and education. Not a medical device. Not for clinical use.";

/**
 * A plan on paper as a physicist reads it: A4, pages numbered, the notice on every page. The same plan gives the same bytes.
 *
 * @throws as `planFacts`
 */
export async function planReportPdf(report: PlanReport): Promise<Uint8Array> {
  const { made, scan, dose } = report;
  const facts = planFacts(made, scan, dose);
  const levels = report.washes ?? (made.request.technique === "3D conformal" ? ["percent", "figure2"] : ["percent"]);
  const pictures = planPictures(made, scan, dose, facts, levels);
  const content: Content[] = [
    ...head(report),
    heading("Prescription"), ...prescription(made),
    heading("Goals", "by priority, of the delivered dose"), ...goals(made),
    heading("What holds the plan"), ...holds(made),
    heading("Beams"), ...beams(made, facts), { stack: [{ columns: [arrangement(pictures), { stack: delivery(made), width: "*" }], columnGap: 20 }], unbreakable: true, margin: [0, 6, 0, 0] },
    heading("Indices"), ...indices(made),
    ...(made.feasibility === undefined ? [] : [heading("Stereotactic feasibility"), ...feasibility(made.feasibility)]),
    together("Dose-volume histograms", "", drawing(pictures.dvh)),
    ...pictures.washes.map((wash) => together(wash.levels === "percent" ? "Dose on planes through the isocenter" : "Hot spots, on planes through the highest dose", "percent of the highest prescription", drawing(wash.figure))),
    heading("Beam’s eye views", "largest opening, and the sum of all openings in grays"), ...fieldRows(pictures),
    ...(pictures.objective === undefined ? [heading("Optimization"), paragraph("No optimizer was run, or its course is not recorded.")] : [together("Optimization", "", drawing(pictures.objective))]),
    heading("From the optimized to the delivered dose"), ...sequencing(made),
    heading("Earlier doses"), ...earlier(made),
    heading("Machine and calculation"), ...calculation(made, facts),
    heading("Notes and assumptions"), made.notes.length === 0 ? paragraph("The planning left no note.") : list(made.notes),
    heading("Made from"), ...origin(made),
  ];
  return pdfBytes(definition(report, content));
}

/** Whose plan, which, when. */
function head({ made, scan, patient, revision, date }: PlanReport): Content[] {
  const { request } = made;
  const or = (text: string | undefined): Cell => (text === undefined || text === "" ? unknown(notRecorded) : text);
  return [
    { text: "Treatment plan", fontSize: 9, color: ink.third, margin: [0, 0, 0, 2] },
    { text: request.name, fontSize: 18, bold: true, lineHeight: 1, margin: [0, 0, 0, 6] },
    ...(scan.synthetic ? [{ table: { widths: ["*"], body: [[{ text: [{ text: "SYNTHETIC", bold: true }, ": the scan is a phantom made by calculation, no scan of a person."], fillColor: ink.uncertainWash, color: ink.uncertain }]] }, layout: "noBorders", margin: [0, 0, 0, 6] } as Content] : []),
    ...(made.stopped ? [paragraph("The optimization was ended by a person before it was done: this is the plan that was found until then.")] : []),
    pairs([
      ["Patient", patient === undefined && scan.synthetic ? "SYNTHETIC" : or(patient)], ["Plan", or(request.id)], ["Revision", or(revision)], ["Date", or(date)],
      ["Technique", request.technique], ["Intent", or(request.intent.toLowerCase())], ["Course", or(request.course)], ["Template", or(request.template)],
    ]),
  ];
}

function arrangement({ beams: figure }: PlanPictures): Column {
  const width = textWidth * 0.42;
  return { stack: [drawing(figure, width), small(`${figure.title}. Axial outline at the isocenter, gantry angles in degrees; dashed: beams across the plane.`)], width };
}

/** Three to a row. */
function fieldRows({ fields }: PlanPictures): Content[] {
  const gap = 8;
  const width = (textWidth - 2 * gap) / 3;
  const cells = fields.flatMap(({ opening, intensity }) => [opening, ...(intensity === undefined ? [] : [intensity])]).map((figure) => drawing(figure, width));
  const rows = Array.from({ length: Math.ceil(cells.length / 3) }, (_, i) => cells.slice(3 * i, 3 * i + 3));
  const empty = (count: number): Column[] => Array.from({ length: count }, () => ({ text: "", width }));
  return rows.map((row): Content => ({ stack: [{ columns: [...row.map((cell): Column => ({ stack: [cell], width })), ...empty(3 - row.length)], columnGap: gap }], margin: [0, 0, 0, gap], unbreakable: true }));
}

function definition({ made, scan, patient, revision, date }: PlanReport, content: Content[]): TDocumentDefinitions {
  const who = [patient ?? (scan.synthetic ? "SYNTHETIC" : `patient ${notRecorded}`), made.request.name, ...(revision === undefined ? [] : [`revision ${revision}`])].join(" · ");
  return {
    info: { title: `Treatment plan: ${made.request.name}`, author: "Hapax", subject: notice, creator: "Hapax", producer: "Hapax", creationDate: noDate },
    language: "en-US",
    displayTitle: true,
    pageSize: "A4",
    pageMargins: [page.left, page.top, page.left, page.bottom],
    defaultStyle: { font: "Source Sans 3", fontSize: 9, lineHeight: 1.02, color: ink.first },
    styles: {
      heading: { fontSize: 11.5, lineHeight: 1, margin: [0, 12, 0, 5] },
      head: { fontSize: 8, lineHeight: 1, color: ink.third },
      small: { fontSize: 8, color: ink.second },
    },
    header: (): Content => ({
      margin: [page.left, 28, page.left, 0],
      columns: [{ text: who, fontSize: 8.5, color: ink.second }, { text: date ?? `date ${notRecorded}`, fontSize: 8.5, color: ink.second, alignment: "right", width: 130 }],
    }),
    footer: (current, count): Content => ({
      margin: [page.left, 16, page.left, 0],
      columns: [{ text: notice, fontSize: 8, color: ink.third }, { text: `page ${current} of ${count}`, fontSize: 8, color: ink.third, alignment: "right", width: 80 }],
    }),
    // A heading needs room for what it heads: a seventh of the page.
    pageBreakBefore: (node, nodes) => node.headlineLevel === 1 && (node.startPosition.verticalRatio > 0.86 || nodes.getFollowingNodesOnPage().length < 2),
    content,
  };
}
