import { pages } from "../pages.ts";
import { Overlay } from "./Overlay.tsx";

const others: readonly (readonly [string, string])[] = [
  ["/", "find anything"],
  ["J K", "next row, row before"],
  ["Enter", "open the row"],
  ["Esc", "close it"],
  ["[ ]", "known up to the point before, after"],
  ["T", "light or dark"],
  ["E", "export the picture of a page, or else the case"],
  ["A", "timeline: count from another event"],
  ["+ −", "timeline: wider, narrower"],
  ["L", "write-up: the CARE checklist"],
  ["L B O G", "images: length, two axes, ellipse, region"],
  ["D S C", "images: dose, structures, compare"],
  ["1 … 9", "images, in a view: windows"],
  ["R I", "images, in a view: as at first, black and white turned"],
  ["Space", "images, in a view: play"],
  ["W", "images, held in a view: drag changes the window"],
  ["R", "plan: room view"],
  ["Esc", "plan: stop the optimization and keep what it has"],
  ["← →", "plan, on a beam: turn its gantry by 5 degrees"],
  ["N", "new case"],
  ["Ctrl Z", "undo the last change"],
  ["Ctrl Shift Z", "redo it"],
  ["?", "these keys"],
];

const rows = (list: readonly (readonly [string, string])[]) => (
  <dl>
    {list.flatMap(([keys, what]) => [
      <dt key={keys}>
        {keys.split(" ").map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>,
      <dd key={what}>{what}</dd>,
    ])}
  </dl>
);

/** Every key of the workbench. */
export function KeySheet({ close }: { readonly close: () => void }) {
  return (
    <Overlay name="Keys" close={close}>
      <div className="keysheet">
        <h2>Keys</h2>
        {rows(pages.map((page) => [page.key, page.name] as const))}
        {rows(others)}
      </div>
    </Overlay>
  );
}
