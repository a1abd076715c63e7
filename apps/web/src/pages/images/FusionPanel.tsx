import type { Overlay } from "./fusion.ts";
import { nameOf } from "./studies.ts";

/** Which series lies over the images. */
export interface FusionView {
  readonly uid: string | undefined;
  /** 0 to 1. */
  readonly share: number;
}

interface Props {
  readonly overlays: readonly Overlay[];
  readonly view: FusionView;
  readonly change: (next: Partial<FusionView>) => void;
  readonly told: string | undefined;
}

/** A second series over the first: only where one frame of reference or a registration says where it lies. */
export function FusionPanel({ overlays, view, change, told }: Props) {
  const tied = overlays.filter((o) => o.because !== undefined);
  const loose = overlays.length - tied.length;
  if (overlays.length === 0) return null;
  return (
    <section>
      <div className="side-head">
        <h2>Over it</h2>
        <span>{tied.find((o) => o.series.uid === view.uid)?.because}</span>
      </div>
      {tied.length > 0 && (
        <div className="side-line">
          <select aria-label="Series over the images" value={view.uid ?? ""} onChange={(event) => change({ uid: event.target.value || undefined })}>
            <option value="">nothing</option>
            {tied.map(({ series }) => <option key={series.uid} value={series.uid}>{nameOf(series)}</option>)}
          </select>
          {view.uid !== undefined && <input type="range" min={5} max={95} value={Math.round(view.share * 100)} aria-label="Opacity of the second series" onChange={(event) => change({ share: Number(event.target.value) / 100 })} />}
        </div>
      )}
      {told !== undefined && <p className="images-notice">{told}</p>}
      {loose > 0 && <p className="quiet small">{loose === 1 ? "One other series lies" : `${loose} other series lie`} in another frame of reference, and no registration says how the two meet: not laid over. Compare beside each other with <kbd>C</kbd>.</p>}
    </section>
  );
}
