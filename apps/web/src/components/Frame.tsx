import { useEffect, useState, type ReactNode } from "react";
import { known, type CaseRecord } from "@hapax/case";
import { whereNow, whoIs, type Workup } from "@hapax/workup";
import { exportAddress } from "../api.ts";
import type { Count } from "../count.ts";
import { whenIdle } from "../idle.ts";
import { moveRow, useKeys } from "../keys.ts";
import { countsOf, lateCountsOf, pages, type PageInfo } from "../pages.ts";
import { go, Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import { turnTheme } from "../theme.ts";
import { KeySheet } from "./KeySheet.tsx";
import { Mark } from "./Mark.tsx";
import { Palette } from "./Palette.tsx";
import { Problem } from "./Problem.tsx";
import { Spine } from "./Spine.tsx";
import { useUndoKeys } from "./useUndoKeys.ts";
import "./Frame.css";

const notice = (
  <p className="frame-notice">
    Research and education.
    <br />
    Not a medical device.
  </p>
);

interface ShellProps {
  readonly header: ReactNode;
  readonly nav: ReactNode;
  readonly children: ReactNode;
  /** Dark whatever the theme, the navigation a rail. */
  readonly dark?: boolean;
}

/** The frame of every page: who and what at the top, where to go at the left. */
export function Shell({ header, nav, children, dark = false }: ShellProps) {
  return (
    <div className={dark ? "frame rail" : "frame"} {...(dark && { "data-theme": "dark" })}>
      <a className="frame-skip" href="#content">
        To the content
      </a>
      <header className="frame-header">
        <Link href="/cases" className="frame-wordmark" aria-label="Hapax, all cases">
          Hapax
        </Link>
        {header}
      </header>
      <nav className="frame-nav" aria-label="Pages">
        {nav}
        {notice}
      </nav>
      <main className="frame-main" id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Whether the tumor was taken out, as recorded; the first thing a board asks. */
function keyState(record: CaseRecord): string {
  const histology = record.entries.filter((e) => e.kind === "histology");
  const resected = histology.map((h) => known(h.resected)).find((r) => r !== undefined);
  if (resected === undefined) return "resection not recorded";
  const margins = histology.map((h) => known(h.margins)).find((m) => m !== undefined);
  return resected ? `resected${margins === undefined ? "" : `, ${margins}`}` : "not resected";
}

function Counts({ counts }: { readonly counts: readonly Count[] }) {
  return counts.map((count) => (
    <span key={count.mark} className="frame-count">
      <Mark is={count.mark} says="" size={12} />
      {count.n}
      <span className="heard"> {count.of}</span>
    </span>
  ));
}

/** Counts that come when there is time; those before stand until then. */
function LateCounts({ page, workup }: { readonly page: PageInfo; readonly workup: Workup }) {
  const [counts, setCounts] = useState<readonly Count[]>([]);
  useEffect(() => {
    let here = true;
    const callOff = whenIdle(() => {
      lateCountsOf(page, workup).then(
        (next) => here && setCounts(next),
        // Without its code there is no count; the page itself says why.
        () => here && setCounts([]),
      );
    });
    return () => {
      here = false;
      callOff();
    };
  }, [page, workup]);
  return <Counts counts={counts} />;
}

/** The frame around a page of the open case. */
export function CaseFrame({ page, children }: { readonly page: string; readonly children: ReactNode }) {
  const open = useCase();
  const { record, workup, asOf, href, knowUpTo } = open;
  const [overlay, setOverlay] = useState<"palette" | "keys">();
  const points = record.timePoints.map((t) => t.id);
  const at = asOf === undefined ? points.length : points.indexOf(asOf);
  const stepTo = (next: number) => points.length > 0 && knowUpTo(next >= points.length ? undefined : points[Math.max(0, next)]);

  useUndoKeys(open.undo, open.redo);
  useKeys({
    ...Object.fromEntries(pages.map((p) => [p.key.toLowerCase(), () => go(href(p.slug))])),
    "/": () => setOverlay("palette"),
    "?": () => setOverlay("keys"),
    "[": () => stepTo(at - 1),
    "]": () => stepTo(at + 1),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    t: turnTheme,
    e: () => location.assign(exportAddress(open.id)),
    n: () => go("/cases?new"),
  });

  const trials = Object.keys(open.assume).length + Object.keys(open.suppose).length;
  const seen = workup.view.record;
  return (
    <Shell
      dark={pages.find((p) => p.slug === page)?.dark === true}
      header={
        <>
          <div className="frame-who">
            <p className="frame-what">
              <Link href="/cases" className="frame-cases">
                Cases
              </Link>
              <span className="frame-slash"> / </span>
              <strong>{record.name}</strong>
              {record.title !== record.name && <span className="frame-title">{record.title}</span>}
            </p>
            <p className="frame-state">
              {[whoIs(seen), keyState(seen)].map((part) => (
                <span key={part}>
                  {part}
                  <span className="frame-dot"> · </span>
                </span>
              ))}
              <span>
                <strong>{asOf === undefined ? "Now:" : `At ${asOf}:`}</strong> {asOf === undefined ? whereNow(record) : (record.timePoints[at]?.label ?? asOf)}
              </span>
              {open.saved !== "saved" && (
                <span className={open.saved === "not saved" ? "against" : "quiet"}>
                  <span className="frame-dot"> · </span>
                  {open.saved === "saving" ? "saving" : "last change not saved"}
                </span>
              )}
            </p>
          </div>
          <Spine />
        </>
      }
      nav={
        <ul>
          {pages.map((p) => (
            <li key={p.slug}>
              <Link href={href(p.slug)} className="frame-page" title={p.name} aria-current={p.slug === page ? "page" : undefined}>
                <kbd aria-hidden="true">{p.key}</kbd>
                <span className="frame-page-name">{p.name}</span>
                {p.lateCount === undefined ? <Counts counts={countsOf(p, open)} /> : <LateCounts page={p} workup={workup} />}
              </Link>
            </li>
          ))}
        </ul>
      }
    >
      {trials > 0 && (
        <p className="frame-trials" role="status">
          <span className="frame-violet" aria-hidden="true" />
          {trials === 1 ? "One input is" : `${trials} inputs are`} changed by you, for this view only; the record is as it was.
          <button type="button" className="link" onClick={open.endTrials}>
            Put all back
          </button>
        </p>
      )}
      {open.problem !== undefined && (
        <Problem problem={open.problem}>
          <button type="button" className="link" onClick={open.dismiss}>
            Close
          </button>
        </Problem>
      )}
      {children}
      {overlay === "palette" && <Palette close={() => setOverlay(undefined)} />}
      {overlay === "keys" && <KeySheet close={() => setOverlay(undefined)} />}
    </Shell>
  );
}
