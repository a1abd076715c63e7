/** Colors of pictures on black (tokens.css): the same in both themes, since images are always read in the dark. */
export const imageColors = {
  "iso-110": "#FF2E88", "iso-107": "#FF4B2B", "iso-105": "#FF8A00", "iso-100": "#FFD400",
  "iso-95": "#7BE04A", "iso-90": "#2EE6C8", "iso-80": "#35A7FF", "iso-50": "#6F7BFF", "iso-30": "#A884D8",
  "fig2-100": "#2E6BFF", "fig2-102": "#25C05A", "fig2-109": "#FF3B30",
  "s-gtv": "#FF5C5C", "s-ctv": "#FFA06B", "s-itv": "#FFC04D", "s-ptv": "#FF7AD1", "s-ptv-high": "#FF4FB8", "s-ptv-low": "#F7A8E0",
  "s-spinalcord": "#FFE34D", "s-esophagus": "#D9A066", "s-heart": "#E98A8A", "s-trachea": "#8FE3E0", "s-bronchus": "#6CCBD6",
  "s-lung-l": "#8CC4F2", "s-lung-r": "#5B9BE6", "s-brachialplex": "#B6E85A", "s-greatves": "#F0936B", "s-liver": "#B08D62",
  "s-bone-scapula": "#E8DFC8", "s-rib": "#D6CBB0", "s-skin": "#A9B3B7", "s-body": "#8E999E", "s-kidney": "#C7B13A", "s-larynx": "#7FD6A8",
} as const;

export type ImageColor = keyof typeof imageColors;

/** Ink on black, from the dark theme. */
export const onBlack = {
  ground: "#000000", ink: "#E6EAEA", "ink-2": "#B3BCBE", "ink-3": "#8C979B", rule: "#2D3539", "rule-strong": "#6A767C",
  uncertain: "#E3B04B", contradiction: "#FF8B78", met: "#67C79C",
} as const;

/** `#rrggbb` of red, green and blue, 0 to 255. */
export const hexOf = (rgb: readonly [number, number, number]): string => `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

/** Red, green and blue of `#rrggbb`. */
export function rgbOf(hex: string): readonly [number, number, number] {
  const at = (i: number) => Number.parseInt(hex.slice(i, i + 2), 16);
  return [at(1), at(3), at(5)];
}
