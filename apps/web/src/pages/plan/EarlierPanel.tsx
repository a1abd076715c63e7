import type { EarlierAsked } from "@hapax/planning";
import type { EarlierCandidate } from "./earlier-candidates.ts";
import { NumberField } from "./NumberField.tsx";

interface Props {
  readonly candidates: readonly EarlierCandidate[];
  readonly earlier: readonly EarlierAsked[];
  readonly change: (earlier: readonly EarlierAsked[]) => void;
  readonly disabled: boolean;
}

/** Doses of this case that were given before, and how the plan is to reckon with each. */
export function EarlierPanel({ candidates, earlier, change, disabled }: Props) {
  const set = (label: string, next: Partial<EarlierAsked>) => change(earlier.map((one) => (one.label === label ? { ...one, ...next } : one)));
  return (
    <section>
      <h2>Earlier doses</h2>
      {candidates.length === 0 && <p className="quiet small">The case holds no dose that could have been given before.</p>}
      <ul className="plan-earlier">
        {candidates.map(({ dose, label, fractions, registration }) => {
          const chosen = earlier.find((one) => one.label === label);
          return (
            <li key={dose.uid}>
              <label className="plan-check">
                <input
                  type="checkbox"
                  checked={chosen !== undefined}
                  disabled={disabled || registration === undefined}
                  onChange={(event) => change(event.target.checked && registration !== undefined ? [...earlier, { label, fractions: fractions ?? 1, shiftMm: 0, recovery: 0, registration }] : earlier.filter((one) => one.label !== label))}
                />
                <span>{label}</span>
              </label>
              {registration === undefined ? (
                <p className="undecided small">No registration in the files ties it to this scan, so it cannot be reckoned with.</p>
              ) : (
                <p className="place">{registration}{fractions === undefined ? <>; <span className="undecided">fractions not recorded{chosen !== undefined && ": state them below"}</span></> : `, ${fractions} fractions`}</p>
              )}
              {chosen !== undefined && (
                <div className="plan-form">
                  <label>
                    <span>Fractions</span>
                    <NumberField label={`Fractions of ${label}`} value={chosen.fractions} least={1} most={60} disabled={disabled} change={(value) => set(label, { fractions: Math.round(value) })} />
                  </label>
                  <label>
                    <span>May lie off by</span>
                    <NumberField label={`Shift of ${label}`} value={chosen.shiftMm} least={0} most={30} unit="mm" disabled={disabled} change={(shiftMm) => set(label, { shiftMm })} />
                  </label>
                  <label>
                    <span>Recovered</span>
                    <NumberField label={`Recovered of ${label}`} value={Math.round(1000 * chosen.recovery) / 10} least={0} most={100} unit="%" disabled={disabled} change={(value) => set(label, { recovery: value / 100 })} />
                  </label>
                  {chosen.recovery > 0 && (
                    <label>
                      <span>As stated by</span>
                      <input value={chosen.recoverySource ?? ""} disabled={disabled} onChange={(event) => set(label, { recoverySource: event.target.value })} />
                    </label>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
