import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importBundle } from "@hapax/files";
import { workup } from "@hapax/workup";
import { openWorkbench, withoutBrowser, type Workbench } from "./workbench.ts";

describe.skipIf(withoutBrowser)("a pathologist types in a uterine PEComa from blank (needs Chromium)", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
  }, 60_000);
  afterAll(() => bench?.close());

  const main = () => bench.page.getByRole("main");
  const fill = async (label: string | RegExp, value: string) => {
    const field = main().getByRole("textbox", { name: label }).first();
    await field.fill(value);
    await field.blur();
  };
  const choose = (label: string | RegExp, value: string) => main().getByRole("combobox", { name: label }).first().selectOption(value);
  const saved = () => bench.page.waitForFunction(async () => (await (await fetch("/api/cases/case-c")).json()).record.entries.length >= 1);
  const stored = async () => bench.page.evaluate(async () => (await fetch("/api/cases/case-c")).json());
  const answers = async () => {
    const { findings } = workup((await stored()).record);
    const text = (rule: string) => findings.find((f) => f.rule === rule)?.text;
    return {
      schoolmeester: text("pathology/schoolmeester2014"),
      bennett: text("pathology/bennett2018"),
      garzon: text("pathology/garzon2022"),
      pecPro: text("pathology/pec-pro"),
    };
  };

  test("every input of the schemes has its field", async () => {
    await bench.goto("/cases");
    await bench.page.keyboard.press("n");
    await bench.page.getByLabel("Name of the case").fill("Case C");
    await bench.page.getByRole("button", { name: "Start the case" }).click();
    await bench.page.waitForURL(/case-c\/record/);
    await main().getByRole("link", { name: "Patient" }).click();
    await fill("Age", "48");
    await choose(/^Sex$/, "female");
    await main().getByRole("button", { name: "Add histology" }).click();
    await fill(/^Diagnosis/, "PEComa of the uterus");
    await choose(/^Site, as the schemes group it$/, "uterus");
    await fill(/^Size$/, "6.0");
    await choose(/^Infiltrative growth$/, "no");
    await choose(/^Nuclear grade$/, "high");
    await choose(/^High cellularity$/, "yes");
    await fill(/^Count/, "3");
    await fill(/^High-power fields/, "50");
    await choose(/^Necrosis$/, "no");
    await choose(/^Lymphovascular invasion$/, "no");
    await choose(/^Resected$/, "yes");
    await choose(/^Margins$/, "R0");
    await saved();
    await bench.page.waitForFunction(async () =>
      JSON.stringify((await (await fetch("/api/cases/case-c")).json()).record.entries).includes("R0"),
    );
  });

  test("the schemes differ as published", async () => {
    // size, grade and mitoses: 3 features. Schoolmeester asks 4, Bennett 3; Garzon counts neither 6 cm nor 3 mitoses.
    expect(await answers()).toEqual({
      schoolmeester: expect.stringMatching(/^not malignant/),
      bennett: expect.stringMatching(/^malignant/),
      garzon: expect.stringMatching(/^not malignant/),
      pecPro: expect.stringMatching(/^low/),
    });
  });

  test("the pathology page says the same", async () => {
    await bench.goto("/case/case-c/pathology");
    const text = await main().innerText();
    expect(text).toContain("Bennett");
    expect(text.toLowerCase()).toContain("not malignant");
  });

  test("it survives a restart", async () => {
    const before = await stored();
    await bench.restart();
    expect((await stored()).record).toEqual(before.record);
  });

  test("it exports and imports equal", async () => {
    const { record } = await stored();
    await bench.goto("/cases");
    const row = main().getByRole("row").filter({ hasText: "Case C" });
    const [download] = await Promise.all([bench.page.waitForEvent("download"), row.getByRole("link", { name: /export/i }).click()]);
    const bundle = await readFile(await download.path());
    expect((await importBundle(bundle, "case-c.zip")).record).toEqual(record);

    await row.getByRole("button", { name: /remove/i }).click();
    await row.waitFor({ state: "detached" });
    await bench.page.locator("input[type=file]").setInputFiles({ name: "case-c.zip", mimeType: "application/zip", buffer: bundle });
    await bench.page.waitForURL(/case-c\/board/);
    expect((await stored()).record).toEqual(record);
  });

  test("a change is undone with Ctrl Z, and the record is as before", async () => {
    const before = await stored();
    await bench.goto("/case/case-c/record?entry=histology-1");
    await choose(/^Necrosis$/, "yes");
    await bench.page.waitForFunction(async () => JSON.stringify((await (await fetch("/api/cases/case-c")).json()).record).includes('"necrosis":{"state":"recorded","value":true'));
    await main().getByRole("heading", { level: 1 }).click();
    await bench.page.keyboard.press("Control+z");
    await bench.page.waitForFunction(async () => JSON.stringify((await (await fetch("/api/cases/case-c")).json()).record).includes('"necrosis":{"state":"recorded","value":false'));
    expect((await stored()).record).toEqual(before.record);
  });

  test("the history says what each change was, and an earlier record is restored as a new one", async () => {
    const before = await stored();
    await bench.goto("/case/case-c/record?entry=histology-1");
    await choose(/^Margins$/, "R1");
    await bench.page.waitForFunction(async () => JSON.stringify((await (await fetch("/api/cases/case-c")).json()).record).includes("R1"));
    await main().getByRole("link", { name: "History" }).click();
    await main().getByRole("button", { name: new RegExp(`^Revision ${before.revision + 1} `) }).click();
    await main().getByRole("list", { name: `Changed against revision ${before.revision}` }).waitFor();
    expect(await main().getByRole("definition").allInnerTexts()).toEqual(["R0 → R1"]);

    // By keys alone: down to the row of the revision before, into it, and to its button.
    await bench.page.keyboard.press("j");
    await bench.page.keyboard.press("Enter");
    const restore = main().getByRole("button", { name: `Restore revision ${before.revision}` });
    await restore.focus();
    await bench.page.keyboard.press("Enter");
    await main().getByText(`restored revision ${before.revision}`).waitFor();
    const after = await stored();
    expect(after.record).toEqual(before.record);
    expect(after.revision).toBe(before.revision + 2);
  });

  test("script in a name stays text", async () => {
    await bench.goto("/cases");
    await bench.page.evaluate(async () => {
      await fetch("/api/cases", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: '<img src=x onerror="document.title=1"><script>document.title=2</script>', tumor: "pecoma", id: "hostile" }),
      });
    });
    for (const page of ["/cases", "/case/hostile/board", "/case/hostile/record", "/case/hostile/write-up"]) {
      await bench.goto(page);
      expect(await bench.page.title()).not.toMatch(/^[12]$/);
      expect(await bench.page.locator("img[src=x]").count()).toBe(0);
    }
    expect(bench.complaints).toEqual([]);
  });
});
