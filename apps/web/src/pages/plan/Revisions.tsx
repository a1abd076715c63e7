import type { Bounds } from "@hapax/kernels";
import type { PlanMade } from "@hapax/planning";
import { Unknown } from "../../components/Unknown.tsx";
import { signed } from "../images/words.ts";
import type { PlanColumn } from "./plan-columns.ts";
import { cordOf, valueOf } from "./plan-numbers.ts";

interface Props {
  readonly plans: readonly PlanColumn[];
  readonly shown: string | undefined;
  readonly show: (key: string) => void;
  /** Keys of those that are compared. */
  readonly compared: readonly string[];
  readonly compare: (keys: readonly string[]) => void;
  /** The one that is being made. */
  readonly making: string | undefined;
}

const atMost = 4;

/** Every plan of the case, kept or not: one is shown, two to four are compared. */
export function Revisions({ plans, shown, show, compared, compare, making }: Props) {
  const latest = plans.at(-1)?.made ?? plans[0]?.made;
  const targets = (latest?.request.prescriptions ?? []).map(({ structure }) => structure).slice(0, 2);
  const cord = cordOf(plans.map(({ made }) => made));
  return (
    <section>
      <div className="plan-head">
        <h2>Revisions</h2>
        {plans.length > 1 && <span>check two to four to compare</span>}
      </div>
      {plans.length === 0 && making === undefined ? (
        <p className="quiet small">No plan on this CT is kept.</p>
      ) : (
        <table className="plan-table plan-revisions">
          <thead>
            <tr>
              <th scope="col"><span className="heard">Compare</span></th>
              <th scope="col">Plan</th>
              {targets.map((name) => <th key={name} scope="col" className="number">{name} D95%</th>)}
              {cord !== undefined && <th scope="col" className="number">cord D0.03cc</th>}
              <th scope="col" className="number">MU</th>
            </tr>
          </thead>
          <tbody>
            {making !== undefined && (
              <tr>
                <td />
                <td>{making}</td>
                <td className="number" colSpan={targets.length + (cord === undefined ? 0 : 1) + 1}><Unknown>after sequencing</Unknown></td>
              </tr>
            )}
            {plans.toReversed().map(({ key, words, name, made }) => (
              <tr key={key} className={key === shown ? "selected" : undefined}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Compare ${name}, ${words}`}
                    checked={compared.includes(key)}
                    disabled={!compared.includes(key) && compared.length >= atMost}
                    onChange={(event) => compare(event.target.checked ? [...compared, key] : compared.filter((one) => one !== key))}
                  />
                </td>
                <td>
                  <button type="button" className="plan-name" data-row aria-pressed={key === shown} onClick={() => show(key)}>
                    {words}
                    <span className="place">{name}</span>
                  </button>
                </td>
                {targets.map((target) => <td key={target} className="number"><Value of={valueOf(made, target, "D95%[Gy]")} /></td>)}
                {cord !== undefined && <td className="number"><Value of={valueOf(made, cord, "D0.03cc[Gy]") ?? valueOf(made, cord, "Max[Gy]")} /></td>}
                <td className="number">{signed(made.mu, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A number of a plan, with its bounds; a plan that does not say it says so. */
export function Value({ of, decimals = 1 }: { readonly of: Bounds | undefined; readonly decimals?: number }) {
  if (of === undefined || Number.isNaN(of.low)) return <Unknown>not asked</Unknown>;
  return <>{Math.abs(of.high - of.low) < 0.5 * 10 ** -decimals ? signed((of.low + of.high) / 2, decimals) : `${signed(of.low, decimals)} to ${signed(of.high, decimals)}`}</>;
}

/** "IMRT, 54 and 66 Gy in 30". */
export function courseWords({ prescriptions, fractions, technique }: PlanMade["request"]): string {
  const doses = prescriptions.map(({ doseGy }) => Number(doseGy.toFixed(2))).sort((a, b) => a - b);
  return `${technique}, ${doses.length > 1 ? `${doses.slice(0, -1).join(", ")} and ${doses.at(-1)}` : doses.join("")} Gy in ${fractions}`;
}
