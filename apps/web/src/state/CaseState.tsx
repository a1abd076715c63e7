import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { HapaxError } from "@hapax/base";
import type { CaseRecord } from "@hapax/case";
import { workup, type Workup } from "@hapax/workup";
import { openCase, saveCase, undoCase, type Stored } from "../api.ts";
import { go, useAddress } from "../router.tsx";

export type Value = string | number | boolean;

/** The case that is open: its record, what follows from it, and how the reader looks at it. */
export interface OpenCase {
  readonly id: string;
  readonly record: CaseRecord;
  /** Findings as the reader has set time, assumptions and trials. */
  readonly workup: Workup;
  /** Findings at the same time with every assumption as it stands and nothing tried. */
  readonly plain: Workup;
  /** Time point up to which the record is known; undefined is all of it. */
  readonly asOf: string | undefined;
  readonly assume: Readonly<Record<string, Value>>;
  readonly suppose: Readonly<Record<string, unknown>>;
  /** Whether the last change has reached the disk. */
  readonly saved: "saved" | "saving" | "not saved";
  readonly problem: HapaxError | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  knowUpTo(timePoint: string | undefined): void;
  /** Changes an assumption by its key; undefined puts it back. */
  setAssume(key: string, value: Value | undefined): void;
  /** Tries an input without touching the record; undefined ends the trial. */
  setSuppose(key: string, value: unknown): void;
  endTrials(): void;
  /** Shows a record at once and stores it; `what` is its line in the history. */
  save(record: CaseRecord, what: string): void;
  undo(): void;
  redo(): void;
  /** Reads the record again, after the server itself has changed it. */
  reload(): void;
  dismiss(): void;
  /** Address of a page of this case, which keeps "known up to". */
  href(page: string, query?: Readonly<Record<string, string>>): string;
  /** Address of a finding by its key, open on the page where it is at home. */
  hrefOf(finding: string): string;
}

const CaseContext = createContext<OpenCase | undefined>(undefined);

/** The open case; only inside `CaseProvider`. */
export function useCase(): OpenCase {
  const open = use(CaseContext);
  if (open === undefined) throw new HapaxError("web/no-case", "A page of a case was drawn without a case.", "Open a case from the list.");
  return open;
}

/** `undo` is there when the record was read and no rule can work with it. */
export type Loading = { readonly state: "loading" } | { readonly state: "failed"; readonly problem: HapaxError; readonly undo?: () => void };

const asProblem = (error: unknown): HapaxError =>
  error instanceof HapaxError
    ? error
    : new HapaxError("web/unexpected", error instanceof Error ? error.message : String(error), "Reload this page; your record is on the disk.");

const changedElsewhere = (problem: HapaxError) => problem.code.endsWith("/conflict");
/** After these the change is gone and the record stands as it is on the disk. */
const dropped = (problem: HapaxError) => changedElsewhere(problem) || problem.code === "web/overtaken";
const shownAnew = (problem: HapaxError) => new HapaxError(problem.code, problem.what, "The case is shown as it stands now; make the change again.");

interface Props {
  readonly id: string;
  /** The page on which the findings of a rule are at home. */
  readonly homeOf: (rule: string) => string;
  /** Drawn while the record is on its way, or where it could not be had. */
  readonly meanwhile: (loading: Loading) => ReactNode;
  readonly children: ReactNode;
}

