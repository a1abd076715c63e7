import { useMemo, type ReactNode } from "react";
import { show, type Quantity } from "@hapax/base";
import { keyOf, known, titleOf, type EntryOf, type Finding } from "@hapax/case";
import { figures, wordingOf, type FigureName } from "@hapax/figures";
import { whenText } from "@hapax/labs";
import { figureAddress } from "../api.ts";
import { CardGroup } from "../components/CardGroup.tsx";
import { EmptyPage } from "../components/EmptyPage.tsx";
import { FactText } from "../components/FactText.tsx";
import { FigureExport } from "../components/FigureExport.tsx";
import { FigureView } from "../components/FigureView.tsx";
import { Mark } from "../components/Mark.tsx";
import { Table, type Column } from "../components/Table.tsx";
import { Unknown } from "../components/Unknown.tsx";
import { figureDataOf } from "@hapax/report";
import { labRules } from "../page-rules.ts";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./Labs.css";

/** Rules at home on this page. */
const groups: readonly (readonly [name: string, about: string, starts: readonly string[]])[] = [
  ["Blood", "grades, causes, target", ["labs/anemia", "labs/ctcae5#anemia", "labs/ctcae5#platelets", "labs/platelets", "labs/transfusion-target"]],
  ["Drug level", "the level against the model, and what follows a change of dose", ["systemic/sirolimus-"]],
  ["Weight", "a loss is a share of a weight that has to be known", ["labs/weight-loss"]],
];

/** What was measured in the blood, what it is called, and what the level of a drug says. */
export function Labs() {
  const { workup, id, asOf } = useCase();
  const { view, findings } = workup;
  const own = useMemo(() => findings.filter((f) => labRules.some((start) => f.rule.startsWith(start))), [findings]);
  const labs = view.all("lab");
  const levels = view.all("drugLevel");
  const transfusions = view.all("transfusion");
  const losses = view.all("complaint").filter((c) => c.weightLoss !== undefined);
  const charts = useMemo(() => {
    const data = { ...figureDataOf(workup), width: 592, height: 300 };
    const names: FigureName[] = [];
    if (view.all("drugLevel").length > 0 || data.course !== undefined) names.push("level");
    if (view.all("lab").some((l) => /^(h(a?)emoglobin|hb|hgb)$/i.test(l.analyte)) || view.all("transfusion").length > 0) names.push("hemoglobin");
    // A value that cannot be drawn, being uncertain or in a unit of another kind, stands in the table alone.
    return names.map((name) => figures[name](view, findings, data)).filter((figure) => figure.table.rows.length > 0);
  }, [workup, view, findings]);
  if (labs.length + levels.length + transfusions.length + losses.length + charts.length === 0) {
    return (
      <EmptyPage name="Labs, levels" lacks="no value recorded" action="Record a laboratory value">
        Here stand laboratory values with their grades, levels of drugs against what a model expects, transfusions and weight. A result in words counts as well as a number.
      </EmptyPage>
    );
  }
  const count = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
  const first = charts[0];
  const grouped = groups.map(([name, about, starts]) => ({ name, about, findings: own.filter((f) => starts.some((start) => keyOf(f).startsWith(start))) }));
  const others = own.filter((f) => !grouped.some((g) => g.findings.includes(f)));
  return (
    <div className="labs">
      <div className="page-head">
        <h1>Labs, levels</h1>
        <p>{[count(labs.length, "result"), count(levels.length, "drug level"), count(transfusions.length, "transfusion")].join(", ")}</p>
        {first !== undefined && (
          <div className="page-actions">
            <FigureExport figures={charts} png={`${figureAddress(id, first.name, "png")}${asOf === undefined ? "" : `?asOf=${encodeURIComponent(asOf)}`}`} />
          </div>
        )}
      </div>
      {charts.length > 0 && (
        <div className="labs-charts">
          {charts.map((figure) => (
            <FigureView key={figure.name} figure={figure} />
          ))}
        </div>
      )}
      <div className="labs-tables">
        <div>
          <Results labs={labs} findings={own} />
          <Levels levels={levels} />
          <Transfusions transfusions={transfusions} />
        </div>
        <div>
          <Hypotheses finding={own.find((f) => f.rule === "labs/anemia")} />
          <Weight losses={losses} finding={own.find((f) => f.rule === "labs/weight-loss")} />
        </div>
      </div>
      {grouped.map((group) => (
        <CardGroup key={group.name} {...group} />
      ))}
      <CardGroup name="More" findings={others} />
    </div>
  );
}

interface BlockProps {
  readonly name: string;
  readonly about?: string;
  readonly children: ReactNode;
}

