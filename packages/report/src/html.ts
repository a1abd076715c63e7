import { shortName, type Reference } from "@hapax/references";
import { toSvg, type Figure } from "@hapax/figures";
import { isResult, pointerText, rangesOf, type Block, type FigureBlock, type Note, type ReportDocument, type Span, type TableBlock } from "./document.ts";
import css from "./stylesheet.ts";

/**
 * The document as one HTML file: no script, no address outside it, all text escaped, pictures inside, fonts by name.
 *
 * @param figures  the pictures that the document places, by name
 */
export function toHtml(document: ReportDocument, figures: readonly Figure[]): string {
  const pictures = new Map(figures.map((f) => [f.name, f]));
  const noteOf = new Map(document.notes.map((n) => [n.finding, n]));
  const plain = document.title.map((s) => ("text" in s ? s.text : "")).join("");
  const told = new Set<string>();
  const inline = (spans: readonly Span[]) => spans.map((s) => spanHtml(s, noteOf, told)).join("");
  const sections = document.sections.map((section) => {
    const blocks = section.blocks.map((b) => blockHtml(b, inline, document.notes, told, pictures));
    return `<section><h2>${escapeHtml(section.heading)}</h2>\n${blocks.join("\n")}\n</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(plain)}</title>
<style>${css}</style>
</head>
<body>
<main>
<header>
<p class="running">${escapeHtml(document.caseName)}${document.asOf === undefined ? "" : ` · known up to ${escapeHtml(document.asOf)}`}</p>
<h1>${inline(document.title)}</h1>
${document.authors === undefined ? "" : `<p class="authors">${escapeHtml(document.authors.join(", "))}</p>`}
<p class="disclaimer">${document.disclaimers.map(escapeHtml).join(" ")}</p>
</header>
${sections.join("\n")}
${listSection("Glossary", document.glossary.length === 0 ? "" : `<dl class="glossary">${document.glossary.map((g) => `<div><dt>${escapeHtml(g.term)}</dt><dd>${escapeHtml(g.meaning)}</dd></div>`).join("")}</dl>`)}
${listSection("References", document.references.length === 0 ? "" : `<ol class="references">${document.references.map((r) => `<li id="ref-${r.number}">${referenceHtml(r.reference, r.mark)}</li>`).join("\n")}</ol>`)}
</main>
<footer>${document.disclaimers.map(escapeHtml).join(" ")}</footer>
</body>
</html>
`;
}

function listSection(heading: string, body: string): string {
  return body === "" ? "" : `<section><h2>${heading}</h2>\n${body}\n</section>`;
}

function spanHtml(span: Span, notes: ReadonlyMap<string, Note>, told: Set<string>): string {
  switch (span.kind) {
    case "text":
      return escapeHtml(span.text);
    case "term":
      return `<span class="term">${escapeHtml(span.term)}</span>`;
    case "bound": {
      const note = span.finding === undefined ? undefined : notes.get(span.finding);
      const from = [span.finding, ...(span.entries ?? [])].filter((x) => x !== undefined).join(", ");
      const kind = isResult(span) ? ["number", ...(note === undefined ? [] : [note.status])] : ["said"];
      return `<span class="${kind.join(" ")}"${from === "" ? "" : ` title="${escapeHtml(from)}"`}>${escapeHtml(span.text)}</span>${marker(note, told)}`;
    }
    case "quote": {
      const note = span.finding === undefined ? undefined : notes.get(span.finding);
      return `<q>${escapeHtml(span.quote)}</q> <span class="place">(${escapeHtml(span.place)})</span>${marker(note, told)}`;
    }
    case "cite":
      return `<sup class="cite">${span.numbers.length === 0 ? "" : `<a href="#ref-${span.numbers[0]}">${rangesOf(span.numbers)}</a>`}</sup>`;
    case "pointer":
      return `<a class="pointer" href="#${span.to}-${span.number}">${pointerText(span)}</a>`;
  }
}

/** The letter of a note, where its passage first stands. */
function marker(note: Note | undefined, told: Set<string>): string {
  if (note === undefined || told.has(note.letter)) return "";
  told.add(note.letter);
  return `<sup class="mark"><a href="#note-${note.letter}">${note.letter}</a></sup>`;
}

function blockHtml(block: Block, inline: (spans: readonly Span[]) => string, notes: readonly Note[], told: ReadonlySet<string>, pictures: ReadonlyMap<string, Figure>): string {
  switch (block.kind) {
    case "paragraph": {
      const before = new Set(told);
      const text = inline(block.spans);
      const here = notes.filter((n) => told.has(n.letter) && !before.has(n.letter));
      const aside = here.length === 0 ? "" : `<aside aria-label="Notes of the audit">${here.map(noteHtml).join("")}</aside>`;
      return `<div class="row"><p data-care="${escapeHtml(block.care)}">${block.lead === undefined ? "" : `<b class="lead">${escapeHtml(block.lead)}.</b> `}${text}</p>${aside}</div>`;
    }
    case "absent":
      return `<p class="absent" data-care="${escapeHtml(block.care)}">${inline(block.spans)}</p>`;
    case "table":
      return tableHtml(block, inline);
    case "figure":
      return figureHtml(block, inline, pictures.get(block.name));
  }
}

function noteHtml(note: Note): string {
  return `<div class="note ${note.status}" id="note-${note.letter}"><b>${note.letter} ${escapeHtml(note.question)}</b><br>${escapeHtml(note.text)}<br><small>${escapeHtml(note.places)}</small></div>`;
}

function tableHtml(block: TableBlock, inline: (spans: readonly Span[]) => string): string {
  const head = block.columns.map((c) => `<th scope="col" class="${c.align}">${inline(c.head)}</th>`).join("");
  const rows = block.rows.map((row) => `<tr${row.strong === true ? ' class="strong"' : ""}>${row.cells.map((cell, i) => `<td class="${block.columns[i]?.align ?? "left"}">${inline(cell)}</td>`).join("")}</tr>`).join("\n");
  return `<figure class="table" id="table-${block.number}"><figcaption><b>Table ${block.number}.</b> ${inline(block.caption)}.</figcaption><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>${block.note === undefined ? "" : `<p class="table-note">${inline(block.note)}</p>`}</figure>`;
}

function figureHtml(block: FigureBlock, inline: (spans: readonly Span[]) => string, picture: Figure | undefined): string {
  const drawn = picture === undefined ? "" : toSvg(picture, "light");
  return `<figure id="figure-${block.number}">${drawn}<figcaption><b>Figure ${block.number}.</b> ${inline(block.caption)}</figcaption></figure>`;
}

function referenceHtml(reference: Reference, mark: string | undefined): string {
  const doi = reference.doi === undefined ? "" : ` doi ${escapeHtml(reference.doi)}.`;
  const url = reference.doi === undefined && reference.url !== undefined ? ` ${escapeHtml(reference.url)}.` : "";
  return `<span title="${escapeHtml(shortName(reference))}">${escapeHtml(referenceText(reference))}</span>${doi}${url}${mark === undefined ? "" : ` <em class="unverified">${escapeHtml(mark)}</em>`}`;
}

/** Authors, title, place and year, as journals set them; without the doi. */
export function referenceText(reference: Reference): string {
  const stop = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`);
  return `${stop(reference.authors)} ${stop(reference.title)} ${stop(`${reference.where}, ${reference.year}`)}`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? c);
}
