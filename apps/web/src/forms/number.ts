/** "6.0", "6,0" and "−6" as numbers; anything else stays text, so that it can be objected to and not lost. */
export function numberFrom(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const plain = trimmed.replace("−", "-").replace(/^(-?\d+),(\d{1,2})$/, "$1.$2");
  const number = Number(plain);
  return Number.isFinite(number) ? number : trimmed;
}
