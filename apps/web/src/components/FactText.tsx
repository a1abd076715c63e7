import { show, type Quantity } from "@hapax/base";
import type { Fact } from "@hapax/case";
import { Unknown } from "./Unknown.tsx";

interface Props<T> {
  readonly fact: Fact<T>;
  readonly print?: (value: T) => string;
  /** What the dashed box says where it is not recorded. */
  readonly unknown?: string;
}

const asText = (value: unknown): string => {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object" && value !== null && "unit" in value) return show(value as Quantity);
  return String(value);
};

/** A recorded fact in words, in every one of its states. */
export function FactText<T>({ fact, print = asText, unknown = "not recorded" }: Props<T>) {
  switch (fact?.state) {
    case "recorded":
      return <span>{print(fact.value)}</span>;
    case "uncertain":
      return <span className="undecided">{fact.value === undefined ? "uncertain" : `${print(fact.value)}, uncertain`}</span>;
    case "not performed":
      return <span className="soft">{fact.reason === undefined ? "not done" : `not done: ${fact.reason}`}</span>;
    default:
      return <Unknown>{unknown}</Unknown>;
  }
}
