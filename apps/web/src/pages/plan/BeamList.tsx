import type { BeamAsked, BeamsAsked } from "@hapax/planning";
import { angleOf } from "./beam-directions.ts";
import { NumberField } from "./NumberField.tsx";

interface Props {
  /** As the request has them: where they are given, they are edited here. */
  readonly asked: BeamsAsked;
  /** Those of the request, or of the plan that was made from it; empty before they are chosen. */
  readonly beams: readonly BeamAsked[];
  readonly selected: number;
  readonly select: (beam: number) => void;
  readonly change: (beams: BeamsAsked) => void;
  readonly disabled: boolean;
}

const columns = [["gantryDeg", "gantry"], ["collimatorDeg", "collimator"], ["couchDeg", "couch"]] as const;

/** How the beams are had, and each of them in degrees of IEC 61217. */
export function BeamList({ asked, beams, selected, select, change, disabled }: Props) {
  const kind = "given" in asked ? "given" : "even" in asked ? "even" : "chosen";
  const count = "given" in asked ? asked.given.length : "even" in asked ? asked.even : asked.chosen;
  const given = "given" in asked ? asked.given : undefined;
  const set = (at: number, next: Partial<BeamAsked>) => given !== undefined && change({ given: given.map((beam, i) => (i === at ? { ...beam, ...next } : beam)) });
  return (
    <>
      <div className="plan-fields">
        <label>
          <span>Directions</span>
          <select value={kind} disabled={disabled} onChange={({ target: { value } }) => change(value === "given" ? { given: beams.length > 0 ? beams : evenBeams(count) } : value === "even" ? { even: Math.max(2, count) } : { chosen: Math.max(2, count) })}>
            <option value="given">as listed</option>
            <option value="even">evenly spaced</option>
            <option value="chosen">by least overlap with organs</option>
          </select>
        </label>
        {kind !== "given" && (
          <label>
            <span>Beams</span>
            <NumberField label="Beams" value={count} least={1} most={36} disabled={disabled} change={(value) => change(kind === "even" ? { even: Math.round(value) } : { chosen: Math.round(value) })} />
          </label>
        )}
      </div>
      {beams.length === 0 ? (
        <p className="quiet small">Their directions are found when the plan is made.</p>
      ) : (
        <table className="plan-beams">
          <caption className="heard">Beams, degrees</caption>
          <thead>
            <tr>
              <th scope="col">Beam</th>
              {columns.map(([key, head]) => <th key={key} scope="col" className="number">{head}</th>)}
              <th scope="col"><span className="heard">Remove</span></th>
            </tr>
          </thead>
          <tbody>
            {beams.map((beam, i) => (
              <tr key={i} className={i === selected ? "selected" : undefined} onClick={() => select(i)}>
                <th scope="row">
                  <button type="button" className="plan-name" aria-pressed={i === selected} onClick={() => select(i)}>{beam.name}</button>
                </th>
                {columns.map(([key, head]) => (
                  <td key={key} className="number">
                    {given === undefined ? angleWords(beam[key]) : <NumberField label={`${beam.name}, ${head}, degrees`} value={beam[key]} disabled={disabled} change={(value) => set(i, { [key]: angleOf(value) })} />}
                  </td>
                ))}
                <td className="number">
                  {given !== undefined && given.length > 1 && (
                    <button type="button" className="plan-remove" disabled={disabled} aria-label={`Remove ${beam.name}`} onClick={() => change({ given: given.filter((_, k) => k !== i) })}>×</button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {given !== undefined && (
        <button type="button" className="link small" disabled={disabled} onClick={() => { change({ given: [...given, nextBeam(given)] }); select(given.length); }}>Add a beam</button>
      )}
    </>
  );
}

const angleWords = (degrees: number): string => `${Math.round(10 * degrees) / 10}`;

const evenBeams = (count: number): BeamAsked[] => Array.from({ length: Math.max(1, count) }, (_, i) => ({ name: `Beam ${i + 1}`, gantryDeg: angleOf((360 * i) / Math.max(1, count)), collimatorDeg: 0, couchDeg: 0 }));

/** A further beam: in the middle of the widest gap of those there are. */
function nextBeam(beams: readonly BeamAsked[]): BeamAsked {
  const angles = beams.map(({ gantryDeg }) => angleOf(gantryDeg)).sort((a, b) => a - b);
  let [widest, from] = [0, 0];
  angles.forEach((angle, i) => {
    const gap = (angles[i + 1] ?? (angles[0] as number) + 360) - angle;
    if (gap > widest) [widest, from] = [gap, angle];
  });
  const names = new Set(beams.map(({ name }) => name));
  let number = beams.length + 1;
  while (names.has(`Beam ${number}`)) number += 1;
  return { name: `Beam ${number}`, gantryDeg: angleOf(Math.round(from + widest / 2)), collimatorDeg: 0, couchDeg: 0 };
}
