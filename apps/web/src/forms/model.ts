import { z } from "zod";
import { Id, Provenance, TimePoint, When } from "@hapax/case";
import { labels } from "./labels.ts";

/** A schema of the record, of whichever kind. */
export type Schema = z.core.$ZodType;

/** What a person fills in, read off the schema: the form cannot ask for anything that the record could not hold. */
export type Field =
  | { readonly is: "text"; readonly long: boolean }
  | { readonly is: "number"; readonly whole: boolean }
  | { readonly is: "yes or no" }
  | { readonly is: "choice"; readonly of: readonly (string | number)[] }
  | { readonly is: "number or word"; readonly words: readonly string[] }
  | { readonly is: "quantity" }
  /** The id of something else in the case. */
  | { readonly is: "mention" }
  | { readonly is: "when" }
  | { readonly is: "source" }
  | { readonly is: "group"; readonly fields: readonly NamedField[] }
  | { readonly is: "list"; readonly of: Field }
  | { readonly is: "fact"; readonly of: Field };

/** A field with its place in the object, and what is said of it. */
export interface NamedField {
  readonly key: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly field: Field;
  readonly needed: boolean;
  readonly schema: Schema;
}

/** An object of the record while it is being filled in. */
export type Draft = { readonly [key: string]: unknown };

const defOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def;
const same = (a: Schema, b: Schema) => defOf(a) === defOf(b);

/** A value and its unit, of whatever kind the field asks for. */
const isQuantity = (schema: Schema): boolean => {
  const def = defOf(schema);
  return def.type === "object" && Object.keys(def.shape).join() === "value,unit";
};

/** A schema without the wrappers that say whether it may be left out. */
function bare(schema: Schema): Schema {
  const def = defOf(schema);
  return def.type === "optional" || def.type === "default" || def.type === "nullable" ? bare(def.innerType) : schema;
}

const hintOf = (schema: Schema): string | undefined => {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const def = defOf(schema);
  return def.type === "optional" || def.type === "default" ? hintOf(def.innerType) : undefined;
};

const longText = 1000;

/** Reads a field off its schema. */
export function fieldOf(schema: Schema): Field {
  const inner = bare(schema);
  if (same(inner, When) || same(inner, bare(TimePoint.shape.when))) return { is: "when" };
  if (isQuantity(inner)) return { is: "quantity" };
  if (same(inner, Provenance)) return { is: "source" };
  if (same(inner, Id)) return { is: "mention" };
  const def = defOf(inner);
  switch (def.type) {
    case "string":
      return { is: "text", long: ((inner as z.ZodString).maxLength ?? 0) > longText };
    case "number":
      return { is: "number", whole: ((inner as z.ZodNumber).format ?? "").includes("int") };
    case "boolean":
      return { is: "yes or no" };
    case "enum":
      return { is: "choice", of: Object.values(def.entries) };
    case "literal":
      return { is: "choice", of: def.values.filter((v) => typeof v === "string" || typeof v === "number") };
    case "array":
      return { is: "list", of: fieldOf(def.element) };
    case "object":
      return { is: "group", fields: fieldsOf(def.shape) };
    case "union":
      return unionField(def.options);
    default:
      return { is: "text", long: false };
  }
}

function unionField(options: readonly Schema[]): Field {
  const [first] = options;
  const def = first === undefined ? undefined : defOf(first);
  // A fact is a union of its states, of which the first is "recorded" and holds the value.
  if (def?.type === "object" && "state" in def.shape && "value" in def.shape) return { is: "fact", of: fieldOf(def.shape["value"] as Schema) };
  const parts = options.map(fieldOf);
  const choices = parts.flatMap((part) => (part.is === "choice" ? part.of : []));
  if (parts.every((part) => part.is === "choice")) return { is: "choice", of: choices };
  return { is: "number or word", words: choices.map(String) };
}

/** The fields of an object, in the order of its schema, without the ones that say what it is. */
export function fieldsOf(shape: Readonly<Record<string, Schema>>): readonly NamedField[] {
  return Object.entries(shape)
    .filter(([key]) => !["kind", "id", "schema", "version"].includes(key))
    .map(([key, schema]) => ({
      key,
      ...named(labels[key] ?? spelledOut(key), hintOf(schema)),
      field: fieldOf(schema),
      // A list that has to be there may be empty; a new object begins with it.
      needed: !z.safeParse(schema, undefined).success && !z.safeParse(schema, []).success,
      schema,
    }));
}

/** A label with what is said of it; a hint that begins with the label says both. */
function named(label: string, hint: string | undefined): { label: string; hint: string | undefined } {
  return hint?.toLowerCase().startsWith(label.toLowerCase()) === true ? { label: hint, hint: undefined } : { label, hint };
}

/** "weightLoss" as "Weight loss". */
export function spelledOut(key: string): string {
  const words = key.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a new object begins with: lists that must be there, empty; nothing that a person has to say. */
export function emptyOf(shape: Readonly<Record<string, Schema>>): Draft {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, schema]) => {
      const def = defOf(schema);
      if (def.type === "array" && z.safeParse(schema, []).success) return [[key, []]];
      return def.type === "default" ? [[key, def.defaultValue]] : [];
    }),
  );
}

/** An object with one key set, or without it where nothing is left to say. */
export function withKey(draft: Draft, key: string, value: unknown): Draft {
  if (value !== undefined && value !== "") return { ...draft, [key]: value };
  const { [key]: _left, ...rest } = draft;
  return rest;
}

/** Why a value does not fit, in words that say what to do; undefined where it does. */
export function objection(schema: Schema, value: unknown): string | undefined {
  const result = z.safeParse(schema, value);
  if (result.success) return undefined;
  const [issue] = result.error.issues;
  return issue === undefined ? "This does not fit." : inWords(issue);
}

/** Every place of an object that does not fit, by the label of its field. */
export function objections(fields: readonly NamedField[], draft: Draft): { readonly key: string; readonly label: string; readonly words: string }[] {
  return fields.flatMap(({ key, label, schema }) => {
    const words = objection(schema, draft[key]);
    return words === undefined ? [] : [{ key, label, words }];
  });
}

function inWords(issue: z.core.$ZodIssue): string {
  const inside = issue.path.filter((part) => typeof part === "string" && part !== "value").at(-1);
  const where = typeof inside === "string" ? `${labels[inside] ?? spelledOut(inside)}: ` : "";
  return where + sentence(issue);
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      if (issue.origin === "string") return "Write something here.";
      if (issue.origin === "array") return "Add at least one.";
      return issue.inclusive === false ? `Give more than ${issue.minimum}.` : `Give ${issue.minimum} or more.`;
    case "too_big":
      return issue.origin === "string" ? `Keep it to ${issue.maximum} characters.` : `Give ${issue.maximum} or less.`;
    case "invalid_type":
      if (issue.input === undefined) return "This is needed.";
      return issue.expected === "number" || issue.expected === "int" ? "Write a number, such as 6.0." : "This is needed.";
    case "invalid_value":
      return issue.input === undefined ? "Choose one." : "Choose one of the list.";
    case "invalid_union":
      return "Choose one.";
    default:
      return issue.message;
  }
}
