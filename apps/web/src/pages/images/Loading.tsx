import type { Arrived } from "./scan-door.ts";

/** The four views while the voxels are on their way. */
export function Loading({ arrived }: { readonly arrived: Arrived | undefined }) {
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  return (
    <div className="images-loading" aria-busy="true" role="status">
      <p>
        Reading the images
        {arrived !== undefined && `: ${mebibytes(arrived.bytes)}${arrived.of === undefined ? "" : ` of ${mebibytes(arrived.of)}`} MiB`}
      </p>
      {arrived?.of !== undefined && <progress max={arrived.of} value={arrived.bytes} aria-label="Read" />}
    </div>
  );
}
