const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** A DA (or the day of a DT) as ISO 8601: `20260131` is 2026-01-31; the older `2026.01.31` too. Undefined when it is no day. */
export function isoDate(da: string | undefined): string | undefined {
  const [, y, m, d] = /^(\d{4})(?:\.(?=\d\d\.))?(\d\d)\.?(\d\d)/.exec(da ?? "") ?? [];
  if (y === undefined || m === undefined || d === undefined) return undefined;
  const [year, month, day] = [Number(y), Number(m), Number(d)];
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? `${y}-${m}-${d}` : undefined;
}

/** A TM as ISO 8601, as fine as it was given: `1030` is 10:30, `103015.25` is 10:30:15.25. Undefined when it is no time. */
export function isoTime(tm: string | undefined): string | undefined {
  const [, h, m, s, fraction = ""] = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(\.\d{1,6})?)?)?$/.exec(tm?.trim() ?? "") ?? [];
  // 60 is a leap second.
  if (h === undefined || Number(h) > 23 || Number(m ?? 0) > 59 || Number(s ?? 0) > 60) return undefined;
  return m === undefined ? h : s === undefined ? `${h}:${m}` : `${h}:${m}:${s}${fraction}`;
}

/** A DT as ISO 8601: `20260131103015+0100` is 2026-01-31T10:30:15+01:00. Undefined when it is no moment. */
export function isoDateTime(dt: string | undefined): string | undefined {
  const [, da, tm, zone] = /^(\d{8})([\d.]*)([+-]\d{4})?$/.exec(dt?.trim() ?? "") ?? [];
  const [date, time] = [isoDate(da), isoTime(tm)];
  if (date === undefined || tm === "") return date;
  return time === undefined ? undefined : `${date}T${time}${zone === undefined ? "" : `${zone.slice(0, 3)}:${zone.slice(3)}`}`;
}
