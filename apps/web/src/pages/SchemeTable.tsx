import { Fragment, useId, useMemo, useState, type KeyboardEvent, type MouseEvent } from "react";
import { viewOf, type SchemeCell, type SchemeMatrix, type TumorProfile } from "@hapax/case";
import { schemeBoxes } from "@hapax/figures";
import { CardLink } from "../components/CardLink.tsx";
import { SvgView } from "../components/FigureView.tsx";
import { Mark, type MarkKind } from "../components/Mark.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { ValueText } from "../components/ValueText.tsx";
import { sameValue } from "../components/WhatIf.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./SchemeTable.css";

type Feature = SchemeMatrix["features"][number];
type Scheme = SchemeMatrix["schemes"][number];

/** A scheme begins a group where the one before it belongs to another. */
const startsGroup = (schemes: readonly Scheme[], i: number) => i === 0 || schemes[i]?.group !== schemes[i - 1]?.group;
const groupClass = (schemes: readonly Scheme[], i: number) => (startsGroup(schemes, i) ? "scheme-first" : "");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** All schemes of a tumor side by side; every row opens to try another value. */
export function SchemeTable({ tumor, matrix }: { readonly tumor: TumorProfile; readonly matrix: SchemeMatrix }) {
  const { plain } = useCase();
  const [trying, setTrying] = useState<string>();
  const before = useMemo(() => tumor.matrix(plain.view), [tumor, plain]);
  const { features, schemes } = matrix;
  return (
    <div className="schemes">
      <table>
        <caption className="heard">Features by schemes of risk. The button of a feature opens values to try.</caption>
        <colgroup>
          <col className="scheme-names" />
          <col className="scheme-recorded" />
          {schemes.map((scheme, i) => (
            <col key={scheme.key} className={i > 0 && startsGroup(schemes, i) ? "scheme-column-first" : "scheme-column"} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Recorded</th>
            {schemes.map((scheme, i) => (
              <th key={scheme.key} scope="col" className={groupClass(schemes, i)}>
                <span className="scheme-name">{scheme.name}</span>
                <span className="scheme-edition"> {scheme.edition}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {features.map((feature) => (
            <FeatureRow
              key={feature.key}
              tumor={tumor}
              feature={feature}
              recorded={before.features.find((f) => f.key === feature.key) ?? feature}
              schemes={schemes}
              open={trying === feature.key}
              turn={(open) => setTrying(open ? feature.key : undefined)}
            />
          ))}
          <tr className="scheme-counts">
            <th scope="row">Features met, possible</th>
            <td className="quiet">needed: line</td>
            {schemes.map((scheme, i) => (
              <td key={scheme.key} className={groupClass(schemes, i)}>
                <Boxes scheme={scheme} />
              </td>
            ))}
          </tr>
          <tr className="scheme-answers">
            <th scope="row" colSpan={2}>
              Answer
            </th>
            {schemes.map((scheme, i) => (
              <td key={scheme.key} className={`${groupClass(schemes, i)} scheme-${scheme.finding.status.replaceAll(" ", "-")}`}>
                <Answer scheme={scheme} before={before.schemes.find((s) => s.key === scheme.key)} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly tumor: TumorProfile;
  readonly feature: Feature;
  /** The same feature with nothing tried. */
  readonly recorded: Feature;
  readonly schemes: readonly Scheme[];
  readonly open: boolean;
  turn(open: boolean): void;
}

function FeatureRow({ tumor, feature, recorded, schemes, open, turn }: RowProps) {
  const { suppose } = useCase();
  const chooser = useId();
  const tried = Object.hasOwn(suppose, feature.key);
  const turnByCell = (event: MouseEvent) => {
    if (!(event.target instanceof Element && event.target.closest("a, button") !== null)) turn(!open);
  };
  const escape = (event: KeyboardEvent<HTMLTableRowElement>) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    turn(false);
    document.getElementById(`${chooser}-row`)?.focus();
  };
  return (
    <Fragment>
      <tr className={open ? "scheme-feature open" : "scheme-feature"} onClick={turnByCell} onKeyDown={escape}>
        <th scope="row">
          <button id={`${chooser}-row`} type="button" data-row aria-expanded={open} aria-controls={chooser} onClick={() => turn(!open)}>
            {feature.name}
          </button>
        </th>
        <td>
          <Recorded feature={feature} tried={tried ? { value: suppose[feature.key] } : undefined} />
          {tried && recorded.recorded !== undefined && recorded.recorded !== feature.recorded && <span className="heard">, recorded: {recorded.recorded}</span>}
        </td>
        {schemes.map((scheme, i) => {
          const cell = feature.cells[scheme.key];
          return (
            <td key={scheme.key} className={`${groupClass(schemes, i)} ${cellClass(cell)}`}>
              <Cell cell={cell} />
            </td>
          );
        })}
      </tr>
      {open && (
        <tr className="scheme-chooser" id={chooser} onKeyDown={escape}>
          <td colSpan={schemes.length + 2}>
            <Tries tumor={tumor} feature={feature} recorded={recorded} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Recorded({ feature, tried }: { readonly feature: Feature; readonly tried: { readonly value: unknown } | undefined }) {
  if (tried !== undefined) {
    return (
      <span className="scheme-tried">
        <span className="heard">tried: </span>
        {feature.tries.find((t) => sameValue(t.value, tried.value))?.name ?? feature.recorded ?? "not recorded"}
      </span>
    );
  }
  if (feature.recorded !== undefined) return <strong title={feature.recorded}>{feature.recorded.replace(/ \(.*$/, "")}</strong>;
  if (feature.state === "not performed") return <span className="soft">not done</span>;
  return feature.state === "uncertain" ? <span className="undecided">uncertain</span> : <Unknown />;
}

function cellClass(cell: SchemeCell | undefined): string {
  if (cell === undefined || cell.role === "not used") return "scheme-well";
  if (cell.role === "pending") return "scheme-well scheme-pending-cell";
  return cell.met === undefined ? "scheme-open" : "scheme-paper";
}

const plainAsks = new Set(["present", "male"]);

function Cell({ cell }: { readonly cell: SchemeCell | undefined }) {
  if (cell === undefined || cell.role === "not used") return <span className="heard">not used</span>;
  if (cell.role === "pending") {
    return (
      <>
        <span aria-hidden="true">?</span>
        <span className="heard">definition pending</span>
      </>
    );
  }
  const [is, says] = markOf(cell);
  return (
    <span className="scheme-cell">
      <Mark is={is} says={says} size={12} />
      {cell.asks !== undefined && (
        <span className={plainAsks.has(cell.asks) ? "heard" : undefined} title={cell.asks}>
          {cell.asks.replace("gynecologic", "gyn.")}
        </span>
      )}
    </span>
  );
}

function markOf(cell: SchemeCell): readonly [MarkKind, string] {
  if (cell.met === undefined) return ["not recorded", "not recorded"];
  if (cell.met) return ["determined", "met"];
  return cell.role === "condition" ? ["not performed", "condition fails"] : ["out of scope", "not met"];
}

/** Values to try for one feature, each with the answers that it would change. */
function Tries({ tumor, feature, recorded }: Pick<RowProps, "tumor" | "feature" | "recorded">) {
  const { record, asOf, assume, suppose, setSuppose } = useCase();
  const tries = useMemo(() => {
    const sayWith = (more: Readonly<Record<string, unknown>>) => tumor.matrix(viewOf(record, { asOf, assume, suppose: more }));
    const { [feature.key]: _now, ...others } = suppose;
    const without = sayWith(others);
    const all = recorded.recorded === undefined ? feature.tries : [...feature.tries, { name: "not recorded", value: null }];
    return all.map((one) => ({ ...one, would: wouldSay(sayWith({ ...others, [feature.key]: one.value }), without) }));
  }, [tumor, feature.key, feature.tries, recorded.recorded, record, asOf, assume, suppose]);
  const tried = Object.hasOwn(suppose, feature.key);
  return (
    <div className="scheme-tries" role="group" aria-label={`Try ${feature.name}`}>
      <span className="scheme-what-if">What if</span>
      <button type="button" aria-pressed={!tried} onClick={() => setSuppose(feature.key, undefined)}>
        <strong>as recorded</strong>
        <span>{recorded.recorded?.replace(/ \(.*$/, "") ?? "not recorded"}</span>
      </button>
      {tries.map((one) => (
        <button key={one.name} type="button" aria-pressed={tried && sameValue(suppose[feature.key], one.value)} onClick={() => setSuppose(feature.key, one.value)}>
          <strong>{one.name}</strong>
          <span>{one.would === "" ? "changes no answer" : one.would}</span>
        </button>
      ))}
    </div>
  );
}

/** The answers that differ from those without this trial: "Bleeker high; Bennett malignant". */
function wouldSay(matrix: SchemeMatrix, before: SchemeMatrix): string {
  return matrix.schemes
    .filter((s) => before.schemes.find((b) => b.key === s.key)?.finding.text !== s.finding.text)
    .map((s) => `${s.name} ${/^\d{4}$/.test(s.edition) ? "" : `${s.edition} `}${s.finding.text.replace(/ \(.*$/, "")}`)
    .join("; ");
}

function Boxes({ scheme }: { readonly scheme: Scheme }) {
  if (scheme.count === undefined) return <span className="quiet">no table</span>;
  const figure = schemeBoxes(scheme.count);
  return <SvgView node={figure.root} as={{ role: "img", "aria-label": figure.description }} />;
}

function Answer({ scheme, before }: { readonly scheme: Scheme; readonly before: Scheme | undefined }) {
  const { finding, count, ifForced } = scheme;
  const silent = finding.status === "out of scope" || finding.status === "not applicable" || finding.status === "pending";
  const changed = before !== undefined && before.finding.text !== finding.text;
  const [said = "", condition] = finding.text.split(/ \((.*)\)$/);
  // Where even its scope is open, the cell shows what it could say; the line below says what decides whether it applies.
  const inScope = /^\{(\{.*\}) or [^{}]*\}$/.exec(finding.text)?.[1]?.replace(/ \([^()]*\)/g, "");
  return (
    <div className="scheme-answer">
      <Mark is={finding.status} size={12} />
      <div>
        {changed && <p className="scheme-before">{before.finding.text.replace(/ \(.*$/, "")} →</p>}
        <p className={silent || finding.status === "not recorded" ? undefined : "strong"}>
          <CardLink to={finding} className="plain">
            {finding.status === "undecided" ? <ValueText finding={{ text: inScope ?? finding.text, status: finding.status, stated: undefined }} /> : finding.status === "not recorded" ? "not recorded" : capital(said)}
          </CardLink>
        </p>
        {silent ? (
          <p className="quiet">{ifForced === undefined ? (condition ?? finding.brief.split("; ").at(-1)) : `if forced: ${ifForced.replace(/:.*$/, "")}`}</p>
        ) : (
          <p className="quiet">{finding.status === "undecided" ? finding.brief : count === undefined ? condition : `needs ${count.needed}, has ${count.met}`}</p>
        )}
        {(finding.unverified?.length ?? 0) > 0 && (
          <p className="quiet">
            <span className="unverified">unverified</span>
          </p>
        )}
      </div>
    </div>
  );
}

/** What the marks of the table mean; they repeat, so they are named once. */
export function SchemeLegend() {
  return (
    <ul className="scheme-legend">
      <li>
        <Mark is="determined" says="" /> met
      </li>
      <li>
        <Mark is="out of scope" says="" /> not met
      </li>
      <li>
        <Mark is="not recorded" says="" /> not recorded
      </li>
      <li>
        <Mark is="not performed" says="" /> condition fails
      </li>
      <li>
        <span className="scheme-swatch" /> not used
      </li>
      <li>
        <span className="scheme-line" /> needed for malignant
      </li>
    </ul>
  );
}