function Block({ name, about, children }: BlockProps) {
  return (
    <section className="labs-block">
      <div className="group-head">
        <h2>{name}</h2>
        {about !== undefined && <span>{about}</span>}
      </div>
      {children}
    </section>
  );
}

/** The grade that CTCAE gives one result; undefined where it has no term for it. */
function gradeOf(lab: EntryOf<"lab">, findings: readonly Finding[]): string | undefined {
  for (const finding of findings.filter((f) => f.rule === "labs/ctcae5")) {
    const at = finding.because.findIndex((b) => b.entries?.includes(lab.id));
    if (at === -1) continue;
    return finding.table?.rows[at]?.at(-1) ?? /grade (\d)/.exec(finding.because[at]?.text ?? "")?.[1];
  }
  return undefined;
}

function Results({ labs, findings }: { readonly labs: readonly EntryOf<"lab">[]; readonly findings: readonly Finding[] }) {
  const { workup, href } = useCase();
  if (labs.length === 0) return null;
  const limits = (lab: EntryOf<"lab">) => {
    const low = known(lab.lowerLimit);
    const high = known(lab.upperLimit);
    if (low !== undefined && high !== undefined) return `${show(low)} to ${show(high)}`;
    return low !== undefined ? `from ${show(low)}` : high !== undefined ? `to ${show(high)}` : undefined;
  };
  const columns: Column<EntryOf<"lab">>[] = [
    {
      head: "Result",
      cell: (lab) => (
        <Link className="plain strong" href={href("record", { entry: lab.id })}>
          {lab.analyte}
        </Link>
      ),
    },
    { head: "Value", cell: (lab) => <LabValue lab={lab} /> },
    { head: "Limits", cell: (lab) => limits(lab) ?? (lab.value?.state === "recorded" || lab.value?.state === "uncertain" ? <Unknown /> : <span className="quiet">no number</span>) },
    {
      head: "CTCAE v5",
      className: "labs-grade",
      cell: (lab) => {
        const grade = gradeOf(lab, findings);
        return grade === undefined ? <span className="quiet">no term</span> : grade === "0" ? <span className="quiet">no grade</span> : <strong>grade {grade}</strong>;
      },
    },
    { head: "When", cell: (lab) => <When id={lab.id} /> },
    {
      head: "Wording",
      className: "labs-wording",
      cell: (lab) => {
        const words = wordingOf(lab);
        return words === undefined ? <Unknown>no wording kept</Unknown> : <span className="quote">“{words}”</span>;
      },
    },
  ];
  return (
    <Block name="Results" about={workup.view.asOf === undefined ? "in the order of their times" : `as known at ${workup.view.asOf}`}>
      <Table caption="Laboratory results" columns={columns} rows={labs} keyOf={(lab) => lab.id} />
    </Block>
  );
}

/** A number with its unit, or the document's words; every other state in its own body. */
function LabValue({ lab }: { readonly lab: EntryOf<"lab"> }) {
  const state = lab.state === "recorded" ? null : <Mark is={lab.state} />;
  const words = known(lab.result);
  if (lab.state === "not performed" || lab.state === "planned, not given") {
    return (
      <span className="labs-value soft">
        {state}
        {lab.state === "not performed" ? "not done" : lab.state}
        {lab.reason !== undefined && `: ${lab.reason}`}
      </span>
    );
  }
  if (lab.value?.state === "recorded" || lab.value?.state === "uncertain") {
    return (
      <span className="labs-value">
        {state}
        <strong>
          <FactText fact={lab.value} />
        </strong>
        {words !== undefined && <span className="soft">, {words.toLowerCase()}</span>}
      </span>
    );
  }
  return (
    <span className="labs-value">
      {state}
      <FactText<string> fact={lab.result} print={(text) => text.charAt(0).toLowerCase() + text.slice(1)} />
    </span>
  );
}

function When({ id }: { readonly id: string }) {
  const { workup } = useCase();
  const text = whenText(workup.view, id);
  return text === "time not recorded" ? <Unknown /> : <span className="labs-when">{text}</span>;
}

