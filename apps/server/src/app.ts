import { Hono, type Context } from "hono";
import { HapaxError } from "@hapax/base";
import { assetOf } from "./assets.ts";
import { readBody } from "./body.ts";
import { checkAddress, documentHeaders, isSame, pageHeaders, tokenOf, viewerHeaders } from "./guard.ts";
import { statusOf, tellable } from "./problems.ts";
import type { Answer, House, Route } from "./route.ts";
import { routes } from "./routes.ts";

export interface AppOptions extends House {
  readonly token: string;
  /** Folder of the built workbench. */
  readonly web: string;
  /** Cookies are shared by all ports of a machine: the port keeps two servers apart. */
  readonly port: () => number;
  /** Told of errors that were not foreseen. */
  readonly log?: (error: unknown) => void;
}

/**
 * The server as a function from a request to a response, with no port of its own.
 *
 * Every request is held against its address and its token before anything else is looked at.
 */
export function createApp(options: AppOptions): Hono {
  const { token, web, port, log = console.error } = options;
  const app = new Hono();
  const cookie = () => `hapax-${port()}`;

  const refuse = (context: Context, error: unknown) => {
    const told = tellable(error, log);
    const body = JSON.stringify(told);
    return context.body(body, statusOf(told) as 400, { "content-type": "application/json", "cache-control": "no-store" });
  };

  app.use(async (context, next) => {
    for (const [header, value] of Object.entries(pageHeaders)) context.header(header, value);
    const url = new URL(context.req.url);
    try {
      checkAddress(context.req.raw.headers);
      const given = url.searchParams.get("token");
      if (given !== null && context.req.method === "GET") {
        if (!isSame(given, token)) throw noToken();
        url.searchParams.delete("token");
        context.header("set-cookie", `${cookie()}=${token}; HttpOnly; SameSite=Strict; Path=/`);
        context.header("cache-control", "no-store");
        return context.redirect(url.pathname.replace(/^\/+/, "/") + url.search, 303);
      }
      if (url.pathname !== "/api/health" && !isSame(tokenOf(context.req.raw.headers, cookie()) ?? "", token)) {
        if (!url.pathname.startsWith("/api/")) return context.text("This window is not signed in. Open the address that ./run printed.\n", 401);
        throw noToken();
      }
    } catch (error) {
      return refuse(context, error);
    }
    await next();
  });

  for (const route of routes) {
    const pattern = patternOf(route.path);
    app.on(route.method.toUpperCase(), honoPath(route.path), async (context) => {
      try {
        const body = route.takes === undefined ? new Uint8Array() : await readBody(checkMedia(context.req.raw, route), route.largest);
        const parameters = decode(pattern.exec(new URL(context.req.url).pathname)?.groups ?? {});
        return send(context, await route.handle(options, { parameters, query: new URL(context.req.url).searchParams, body }), route);
      } catch (error) {
        return refuse(context, error);
      }
    });
  }

  app.all("/api/*", (context) => {
    const there = routes.some((r) => patternOf(r.path).test(new URL(context.req.url).pathname));
    const { method, path } = context.req;
    const error = there
      ? new HapaxError("server/method", `${path} does not take ${method}.`, "See /api/openapi.json.")
      : new HapaxError("server/not-found", `${path.slice(0, 200)} is not there.`, "See /api/openapi.json.");
    return refuse(context, error);
  });

  app.get("*", async (context) => {
    const asset = await assetOf(web, new URL(context.req.url).pathname);
    if (asset !== undefined) return context.body(bytesOf(asset.bytes), 200, { "content-type": asset.type, "cache-control": asset.cache });
    const built = (await assetOf(web, "/")) !== undefined;
    return built ? context.text("Not here.\n", 404) : context.text("The workbench has not been built. Start it with ./run.\n", 503);
  });

  app.onError((error, context) => refuse(context, error));
  return app;
}

function send(context: Context, answer: Answer, route: Route): Response {
  context.header("cache-control", "no-store");
  if ("json" in answer) {
    return context.body(JSON.stringify(answer.json), (answer.status ?? 200) as 200, { "content-type": "application/json" });
  }
  // What was made from a record is a document: it is shown and never run.
  for (const [header, value] of Object.entries(answer.type === "application/pdf" ? viewerHeaders : documentHeaders)) context.header(header, value);
  context.header("content-type", answer.type);
  if (answer.name !== undefined) {
    const shown = /^(?:image|application\/pdf)/.test(answer.type) ? "inline" : "attachment";
    context.header("content-disposition", `${shown}; filename="${answer.name}"`);
  }
  return context.body(bytesOf(answer.bytes), (route.status ?? 200) as 200);
}

/** A form of another site can send text/plain and its like without asking; it cannot send what a route takes. */
function checkMedia(request: Request, route: Route): Request {
  const media = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const known = Object.keys(route.takes ?? {});
  // Browsers name a dropped zip in two ways, and some name nothing for a file.
  const alike = known.includes("application/zip") && (media === "application/x-zip-compressed" || media === "");
  if (!alike && !known.includes(media)) {
    throw new HapaxError("server/media-type", `${route.path} does not take ${media || "a body without a type"}.`, `Send ${known.join(" or ")}.`);
  }
  return request;
}

const segmentPattern = /\{(\w+)\}/g;

function patternOf(path: string): RegExp {
  const escaped = path.replace(/\./g, "\\.").replace(segmentPattern, (_, key: string) => `(?<${key}>[^/]+?)`);
  return new RegExp(`^${escaped}$`);
}

/** `{name}.{kind}` has two parameters in one segment, which the router cannot tell apart. */
function honoPath(path: string): string {
  return path
    .split("/")
    .map((segment) => {
      const keys = [...segment.matchAll(segmentPattern)].map((m) => m[1]);
      if (keys.length === 0) return segment;
      if (segment === `{${keys[0]}}`) return `:${keys[0]}`;
      return `:${keys[0]}{${segment.replace(/\./g, "\\.").replace(segmentPattern, "[^/]+")}}`;
    })
    .join("/");
}

function decode(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([key, value]) => {
      try {
        return [key, decodeURIComponent(value)];
      } catch {
        throw new HapaxError("server/not-found", "The address is not one that can be read.", "See /api/openapi.json.");
      }
    }),
  );
}

function noToken(): HapaxError {
  return new HapaxError("server/token", "The request has no token, or that of an earlier start.", "Open the address that ./run printed, or send it as a bearer.");
}

function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
