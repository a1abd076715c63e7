/** Light is the page of record; dark is the reading room. */
export type Theme = "light" | "dark";

/** The colors of the design language (tokens.css) that figures use, for both themes. */
export const colors = {
  desk: { light: "#F2F4F3", dark: "#0A0C0D" },
  paper: { light: "#FFFFFF", dark: "#14181A" },
  well: { light: "#E8ECEA", dark: "#1E2427" },
  rule: { light: "#D3D9D6", dark: "#2D3539" },
  "rule-strong": { light: "#7F8B88", dark: "#6A767C" },
  ink: { light: "#16211F", dark: "#E6EAEA" },
  "ink-2": { light: "#43504D", dark: "#B3BCBE" },
  "ink-3": { light: "#5F6C69", dark: "#8C979B" },
  accent: { light: "#443C94", dark: "#ABA5F5" },
  "accent-wash": { light: "#ECEBF7", dark: "#242140" },
  uncertain: { light: "#7A5200", dark: "#E3B04B" },
  "uncertain-wash": { light: "#FBF2DF", dark: "#2B2313" },
  contradiction: { light: "#C02A12", dark: "#FF8B78" },
  "contradiction-wash": { light: "#FCEDE9", dark: "#331A16" },
  met: { light: "#16694A", dark: "#67C79C" },
  disease: { light: "#8A1E55", dark: "#F0568F" },
  imaging: { light: "#1F5FC2", dark: "#5AA6F7" },
  systemic: { light: "#8B7B1A", dark: "#E0D545" },
  radiotherapy: { light: "#0B8169", dark: "#5FE0C4" },
  supportive: { light: "#39434A", dark: "#7F8A91" },
  outcome: { light: "#16211F", dark: "#E6EAEA" },
  "data-1": { light: "#1F5FC2", dark: "#4A97F2" },
  "data-2": { light: "#DB660B", dark: "#F2803A" },
  "data-3": { light: "#078A61", dark: "#63E0B5" },
  "data-4": { light: "#8A1458", dark: "#F59ADF" },
  "data-5": { light: "#5B4A00", dark: "#F3E25A" },
  "data-6": { light: "#7C8793", dark: "#8C9499" },
} as const satisfies Record<string, Readonly<Record<Theme, string>>>;

export type Color = keyof typeof colors;

/** Families by name, as a file outside the workbench finds them. */
export const fonts = {
  sans: "Source Sans 3, system-ui, sans-serif",
  serif: "Source Serif 4, Georgia, serif",
  mono: "Source Code Pro, monospace",
} as const;

/** A value with every `var(--token)` replaced by what it stands for in the theme; unknown tokens stay. */
export function resolveTokens(value: string, theme: Theme): string {
  return value.replace(/var\(--([a-z0-9-]+)\)/g, (whole, token: string) => {
    if (Object.hasOwn(colors, token)) return colors[token as Color][theme];
    if (Object.hasOwn(fonts, token)) return fonts[token as keyof typeof fonts];
    return whole;
  });
}

/**
 * Contrast of two colors, from 1 to 21.
 *
 * @param a  color as `#RRGGBB`
 * @param b  color as `#RRGGBB`
 * @source   WCAG 2.2, definition of contrast ratio and of relative luminance
 */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const channel = (at: number) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
