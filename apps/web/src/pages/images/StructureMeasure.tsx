import { useMemo } from "react";
import { SaveMeasurement } from "./MeasurePanel.tsx";
import { structureAxes } from "./structure-axes.ts";
import type { Study } from "./studies.ts";
import { lengthsWords, signed } from "./words.ts";

interface Props {
  readonly name: string;
  readonly volumeCc: number;
  readonly loops: readonly Float64Array[];
  readonly spacingMm: number;
  readonly study: Study;
  readonly close: () => void;
}

/** A structure as a measurement: its diameters as RECIST and WHO take them, and its volume in the note. */
export function StructureMeasure({ name, volumeCc, loops, spacingMm, study, close }: Props) {
  const axes = useMemo(() => structureAxes(loops, spacingMm), [loops, spacingMm]);
  const [long, short, height] = axes;
  return (
    <section className="side-measure" aria-label={`Size of ${name}`}>
      <div className="side-head">
        <h2>{name} {signed(volumeCc, volumeCc < 10 ? 1 : 0)} cm³</h2>
        <button type="button" className="link" onClick={close}>Close</button>
      </div>
      {long !== undefined && short !== undefined && height !== undefined ? (
        <>
          <p className="side-values">{lengthsWords([long.mm, short.mm])} axial, at right angles; {lengthsWords([height.mm])} from foot to head</p>
          <SaveMeasurement study={study} saved={close} measured={{ axes, plane: "axial", note: `Contour of ${name}: ${signed(volumeCc, 1)} cm³; the third diameter runs from foot to head.` }} />
        </>
      ) : (
        <p className="quiet small">Its contours lie in no axial planes, so no axial diameters are told.</p>
      )}
    </section>
  );
}
