import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { houseCompute, startServer, type Running } from "@hapax/server";

const root = new URL("../", import.meta.url).pathname;

/** Where the system keeps its Chromium; undefined where it has none. */
export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p));

/** Under HAPAX_REQUIRE_ALL a test without its component fails instead of being skipped. */
export const withoutBrowser = chromiumPath === undefined && process.env["HAPAX_REQUIRE_ALL"] !== "1";

/** The workbench as a person starts it: a server on a store of its own, and a browser at its address. */
export interface Workbench {
  readonly server: Running;
  readonly page: Page;
  /** Everything that the page wrote as an error, and every request that left this machine. */
  readonly complaints: string[];
  goto(path: string): Promise<void>;
  /** Stops the server and starts it again on the same store, and opens it anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkbench(size = { width: 1440, height: 900 }): Promise<Workbench> {
  const data = await mkdtemp(join(tmpdir(), "hapax-workbench-"));
  const start = () =>
    startServer({ compute: houseCompute, port: 0, data, seed: [join(root, "cases/leach2025")], web: join(root, "apps/web/dist") });
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath ?? "chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const complaints: string[] = [];
  let server = await start();
  let context: BrowserContext | undefined;
  let page: Page | undefined;
  const enter = async () => {
    await context?.close();
    context = await browser.newContext({ viewport: size, acceptDownloads: true });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("request", (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && hostname !== "127.0.0.1") complaints.push(`asked ${request.url()}`);
    });
    await page.goto(server.url);
  };
  await enter();
  return {
    get server() {
      return server;
    },
    get page() {
      return page as Page;
    },
    complaints,
    goto: async (path) => {
      await page?.goto(`http://127.0.0.1:${server.port}${path}`);
      // A page is there when its heading is: until then the record is on its way.
      await page?.getByRole("main").getByRole("heading", { level: 1 }).first().waitFor();
    },
    restart: async () => {
      await server.close();
      server = await start();
      await enter();
    },
    close: async () => {
      await browser.close();
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Drops files on an element of the page, as a hand does from a folder. */
export async function dropFiles(page: Page, selector: string, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
  await page.route("**/dropped/*", (route) => route.fulfill({ body: Buffer.from(files[Number(route.request().url().split("/").at(-1))]?.bytes ?? []) }));
  const dropped = await page.evaluateHandle(async (names) => {
    const transfer = new DataTransfer();
    for (const [i, name] of names.entries()) transfer.items.add(new File([await (await fetch(`/dropped/${i}`)).arrayBuffer()], name));
    return transfer;
  }, files.map(({ name }) => name));
  await page.locator(selector).dispatchEvent("drop", { dataTransfer: dropped });
  await page.unroute("**/dropped/*");
}
