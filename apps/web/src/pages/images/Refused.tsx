import { Mark } from "../../components/Mark.tsx";
import { Problems } from "./Problems.tsx";
import { nameOf, type Study } from "./studies.ts";

/** A series that cannot be shown truly: why, and what would help. */
export function Refused({ study: { series } }: { readonly study: Study; readonly id: string }) {
  return (
    <div className="images-refused">
      <h2>
        <Mark is="not met" says="not shown" /> {nameOf(series)} is not shown
      </h2>
      <p>{series.geometry.notice ?? `Its slices are ${series.geometry.classes.join(", ")}.`}</p>
      <Problems problems={series.problems} open />
    </div>
  );
}