/** Causes of the anemia, the best supported first. */
function Hypotheses({ finding }: { readonly finding: Finding | undefined }) {
  const rows = finding?.table?.rows ?? [];
  if (finding === undefined || rows.length === 0) return null;
  return (
    <Block name="Cause of the anemia" about={finding.status === "determined" ? "determined" : "ranked; figures would exclude"}>
      <ol className="labs-causes">
        {rows.map(([cause = "", pro = "", contra = "", stands = ""], i) => (
          <li key={cause} className={stands === "excluded" ? "labs-excluded" : undefined}>
            <span className="labs-rank">{i + 1}</span>
            <Mark is={stands === "determined" ? "determined" : stands === "excluded" ? "out of scope" : "undecided"} says={stands} />
            <div>
              <p className={stands === "determined" ? "strong" : stands === "excluded" ? undefined : "undecided"}>{cause}</p>
              <p className="soft">
                for: {pro}
                {contra !== "nothing recorded" && <>; against: {contra}</>}
              </p>
            </div>
          </li>
        ))}
      </ol>
      {finding.missing.length > 0 && (
        <p className="labs-missing">
          <Unknown /> and would tell: {finding.missing.map((m) => m.input).join(", ")}
        </p>
      )}
    </Block>
  );
}

function Levels({ levels }: { readonly levels: readonly EntryOf<"drugLevel">[] }) {
  const { record, href } = useCase();
  if (levels.length === 0) return null;
  const columns: Column<EntryOf<"drugLevel">>[] = [
    {
      head: "Drug",
      cell: (level) => {
        const drug = record.entries.find((e) => e.id === level.drug);
        return (
          <Link className="plain strong" href={href("record", { entry: level.id })}>
            {drug === undefined ? level.drug : titleOf(drug)}
          </Link>
        );
      },
    },
    { head: "Level", number: true, cell: (level) => <strong><FactText fact={level.value} /></strong> },
    { head: "At dose", cell: (level) => <FactText fact={level.dose} /> },
    { head: "Day of therapy", cell: (level) => <FactText fact={level.dayOfTherapy} print={(day) => `day ${day}`} /> },
    { head: "Draw", cell: (level) => <FactText fact={level.draw} /> },
    { head: "Assay", cell: (level) => <FactText fact={level.assay} /> },
    { head: "When", cell: (level) => <When id={level.id} /> },
  ];
  return (
    <Block name="Levels" about="as reported">
      <Table caption="Levels of drugs" columns={columns} rows={levels} keyOf={(level) => level.id} />
    </Block>
  );
}

function Transfusions({ transfusions }: { readonly transfusions: readonly EntryOf<"transfusion">[] }) {
  const { href } = useCase();
  if (transfusions.length === 0) return null;
  const columns: Column<EntryOf<"transfusion">>[] = [
    {
      head: "Transfusion",
      cell: (one) => (
        <Link className="plain strong" href={href("record", { entry: one.id })}>
          {titleOf(one)}
        </Link>
      ),
    },
    { head: "Product", cell: (one) => <FactText fact={one.product} /> },
    { head: "Units", cell: (one) => <FactText fact={one.units} /> },
    { head: "Hemoglobin to be kept", cell: (one) => (one.keepAbove === undefined ? <span className="quiet">no target set</span> : <FactText<Quantity> fact={one.keepAbove} print={(q) => `above ${show(q)}`} />) },
    { head: "When", cell: (one) => <When id={one.id} /> },
  ];
  return (
    <Block name="Transfusions">
      <Table caption="Transfusions" columns={columns} rows={transfusions} keyOf={(one) => one.id} />
    </Block>
  );
}

/** Weight as recorded, and what grade the loss would be from which weight. */
function Weight({ losses, finding }: { readonly losses: readonly EntryOf<"complaint">[]; readonly finding: Finding | undefined }) {
  const { record, href } = useCase();
  const { weight, height } = record.patient;
  if (losses.length === 0 && weight?.state !== "recorded") return null;
  return (
    <Block name="Weight">
      <dl className="labs-weight">
        <dt>Weight</dt>
        <dd><FactText fact={weight} /></dd>
        <dt>Height</dt>
        <dd><FactText fact={height} /></dd>
        {losses.map((loss) => (
          <LossRow key={loss.id} loss={loss} href={href("record", { entry: loss.id })} />
        ))}
      </dl>
      {finding?.table !== undefined && (
        <table>
          <caption className="heard">Grade of the weight loss by the weight before it</caption>
          <thead>
            <tr>
              {finding.table.columns.map((column) => (
                <th key={column} scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {finding.table.rows.map((row) => (
              <tr key={row.join()}>
                {row.map((cell) => (
                  <td key={cell} className={finding.status === "undecided" ? "undecided" : undefined}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Block>
  );
}

function LossRow({ loss, href }: { readonly loss: EntryOf<"complaint">; readonly href: string }) {
  return (
    <>
      <dt>
        <Link className="plain" href={href}>
          {loss.what}
        </Link>
      </dt>
      <dd>
        <FactText fact={loss.weightLoss} /> over <FactText fact={loss.over} />
      </dd>
    </>
  );
}