export function CaseProvider({ id, homeOf, meanwhile, children }: Props) {
  const { query } = useAddress();
  const [stored, setStored] = useState<Stored>();
  const [failed, setFailed] = useState<HapaxError>();
  const [problem, setProblem] = useState<HapaxError>();
  const [saved, setSaved] = useState<OpenCase["saved"]>("saved");
  const [assume, setAssumptions] = useState<Readonly<Record<string, Value>>>({});
  const [suppose, setTrials] = useState<Readonly<Record<string, unknown>>>({});
  const revision = useRef(0);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const waiting = useRef(0);
  /** Counts how often the record was read anew: a change made to an earlier reading must not be saved over a later one. */
  const reading = useRef(0);

  const take = useCallback((next: Stored) => {
    revision.current = next.revision;
    reading.current += 1;
    setStored(next);
  }, []);

  useEffect(() => {
    let here = true;
    openCase(id).then(
      (next) => here && take(next),
      (error: unknown) => here && setFailed(asProblem(error)),
    );
    return () => {
      here = false;
    };
  }, [id, take]);

  /** Doors one after the other, so that each save carries the revision that the one before it made. */
  const inTurn = useCallback((act: () => Promise<void>) => {
    waiting.current += 1;
    setSaved("saving");
    queue.current = queue.current.then(act).then(
      () => {
        waiting.current -= 1;
        if (waiting.current === 0) setSaved("saved");
      },
      (error: unknown) => {
        waiting.current -= 1;
        setProblem(asProblem(error));
        setSaved("not saved");
      },
    );
  }, []);

  const save = useCallback(
    (record: CaseRecord, what: string) => {
      setProblem(undefined);
      setStored((now) => (now === undefined ? now : { ...now, record, canUndo: true, canRedo: false }));
      const read = reading.current;
      inTurn(async () => {
        if (read !== reading.current) {
          throw new HapaxError("web/overtaken", `"${what}" was changed while the case was being read again, and was not saved.`, "The case is shown as it stands now; make the change again.");
        }
        try {
          revision.current = await saveCase(record, revision.current, what);
        } catch (error) {
          const problem = asProblem(error);
          if (!changedElsewhere(problem)) throw problem;
          take(await openCase(record.id));
          throw shownAnew(problem);
        }
      });
    },
    [inTurn, take],
  );
  const step = useCallback(
    (direction: "undo" | "redo") => {
      setProblem(undefined);
      inTurn(async () => take(await undoCase(id, direction)));
    },
    [id, inTurn, take],
  );

  const reload = useCallback(() => inTurn(async () => take(await openCase(id))), [id, inTurn, take]);

  // What has not reached the disk is worth a question before the window closes.
  useEffect(() => {
    if (saved === "saved") return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [saved]);

  const { record, canUndo = false, canRedo = false } = stored ?? {};
  const wanted = query.get("asOf") ?? undefined;
  const asOf = record?.timePoints.some((t) => t.id === wanted) === true ? wanted : undefined;
  const plain = useMemo(() => (record === undefined ? undefined : worked(() => workup(record, { asOf }))), [record, asOf]);
  const tried = useMemo(() => {
    if (record === undefined || (Object.keys(assume).length === 0 && Object.keys(suppose).length === 0)) return plain;
    return worked(() => workup(record, { asOf, assume, suppose }));
  }, [record, asOf, assume, suppose, plain]);

  const value = useMemo((): OpenCase | undefined => {
    if (record === undefined || plain === undefined || tried === undefined || "problem" in plain || "problem" in tried) return undefined;
    const set = <V,>(values: Readonly<Record<string, V>>, key: string, next: V | undefined) => {
      const { [key]: _before, ...rest } = values;
      return next === undefined ? rest : { ...rest, [key]: next };
    };
    const href: OpenCase["href"] = (page, more = {}) => {
      const search = new URLSearchParams({ ...(asOf === undefined ? {} : { asOf }), ...more });
      return `/case/${encodeURIComponent(id)}/${page}${search.size > 0 ? `?${search}` : ""}`;
    };
    return {
      id,
      record,
      workup: tried.workup,
      plain: plain.workup,
      asOf,
      assume,
      suppose,
      saved,
      problem,
      canUndo,
      canRedo,
      knowUpTo: (timePoint) => {
        const now = new URLSearchParams(location.search);
        if (timePoint === undefined) now.delete("asOf");
        else now.set("asOf", timePoint);
        go(location.pathname + (now.size > 0 ? `?${now}` : ""));
      },
      setAssume: (key, next) => setAssumptions((values) => set(values, key, next)),
      setSuppose: (key, next) => setTrials((values) => set(values, key, next)),
      endTrials: () => {
        setAssumptions({});
        setTrials({});
      },
      save,
      undo: () => step("undo"),
      redo: () => step("redo"),
      reload,
      dismiss: () => {
        setProblem(undefined);
        if (problem !== undefined && dropped(problem)) setSaved("saved");
      },
      href,
      hrefOf: (finding) => href(homeOf(finding.split("#")[0] ?? finding), { open: finding }),
    };
  }, [id, homeOf, record, canUndo, canRedo, plain, tried, asOf, assume, suppose, saved, problem, save, step, reload]);

  if (failed !== undefined) return meanwhile({ state: "failed", problem: failed });
  const stuck = [plain, tried].find((w) => w !== undefined && "problem" in w);
  if (stuck !== undefined && "problem" in stuck) return meanwhile({ state: "failed", problem: stuck.problem, ...(canUndo ? { undo: () => step("undo") } : {}) });
  if (value === undefined) return meanwhile({ state: "loading" });
  return <CaseContext value={value}>{children}</CaseContext>;
}

/** A workup, or why there is none: a record that a rule cannot read must not take the whole page down. */
function worked(compute: () => Workup): { workup: Workup } | { problem: HapaxError } {
  try {
    return { workup: compute() };
  } catch (error) {
    return { problem: asProblem(error) };
  }
}
