import { useMemo } from "react";
import { listed, lowerFirst } from "@hapax/base";
import { known, stateOf, type CaseView, type EntryOf, type Finding, type PanelMarker } from "@hapax/case";
import { fnclccBoxes } from "@hapax/figures";
import { fnclccScores } from "@hapax/staging";
import { CardGroup } from "../components/CardGroup.tsx";
import { CardLink } from "../components/CardLink.tsx";
import { FigureView } from "../components/FigureView.tsx";
import { Mark, type MarkKind } from "../components/Mark.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { ValueText } from "../components/ValueText.tsx";
import { WhatIf } from "../components/WhatIf.tsx";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { SchemeLegend, SchemeTable } from "./SchemeTable.tsx";
import "./Pathology.css";

const isHere = (finding: Finding) => finding.rule.startsWith("pathology/") || finding.rule.startsWith("staging/");

/** What the tumor is, how it is graded and staged, and which of it the record decides. */
export function Pathology() {
  const { workup, href } = useCase();
  const { view, tumor, findings } = workup;
  const matrix = useMemo(() => tumor?.matrix(view), [tumor, view]);
  const specimen = view.all("specimen")[0];
  return (
    <div className="pathology">
      <div className="page-head">
        <h1>Pathology</h1>
        <p>
          {specimen === undefined ? "no specimen recorded" : `${specimen.method}, ${specimen.site.charAt(0).toLowerCase()}${specimen.site.slice(1)}`}
          {matrix !== undefined && "; features by schemes"}
        </p>
        {matrix !== undefined && (
          <div className="page-actions">
            <SchemeLegend />
          </div>
        )}
      </div>
      {tumor !== undefined && matrix !== undefined ? (
        <SchemeTable tumor={tumor} matrix={matrix} />
      ) : (
        <p className="pathology-none">
          No risk scheme is known for this tumor. What is recorded of it stands below, with grade and stage.{" "}
          <Link href={href("record")}>See what is recorded</Link>
        </p>
      )}
      <div className="pathology-below">
        <Stains view={view} panel={tumor?.panel ?? []} profile={findings.find((f) => f.rule.endsWith("/ihc-profile"))} />
        <Grade />
        <Stage />
      </div>
      <CardGroup name="Findings" about="of pathology; each opens to say why" findings={findings.filter((f) => f.rule.startsWith("pathology/"))} />
      <CardGroup name="Grade and stage" findings={findings.filter((f) => f.rule.startsWith("staging/"))} />
      <WhatIf here={isHere} />
    </div>
  );
}

