const lengthsMm = [1, 2, 5, 10, 20, 50, 100, 200];

/** A bar of a round length, about a ninth of the view. */
export function ScaleBar({ mmPerPx, width, height }: { readonly mmPerPx: number; readonly width: number; readonly height: number }) {
  const wanted = (width / 8) * mmPerPx;
  const mm = lengthsMm.findLast((l) => l <= wanted) ?? 1;
  const px = mm / mmPerPx;
  const [right, y] = [width - 12.5, height - 11.5];
  return (
    <g className="view-scale">
      <path d={`M${right - px} ${y - 5}V${y}H${right}V${y - 5}`} />
      <text x={right - px / 2} y={y - 6} textAnchor="middle">
        {mm >= 10 ? `${mm / 10} cm` : `${mm} mm`}
      </text>
    </g>
  );
}
