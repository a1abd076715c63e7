import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

const folder = fileURLToPath(new URL("../../shared/data/", import.meta.url));

/** Path of real data that lies beside the checkout and is never part of it. */
export const sharedPath = (path: string): string => folder + path;

/** A test on real data, skipped by name where they are not there. */
export const testWith = (path: string) => test.skipIf(!existsSync(sharedPath(path)) && process.env["HAPAX_REQUIRE_ALL"] !== "1");