interface StainRow {
  readonly key: string;
  readonly name: string;
  readonly is: MarkKind;
  /** Undefined where nothing is recorded. */
  readonly result: string | undefined;
  readonly bears: string;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const plainName = (name: string) => name.toLowerCase().replace(/[^a-z0-9α]/g, "");
const inPanel = (panel: readonly PanelMarker[], name: string) => panel.find((m) => [m.marker, ...m.also].some((n) => plainName(n) === plainName(name)));

function stateOfTest(entry: EntryOf<"stain"> | EntryOf<"molecular">): "recorded" | "uncertain" | "not performed" | "not recorded" {
  const state = entry.state === "recorded" ? stateOf(entry.result) : entry.state;
  if (state === "recorded" || state === "uncertain" || state === "not performed") return state;
  return state === "planned, not given" ? "not performed" : "not recorded";
}

/** Tests with a result first, then those not done, then those of the panel of which nothing is recorded, by what they bear on. */
function stainRows(view: CaseView, panel: readonly PanelMarker[]): StainRow[] {
  const bearsOf = (marker: PanelMarker | undefined) => (marker === undefined ? "" : marker.lineage === "other" ? marker.bears : marker.lineage);
  const stains = view.all("stain").map((stain) => ({ stain, marker: inPanel(panel, stain.marker), state: stateOfTest(stain) }));
  const rows: StainRow[] = [];
  for (const { stain, marker, state } of stains) {
    if (state === "not recorded") continue;
    const result = known(stain.result) ?? (state === "not performed" ? "not done" : "uncertain");
    const is: MarkKind = state === "recorded" ? (result === "negative" ? "out of scope" : result === "equivocal" ? "undecided" : "determined") : state;
    rows.push({ key: stain.id, name: marker?.marker ?? capital(stain.marker), is, result, bears: bearsOf(marker) });
  }
  const said = new Set(stains.filter((s) => s.state !== "not recorded").map((s) => s.marker?.marker ?? plainName(s.stain.marker)));
  const silent = [
    ...panel.map((m) => ({ name: m.marker, bears: bearsOf(m) })),
    ...stains.filter((s) => s.marker === undefined).map((s) => ({ name: capital(s.stain.marker), bears: "" })),
  ].filter((m) => !said.has(m.name) && !said.has(plainName(m.name)));
  for (const [bears, markers] of Map.groupBy(silent, (m) => m.bears)) {
    const names = [...new Set(markers.map((m) => m.name))];
    rows.push({ key: names.join(), name: names.join(", "), is: "not recorded", result: undefined, bears });
  }
  const last = (row: StainRow) => (row.result === undefined ? 2 : row.is === "not performed" ? 1 : 0);
  return rows.sort((a, b) => last(a) - last(b));
}

function geneRows(view: CaseView): StainRow[] {
  const genes = view.all("molecular").map((gene) => ({ gene, state: stateOfTest(gene) }));
  const rows = genes.flatMap(({ gene, state }): StainRow[] => {
    if (state === "not recorded") return [];
    const result = known(gene.result) ?? (state === "not performed" ? "not done" : "uncertain");
    const how = [known(gene.variant), known(gene.method)].filter((w) => w !== undefined).join(", ");
    return [{ key: gene.id, name: gene.gene, is: state === "recorded" ? (result === "uncertain significance" ? "undecided" : "determined") : state, result, bears: how }];
  });
  const silent = genes.filter((g) => g.state === "not recorded").map((g) => g.gene.gene);
  return silent.length === 0 ? rows : [...rows, { key: silent.join(), name: silent.join(", "), is: "not recorded", result: undefined, bears: "gene tests" }];
}

function Stains({ view, panel, profile }: { readonly view: CaseView; readonly panel: readonly PanelMarker[]; readonly profile: Finding | undefined }) {
  const stains = stainRows(view, panel);
  const genes = geneRows(view);
  return (
    <section aria-label="Immunohistochemistry and genes">
      <div className="group-head">
        <h2>Immunohistochemistry</h2>
        {genes.length > 0 && <span>and genes</span>}
      </div>
      {stains.length + genes.length === 0 ? (
        <p className="pathology-empty">
          <Unknown>no stain or gene recorded</Unknown>
        </p>
      ) : (
        <table className="pathology-stains">
          <caption className="heard">Stains and gene tests with their results and what they bear on</caption>
          <thead className="heard">
            <tr>
              <th scope="col">Test</th>
              <th scope="col">Result</th>
              <th scope="col">Bears on</th>
            </tr>
          </thead>
          <tbody>
            {[...stains, ...genes].map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  <Mark is={row.is} />
                  {row.name}
                </th>
                <td className={row.is === "determined" ? "strong" : row.is === "undecided" || row.is === "uncertain" ? "undecided" : undefined}>{row.result ?? <Unknown />}</td>
                <td className="soft">{row.bears}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {profile !== undefined && profile.status !== "not recorded" && (
        <p className="pathology-note">
          <CardLink to={profile} className="plain">
            {capital(profile.text)}
          </CardLink>
        </p>
      )}
    </section>
  );
}

function Grade() {
  const { view, tumor, byKey } = useCase().workup;
  const finding = byKey["staging/fnclcc"];
  if (finding === undefined) return null;
  const { scores } = fnclccScores(view, tumor);
  return (
    <section aria-label="Grade">
      <StatedHead finding={finding} />
      <div className="pathology-boxes">
        <FigureView figure={fnclccBoxes(scores)} fit={false} />
      </div>
      <p className="pathology-note">
        {finding.status === "not recorded" ? (
          "No component of the score is recorded. "
        ) : (
          <>
            {finding.bounds !== undefined && `Score ${finding.bounds.low === finding.bounds.high ? finding.bounds.low : `${finding.bounds.low} to ${finding.bounds.high}`}, so `}
            <strong>
              <ValueText finding={{ text: finding.text, status: finding.status, stated: undefined }} />
            </strong>
            .{" "}
          </>
        )}
        {finding.status !== "not recorded" && finding.missing.length > 0 && `${listed(finding.missing.map((m, i) => (i === 0 ? m.input : lowerFirst(m.input))))} ${finding.missing.length === 1 ? "is" : "are"} not recorded.`}{" "}
        <CardLink to={finding}>Why</CardLink>
      </p>
    </section>
  );
}

/** What a group answers, and what the document states of it. */
function StatedHead({ finding }: { readonly finding: Finding }) {
  return (
    <div className="group-head">
      <h2>{finding.question}</h2>
      {finding.stated !== undefined && (
        <span>
          stated <span className={finding.stated.agrees ? undefined : "against"}>{finding.stated.text}</span>
        </span>
      )}
    </div>
  );
}

function Stage() {
  const { byKey, tumor } = useCase().workup;
  const finding = byKey["staging/ajcc8"];
  if (finding === undefined) return null;
  const rows = finding.status === "not recorded" ? [] : (finding.table?.rows ?? []);
  const [chapter] = finding.assumptions;
  const registry = tumor?.registryGate === undefined ? -1 : rows.length - 1;
  const sizes = finding.because.find((reason) => / by all methods /.test(reason.text))?.text;
  return (
    <section aria-label="Stage">
      <StatedHead finding={finding} />
      {rows.length === 0 ? (
        <p className="pathology-empty">
          <Unknown>no lesion and no size recorded</Unknown>
        </p>
      ) : (
        <table className="pathology-stage">
          <caption className="heard">Stage by what is taken as given; the first row is the one taken</caption>
          <thead>
            <tr>
              <th scope="col">If the chapter is</th>
              <th scope="col">and</th>
              <th scope="col">T</th>
              <th scope="col">then</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name = "", given = "", t = "", group = ""], i) => (
              <tr key={`${name} ${given}`} className={i === 0 ? "taken" : undefined}>
                <th scope="row">{i === registry ? <span className="unverified">{name}</span> : name}</th>
                <td>{given}</td>
                <td>{t}</td>
                <td>
                  <span className={group === finding.value ? "strong" : "strong undecided"}>{group}</span>
                  {i === 0 && finding.stated?.agrees === true && group === finding.value && <span className="quiet"> as stated</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="pathology-note">
        {chapter !== undefined && rows.length > 0 && `Chosen: ${chapter.why}. `}
        {sizes !== undefined && `${capital(sizes)}. `}
        <CardLink to={finding}>Change an assumption</CardLink>
      </p>
    </section>
  );
}
