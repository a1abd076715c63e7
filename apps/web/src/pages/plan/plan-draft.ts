import { useMemo, useRef, useSyncExternalStore } from "react";
import type { Structure } from "@hapax/case";
import type { EarlierAsked, PlanRequest, TemplateChoices } from "@hapax/planning";
import { askWorker } from "../images/ask-worker.ts";
import { useDoor, type Coming } from "../images/use-door.ts";
import type { PlanAsked } from "./plan-work.ts";

/** What the next plan of a case is to be, before it is made: by a template or after another plan, and what was changed by hand. */
export interface Draft {
  readonly from: { readonly template: string } | { readonly plan: PlanRequest; readonly words: string };
  /** Structures, doses and options in place of those of the template. */
  readonly roles: Pick<TemplateChoices, "targets" | "doses" | "options">;
  readonly earlier: readonly EarlierAsked[];
  readonly edits: Partial<PlanRequest>;
}

const drafts = new Map<string, Draft>();
const hearing = new Set<() => void>();

function listen(hear: () => void): () => void {
  hearing.add(hear);
  return () => hearing.delete(hear);
}

/** The draft of a case and CT, which stays while the page is open; undefined before a template or a plan was chosen. */
export const useDraft = (key: string): Draft | undefined => useSyncExternalStore(listen, () => drafts.get(key));

export function setDraft(key: string, draft: Draft): void {
  drafts.set(key, draft);
  for (const hear of hearing) hear();
}

/** A draft by a template: earlier doses and the density curve belong to the case and its scanner, and stay. */
export const fromTemplate = (template: string, before: Draft | undefined): Draft => {
  const { curve, machine } = { ...(before !== undefined && "plan" in before.from ? before.from.plan : {}), ...before?.edits };
  return { from: { template }, roles: {}, earlier: before?.earlier ?? [], edits: { ...(curve !== undefined && { curve }), ...(machine !== undefined && { machine }) } };
};

/** A draft after another plan. */
export const fromPlan = (plan: PlanRequest, words: string): Draft => ({ from: { plan, words }, roles: {}, earlier: plan.earlier ?? [], edits: {} });

const begin = () => new Worker(new URL("./plan-worker.ts", import.meta.url), { type: "module" });

/** The request that a draft comes to on a scan; what it was last stands while it is written anew. An empty curve is one that was not chosen. */
export function useDraftRequest(id: string, draft: Draft | undefined, structures: readonly Structure[]): Coming<PlanRequest> | undefined {
  const template = draft !== undefined && "template" in draft.from ? draft.from.template : undefined;
  const key = template === undefined || draft === undefined || structures.length === 0 ? undefined : JSON.stringify([id, template, draft.roles, draft.earlier, structures.length]);
  const asked = useDoor(key, () => askWorker<PlanAsked, PlanRequest>(begin, { template: template ?? "", structures, choices: { curve: "", ...draft?.roles, ...(draft !== undefined && draft.earlier.length > 0 && { earlier: draft.earlier }) } }));
  const last = useRef<{ template: string; coming: Coming<PlanRequest> }>(undefined);
  if (template !== undefined && asked.state !== "coming") last.current = { template, coming: asked };
  const base = template !== undefined && asked.state === "coming" && last.current?.template === template ? last.current.coming : asked;
  return useMemo(() => {
    if (draft === undefined) return undefined;
    const { earlier: _, ...plain } = "plan" in draft.from ? draft.from.plan : {};
    const withEdits = (request: PlanRequest): PlanRequest => ({ ...request, ...draft.edits });
    if ("plan" in draft.from) return { state: "there", value: withEdits({ ...(plain as PlanRequest), ...(draft.earlier.length > 0 && { earlier: draft.earlier }) }) };
    return base.state === "there" ? { state: "there", value: withEdits(base.value) } : base;
  }, [draft, base]);
}
