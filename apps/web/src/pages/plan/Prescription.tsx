import type { PlanRequest } from "@hapax/planning";
import { amount, signed } from "../images/words.ts";
import type { Draft } from "./plan-draft.ts";
import { NumberField } from "./NumberField.tsx";
import type { OfferedTemplate } from "./plan-work.ts";

interface Props {
  readonly request: PlanRequest | undefined;
  readonly draft: Draft;
  /** Of the draft; undefined where it is after another plan. */
  readonly template: OfferedTemplate | undefined;
  /** Names that a role may have. */
  readonly structures: readonly string[];
  readonly colorOf: (structure: string) => string;
  readonly change: (draft: Draft) => void;
  readonly disabled: boolean;
}

/** Each target with its dose, of the whole course and of a fraction. */
export function Prescription({ request, draft, template, structures, colorOf, change, disabled }: Props) {
  // Other targets and doses bring other goals: those that were edited belong to the ones before.
  const setRoles = (roles: Draft["roles"]) => {
    const { goals: _, ...edits } = draft.edits;
    change({ ...draft, roles: { ...draft.roles, ...roles }, edits });
  };
  const rows = template?.targets.map(({ role, doseGy }) => ({ role, doseGy: draft.roles.doses?.[role] ?? doseGy, structure: draft.roles.targets?.[role] ?? request?.prescriptions.find((one) => one.structure === role)?.structure ?? (template.targets.length === 1 ? request?.prescriptions[0]?.structure : undefined) ?? structures.find((name) => name === role) }))
    ?? (request?.prescriptions ?? []).map(({ structure, doseGy }) => ({ role: structure, doseGy, structure }));
  const fractions = request?.fractions ?? template?.fractions;
  return (
    <section>
      <div className="plan-head">
        <h2>Prescription</h2>
        {fractions !== undefined && <span>{fractions} fractions</span>}
      </div>
      <ul className="plan-targets">
        {rows.map(({ role, doseGy, structure }) => (
          <li key={role}>
            <span className="plan-swatch" style={{ background: structure === undefined ? "transparent" : colorOf(structure) }} aria-hidden="true" />
            {template === undefined ? (
              <span className="mono plan-structure">{structure}</span>
            ) : (
              <select className="mono plan-structure" aria-label={`Structure that is ${role}`} value={structure ?? ""} disabled={disabled} onChange={(event) => setRoles({ targets: { ...draft.roles.targets, [role]: event.target.value } })}>
                {structure === undefined && <option value="">{role}: choose</option>}
                {structures.map((name) => <option key={name} value={name}>{name}</option>)}
              </select>
            )}
            {template === undefined ? (
              <span className="number">{signed(doseGy, doseGy % 1 === 0 ? 0 : 1)} Gy</span>
            ) : (
              <NumberField label={`Dose of ${role}`} value={doseGy} least={0} most={150} unit="Gy" disabled={disabled} change={(value) => setRoles({ doses: { ...draft.roles.doses, [role]: value } })} />
            )}
            <span className="number quiet">{fractions === undefined ? "" : `${Number((doseGy / fractions).toFixed(2))} × ${fractions}`}</span>
          </li>
        ))}
      </ul>
      {template?.options.map(({ choice, options }) => (
        <label key={choice} className="plan-option">
          <span>Limit of the {choice}</span>
          <select value={draft.roles.options?.[choice] ?? options[0]?.option} disabled={disabled} onChange={(event) => setRoles({ options: { ...draft.roles.options, [choice]: event.target.value } })}>
            {options.map(({ option, goal: { atMost, cumulative } }) => <option key={option} value={option}>{option} Gy{atMost === amount(option) && cumulative !== undefined ? ", EQD2 of all courses" : ""}</option>)}
          </select>
        </label>
      ))}
    </section>
  );
}
