import meanings from "./glossary.json" with { type: "json" };

const inReading = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** Terms of the dictionary that occur in a text as words of their own, in the order of the alphabet. */
export function glossaryOf(text: string): { term: string; meaning: string }[] {
  return Object.entries(meanings)
    .filter(([term]) => new RegExp(`(?<![\\p{L}\\p{N}-])${term.replace("/", "\\/")}s?(?![\\p{L}\\p{N}])`, "u").test(text))
    .map(([term, meaning]) => ({ term, meaning }))
    .sort((a, b) => inReading.compare(a.term, b.term));
}
