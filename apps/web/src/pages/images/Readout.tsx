import type { Vec3, Volume } from "@hapax/base";
import { doseAt, isInside, voxelValue } from "./sample.ts";
import type { Shown } from "./shown.ts";
import { plus, signed } from "./words.ts";

/** What lies at a point: the value of the scan as its file has it, the dose, and the structures. */
export function Readout({ at, shown }: { readonly at: Vec3; readonly shown: Shown }) {
  const { scene } = shown;
  const gy = scene.dose === undefined ? undefined : shown.doseUnit === "gamma" ? voxelValue(scene.dose.volume, at) : doseAt(scene.dose.volume, at);
  const compared = scene.comparedDose === undefined ? undefined : doseAt(scene.comparedDose.volume, at);
  const inside = (scene.structures ?? []).filter((s) => s.occupancy !== undefined && isInside(s.occupancy, at)).map((s) => s.name);
  return (
    <div className="view-readout">
      <p>
        {valueWords(scene.image.volume, at)}
        {scene.fusion !== undefined && `, ${valueWords(scene.fusion.volume, at)}`}
      </p>
      {(scene.dose !== undefined || inside.length > 0) && (
        <p>
          {scene.dose !== undefined && <span>{gy === undefined ? shown.doseUnit === "gamma" ? "not compared here" : "no dose computed here" : doseWords(gy, shown)}</span>}
          {compared !== undefined && <span>second {doseWords(compared, { ...shown, doseUnit: "Gy", signed: false })}</span>}
          {inside.slice(0, 4).map((name) => (
            <span key={name} className="view-inside">{name}</span>
          ))}
        </p>
      )}
    </div>
  );
}

const doseWords = (gy: number, { doseUnit, referenceGy, signed: withSign }: Shown): string =>
  withSign ? `${plus(gy, 2)} ${doseUnit}${referenceGy === undefined ? "" : ` ${plus((100 * gy) / referenceGy)} %`}` : doseUnit === "gamma" ? `gamma ${signed(gy, 2)}` : `${signed(gy)} ${doseUnit}${referenceGy === undefined ? "" : ` ${signed((100 * gy) / referenceGy)} %`}`;

/** The value of a volume at a point with its unit. */
export function valueWords(volume: Volume, at: Vec3): string {
  const value = voxelValue(volume, at);
  if (value === undefined) return "outside the scan";
  if (volume.unit === "HU") return `${signed(value, 0)} HU`;
  if (volume.unit === "SUVbw" || volume.unit === "SUVlbm") return `SUV ${signed(value, 2)}${volume.unit === "SUVlbm" ? " lean" : ""}`;
  return `${signed(value, Math.abs(value) < 10 ? 2 : 0)} ${volume.unit === "" ? "arbitrary units" : volume.unit}`;
}
