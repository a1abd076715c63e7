/** What a figure draws beyond findings, through the one place where disciplines meet. */
export { ledger } from "@hapax/radiobiology";
export { sirolimusCourse, type SirolimusCourse } from "@hapax/systemic";
export * from "./lead.ts";
export * from "./open.ts";
export * from "./rules.ts";
export * from "./summary.ts";
export * from "./tumors.ts";
export * from "./workup.ts";
