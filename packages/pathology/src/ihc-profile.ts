import { known, stateOf, type CaseView, type Finding, type Missing, type PanelMarker, type Reason, type Tri } from "@hapax/case";
import { cite } from "@hapax/references";
import { isMarker, panel } from "./panel.ts";

/** What is recorded of one marker. */
export interface StainResult {
  readonly marker: PanelMarker;
  readonly result: "positive" | "focal" | "negative" | "equivocal" | "not recorded" | "not performed" | "uncertain";
  readonly entries: readonly string[];
}

/** Results of the panel; the latest recorded stain of a marker stands, and markers outside the panel follow it. */
export function stainsOf(view: CaseView): StainResult[] {
  const stains = view.all("stain");
  const foreign = stains
    .filter((s) => !panel.some((m) => isMarker(m, s.marker)))
    .map((s): PanelMarker => ({ marker: s.marker, also: [], lineage: "other", expected: "either", bears: "not in the panel of this tumor" }));
  const others = foreign.filter((m, i) => foreign.findIndex((n) => isMarker(n, m.marker)) === i);
  return [...panel, ...others].map((marker) => {
    const mine = stains.filter((s) => isMarker(marker, s.marker));
    const read = mine.findLast((s) => s.state === "recorded" && known(s.result) !== undefined);
    const result = known(read?.result);
    if (read !== undefined && result !== undefined) return { marker, result, entries: [read.id] };
    const last = mine.at(-1);
    const state = last === undefined ? "not recorded" : last.state !== "recorded" ? last.state : stateOf(last.result);
    return {
      marker,
      result: state === "not performed" || state === "planned, not given" ? "not performed" : state === "uncertain" ? "uncertain" : "not recorded",
      entries: last === undefined ? [] : [last.id],
    };
  });
}

const stained = (r: StainResult): Tri =>
  r.result === "positive" || r.result === "focal" ? true : r.result === "negative" ? false : undefined;

/** One lineage: any positive marker shows it; only when every one of the panel is negative is it not shown. */
function lineage(results: readonly StainResult[], which: PanelMarker["lineage"]): Tri {
  const values = results.filter((r) => r.marker.lineage === which).map(stained);
  if (values.includes(true)) return true;
  return values.includes(undefined) ? undefined : false;
}

export type IhcProfile = "melanocytic and myoid" | "melanocytic only" | "myoid only" | "neither";

function profile(melanocytic: boolean, myoid: boolean): IhcProfile {
  if (melanocytic) return myoid ? "melanocytic and myoid" : "melanocytic only";
  return myoid ? "myoid only" : "neither";
}

/** The immunohistochemical profile from the results of its stains. */
export function ihcProfile(results: readonly StainResult[]): Finding<IhcProfile> {
  const melanocytic = lineage(results, "melanocytic");
  const myoid = lineage(results, "myoid");
  const both = (v: Tri) => (v === undefined ? [true, false] : [v]);
  const possible = both(melanocytic).flatMap((a) => both(myoid).map((b) => profile(a, b)));
  const value = possible.length === 1 ? possible[0] : undefined;
  const shown = results.filter((r) => !["not recorded", "not performed"].includes(r.result));
  const absent = results.filter((r) => ["not recorded", "not performed"].includes(r.result));
  const open = (which: PanelMarker["lineage"], decided: Tri): Missing[] =>
    decided !== undefined
      ? []
      : results
          .filter((r) => r.marker.lineage === which && stained(r) === undefined)
          .map((r) => ({
            input: r.marker.marker,
            decides: `whether the tumor is ${which}`,
            ...(r.result === "not performed" || r.result === "uncertain" ? { state: r.result } : {}),
          }));
  const against = shown.filter((r) => r.marker.expected === "negative" && stained(r) === true);
  const lineageReason = (which: "melanocytic" | "myoid", met: Tri): Reason => {
    const positive = results.filter((r) => r.marker.lineage === which && stained(r) === true);
    const how = positive.length > 0 ? `${positive.map((r) => r.marker.marker).join(", ")} positive` : met === false ? "every marker negative" : "no marker recorded as positive";
    return { text: `${which}: ${how}`, entries: positive.flatMap((r) => r.entries), met };
  };
  /** One marker stands for its lineage; the open card has them all. */
  const inBrief = (which: "melanocytic" | "myoid", met: Tri): string => {
    const first = results.find((r) => r.marker.lineage === which && stained(r) === true);
    return first !== undefined ? `${which} by ${first.marker.marker}` : met === false ? `not ${which}` : `${which} open`;
  };
  const names = (list: readonly StainResult[]) => list.map((r) => r.marker.marker).join(", ");
  const missing = [...open("melanocytic", melanocytic), ...open("myoid", myoid)];
  return {
    rule: "pathology/ihc-profile",
    question: "Immunohistochemical profile",
    status: shown.length === 0 ? "not recorded" : value === undefined ? "undecided" : "determined",
    ...(value === undefined || shown.length === 0 ? { possible } : { value }),
    text:
      shown.length === 0 ? "not recorded"
      : value === "melanocytic and myoid" ? "PEComa profile"
      : value !== undefined ? "PEComa profile not met"
      : `{${possible.join(", ")}}`,
    brief: shown.length === 0 ? "no stain is recorded" : `${inBrief("melanocytic", melanocytic)}, ${inBrief("myoid", myoid)}`,
    because: [
      lineageReason("melanocytic", melanocytic),
      lineageReason("myoid", myoid),
      ...(absent.length === 0 ? [] : [{ text: `no result recorded: ${names(absent)}` }]),
    ],
    missing,
    assumptions: [],
    source: cite("folpe2005", "pathologyoutlines"),
    caveats: against.map((r) => `${r.marker.marker} is ${r.result}; expected negative in a PEComa (${r.marker.bears})`),
    unverified: ["what is expected of S100, SOX10 and keratin is recalled"],
    table: {
      columns: ["Marker", "Result", "Lineage", "Bears on"],
      rows: results.map((r) => [r.marker.marker, r.result, r.marker.lineage, r.marker.bears]),
    },
  };
}
