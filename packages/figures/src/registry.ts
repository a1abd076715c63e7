import type { CaseView, Finding } from "@hapax/case";
import { diameterChart } from "./diameter-chart.ts";
import { drugLevelChart, type DrugCourse } from "./drug-level-chart.ts";
import { hemoglobinChart } from "./hemoglobin-chart.ts";
import { cordChart, ledgerFigure, type LedgerBar } from "./ledger-figure.ts";
import type { Figure } from "./svg.ts";
import { timeline, type TimelineOptions } from "./timeline.ts";

/** What figures need beyond record and findings, computed by the disciplines; and how they are to be drawn. */
export interface FigureData {
  readonly ledger?: readonly LedgerBar[];
  readonly course?: DrugCourse;
  readonly drug?: string;
  readonly timeline?: TimelineOptions;
  /** px; each figure has its own for a page where it is left out. */
  readonly width?: number;
  readonly height?: number;
}

/** The figures that a command or an address names. */
export const figures = {
  timeline: (view, findings, data) => timeline(view, findings, { ...size(data), ...data.timeline }),
  diameters: (view, findings, data) => diameterChart(view, findings, { width: 640, height: 320, sum: true, ...size(data) }),
  level: (view, findings, data) =>
    drugLevelChart(view, findings, {
      width: 640,
      height: 320,
      ...size(data),
      ...(data.course === undefined ? {} : { course: data.course }),
      ...(data.drug === undefined ? {} : { drug: data.drug }),
    }),
  hemoglobin: (view, findings, data) => hemoglobinChart(view, findings, { width: 640, height: 280, ...size(data) }),
  cord: (view, findings, data) => cordChart(view, findings, { ...size(data), ledger: data.ledger ?? [] }),
  ledger: (view, findings, data) => ledgerFigure(view, findings, { ...size(data), ledger: data.ledger ?? [] }),
} as const satisfies Record<string, (view: CaseView, findings: readonly Finding[], data: FigureData) => Figure>;

export type FigureName = keyof typeof figures;

function size({ width, height }: FigureData): { width?: number; height?: number } {
  return { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
}
