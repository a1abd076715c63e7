import { createContext, use, type ComponentType } from "react";
import { titleOf, type CaseRecord, type Kind } from "@hapax/case";
import type { Draft, NamedField } from "./model.ts";

/** What a field must know of the rest of the case: what it may point to, and in which kind of entry it stands. */
export interface FormContext {
  readonly record: CaseRecord;
  /** Kind of the entry, or the part of the case that is edited. */
  readonly kind: string;
  /** Draws the fields of an object. A value may hold objects, whose fields hold values: the form ties the ring. */
  readonly Group: ComponentType<GroupProps>;
}

export interface GroupProps {
  readonly fields: readonly NamedField[];
  readonly value: Draft;
  readonly onChange: (value: Draft) => void;
}

export const FormContext = createContext<FormContext | undefined>(undefined);

export function useForm(): FormContext {
  const context = use(FormContext);
  if (context === undefined) throw new Error("A field was drawn outside a form.");
  return context;
}

/** Something of the case that a field may point to. */
export interface Target {
  readonly id: string;
  readonly name: string;
}

const kindsOf: Readonly<Record<string, readonly Kind[]>> = {
  lesion: ["lesion"],
  lesions: ["lesion"],
  study: ["imaging", "examination"],
  specimen: ["specimen"],
  drug: ["drug"],
};

/** What the field `key` may point to: documents, entries of a kind, or any event and time point. */
export function targets(record: CaseRecord, key: string): readonly Target[] {
  if (key === "document") return record.documents.map((d) => ({ id: d.id, name: d.title }));
  const kinds = kindsOf[key];
  const entries = record.entries
    .filter((e) => kinds === undefined || kinds.includes(e.kind))
    .map((e) => ({ id: e.id, name: kinds === undefined ? `${titleOf(e)} (${e.kind})` : titleOf(e) }));
  if (kinds !== undefined) return entries;
  return [...record.timePoints.map((t) => ({ id: t.id, name: `${t.id}, ${t.label}` })), ...entries];
}
