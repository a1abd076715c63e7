import { pictureAddress } from "./scan-door.ts";
import type { PictureInfo } from "./scan-summary.ts";

/** Secondary captures: pictures without a place in the patient, seen and never measured. */
export function PictureList({ id, pictures }: { readonly id: string; readonly pictures: readonly PictureInfo[] }) {
  if (pictures.length === 0) return null;
  return (
    <details className="images-problems">
      <summary>{pictures.length === 1 ? "One picture" : `${pictures.length} pictures`} without a place in the patient</summary>
      {pictures.map(({ uid, label, width, height, synthetic }) => (
        <figure key={uid}>
          <img src={pictureAddress(id, uid)} width={width} height={height} alt={label || "Secondary capture"} loading="lazy" />
          <figcaption>{label || "Secondary capture"}{synthetic && ", SYNTHETIC"}; not to scale, nothing is measured on it</figcaption>
        </figure>
      ))}
    </details>
  );
}
