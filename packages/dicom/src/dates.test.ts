import { expect, test } from "vitest";
import { isoDate, isoDateTime, isoTime } from "./dates.ts";

test("DA, TM and DT become ISO 8601, as fine as they were given", () => {
  expect([isoDate("20260131"), isoDate("2026.01.31"), isoDate("20240229")]).toEqual(["2026-01-31", "2026-01-31", "2024-02-29"]);
  expect([isoTime("10"), isoTime("1030"), isoTime("103015"), isoTime("103015.250000 ")]).toEqual(["10", "10:30", "10:30:15", "10:30:15.250000"]);
  expect([isoDateTime("20260131"), isoDateTime("20260131103015.5+0100"), isoDateTime("202601311030")]).toEqual(["2026-01-31", "2026-01-31T10:30:15.5+01:00", "2026-01-31T10:30"]);
});

test("what is no day or no time is not recorded", () => {
  expect([undefined, "", "20260230", "20261301", "00000000", "2026", "yesterday", "20230229"].map(isoDate)).toEqual(new Array(8).fill(undefined));
  expect([undefined, "", "24", "1060", "10:", "noon"].map(isoTime)).toEqual(new Array(6).fill(undefined));
});
