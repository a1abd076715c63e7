import type { z } from "zod";
import type { CaseStore } from "@hapax/store";
import type { Compute } from "./compute.ts";
import type { Scanning } from "./scans/index.ts";

/** What a route may use: the cases and their scans, the rules of the house, and who sits at this machine. */
export interface House {
  readonly store: CaseStore;
  readonly scans: Scanning;
  readonly compute: Compute;
  readonly who: string;
  readonly version: string;
}

/** A request as far as a route needs it. */
export interface Ask {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

export type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly bytes: Uint8Array; readonly type: string; readonly name?: string };

/** An operation with its description: one is never without the other. */
export interface Route {
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it: `/api/cases/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Media types taken, with what they hold. */
  readonly takes?: Readonly<Record<string, { readonly about: string; readonly schema?: z.ZodType }>>;
  /** Largest body, bytes, where it is not that of a case. */
  readonly largest?: number;
  /** Media type and meaning of what comes back. */
  readonly gives: readonly [type: string, about: string];
  readonly status?: number;
  /** Problems that it may answer with. */
  readonly problems?: readonly number[];
  handle(house: House, ask: Ask): Promise<Answer> | Answer;
}
