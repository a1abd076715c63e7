import { readFile } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

export interface Asset {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly cache: string;
}

/**
 * A file of the built workbench; a page's own address gives index.html, since its pages are drawn in the browser.
 *
 * @param root  the folder that was built
 * @param path  path of the address, still encoded
 * @returns     undefined when there is no such file
 */
export async function assetOf(root: string, path: string): Promise<Asset | undefined> {
  const whole = resolve(root);
  let wanted: string;
  try {
    wanted = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (wanted.includes("\0")) return undefined;
  const isPage = extname(wanted) === "";
  const file = isPage ? join(whole, "index.html") : resolve(join(whole, wanted));
  if (!file.startsWith(whole + sep)) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  // The name of a file under assets/ changes with its content.
  const cache = wanted.startsWith("/assets/") ? "private, max-age=31536000, immutable" : "no-cache";
  return { bytes, type: types[extname(file)] ?? "application/octet-stream", cache };
}
