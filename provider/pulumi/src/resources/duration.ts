const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** A hundred years: far beyond any token, and a date that RFC 3339 can write. */
const DURATION_MILLISECONDS_MAX = 36_525 * 86_400_000;

/**
 * Reads a span of time such as `90m`, `12h`, `30d`, `2w` or `1d12h`, in milliseconds; undefined where the
 * text is none.
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}[smhdw]){1,5}$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g)) {
    total += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  }
  return total > 0 && total <= DURATION_MILLISECONDS_MAX ? total : undefined;
}
