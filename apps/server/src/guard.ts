import { createHash, timingSafeEqual } from "node:crypto";
import { HapaxError } from "@hapax/base";

/** Names by which this machine calls itself; any other name in Host is a page of the web that was led here. */
const hostPattern = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/**
 * Holds a request against where it says it goes and comes from.
 *
 * @throws server/host when it was addressed to another name (DNS rebinding), server/origin when a page of another
 *         site sent it
 */
export function checkAddress(headers: Headers): void {
  const host = headers.get("host") ?? "";
  if (!hostPattern.test(host)) {
    throw new HapaxError("server/host", `The request was addressed to ${JSON.stringify(host.slice(0, 80))}, which is not this machine.`, "Open the address that ./run printed.");
  }
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const mode = headers.get("sec-fetch-mode");
  // A link on another page may open the workbench; nothing of another page may read or write it.
  const foreign = site !== null && site !== "same-origin" && site !== "none" && mode !== "navigate";
  if ((origin !== null && origin !== `http://${host}`) || foreign) {
    throw new HapaxError("server/origin", "A page of another site sent this request.", "Use the workbench at the address that ./run printed.");
  }
}

/** True when two secrets are equal; takes as long whatever their first difference. */
export function isSame(given: string, secret: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

/**
 * The token that a request brings, as a bearer or in the cookie that the first page set.
 *
 * @param cookie  name of the cookie
 */
export function tokenOf(headers: Headers, cookie: string): string | undefined {
  const bearer = /^Bearer ([\w-]{1,200})$/.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return bearer;
  for (const part of (headers.get("cookie") ?? "").split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === cookie) return value;
  }
  return undefined;
}

const common = {
  // Both are needed for SharedArrayBuffer, and keep other pages out of this one's process.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "x-dns-prefetch-control": "off",
};

/** The workbench loads what this server has and nothing else. */
export const pageHeaders: Readonly<Record<string, string>> = {
  ...common,
  "content-security-policy": [
    "default-src 'self'",
    // WebAssembly is compiled, for doses; text is still not made into code.
    "script-src 'self' 'wasm-unsafe-eval'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; "),
};

/** A document that was made from a record: shown, never run. */
export const documentHeaders: Readonly<Record<string, string>> = {
  ...common,
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
};

/** A browser's own viewer of PDF does not open in a sandbox. */
export const viewerHeaders: Readonly<Record<string, string>> = { ...common, "content-security-policy": "frame-ancestors 'self'" };
