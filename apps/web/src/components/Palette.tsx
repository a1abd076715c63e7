import { useId, useState, type KeyboardEvent } from "react";
import { keyOf, titleOf } from "@hapax/case";
import { pageOfRule, pages } from "../pages.ts";
import { go } from "../router.tsx";
import { useCase, type OpenCase } from "../state/CaseState.tsx";
import { Mark, type MarkKind } from "./Mark.tsx";
import { Overlay } from "./Overlay.tsx";

interface Hit {
  readonly key: string;
  readonly title: string;
  readonly where: string;
  readonly words: string;
  readonly href: string;
  readonly mark?: MarkKind;
}

function everything({ workup, record, href }: OpenCase): Hit[] {
  return [
    ...pages.map((p) => ({ key: `page ${p.slug}`, title: p.name, where: "page", words: `${p.name} page`, href: href(p.slug) })),
    ...workup.findings.map((f): Hit => {
      const page = pageOfRule(f.rule);
      return {
        key: keyOf(f),
        title: `${f.question}: ${f.text}`,
        where: page?.name ?? "",
        words: `${f.question} ${f.text} ${f.brief} ${f.rule}`,
        href: href(page?.slug ?? "board", { open: keyOf(f) }),
        mark: f.status,
      };
    }),
    ...record.entries.map((e) => ({ key: `entry ${e.id}`, title: titleOf(e), where: e.kind, words: `${titleOf(e)} ${e.kind} ${e.id}`, href: href("record", { entry: e.id }) })),
  ];
}

/** Finds a page, a finding or an entry by any of its words. */
export function Palette({ close }: { readonly close: () => void }) {
  const open = useCase();
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const words = text.toLowerCase().split(/\s+/).filter((w) => w !== "");
  const hits = everything(open)
    .filter((hit) => words.every((w) => hit.words.toLowerCase().includes(w)))
    .slice(0, 40);
  const follow = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    close();
    go(hit.href);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") follow(hits[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Overlay name="Find anything" close={close}>
      <div className="palette">
        <input
          autoFocus
          role="combobox"
          aria-label="Find a page, a finding or an entry"
          aria-expanded={hits.length > 0}
          aria-controls={list}
          aria-activedescendant={hits[at] === undefined ? undefined : `${list}-${at}`}
          placeholder="Find a page, a finding or an entry"
          value={text}
          onChange={(e) => {
            setText(e.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <div className="palette-hits" role="listbox" id={list} aria-label="Found">
          {hits.map((hit, i) => (
            <div key={hit.key} id={`${list}-${i}`} role="option" aria-selected={i === at} className="palette-hit" onClick={() => follow(hit)} onMouseEnter={() => setAt(i)}>
              {hit.mark === undefined ? <span /> : <Mark is={hit.mark} />}
              <span>{hit.title}</span>
              <span className="palette-where">{hit.where}</span>
            </div>
          ))}
        </div>
        {hits.length === 0 && <p className="palette-none quiet">Nothing of this case has these words.</p>}
      </div>
    </Overlay>
  );
}
