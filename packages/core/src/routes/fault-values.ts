/** What a delay, a share of requests and an abort's status are, in words, for whoever refuses another. */
export const DURATION = 'a duration such as 7s, 500ms or 1m';
export const PERCENT = 'a percentage above 0, up to 100, with four decimals at most';
export const ABORT_STATUS = 'an HTTP status from 200 to 599';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `7s`, `500ms`, `1.5s`, `1m30s` in milliseconds; `undefined` where it is none, not whole in milliseconds, or nothing at all. */
export function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  const ms = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? Number.NaN), 0);
  const whole = Math.round(ms);
  return whole > 0 && Number.isSafeInteger(whole) && Math.abs(whole - ms) < 1e-6 ? whole : undefined;
}

/** Proxies count requests by the million at the finest (Envoy, type.v3.FractionalPercent). */
export function isPercent(value: number): boolean {
  return value > 0 && value <= 100 && Math.abs(value * 10_000 - Math.round(value * 10_000)) < 1e-6;
}

/** As Envoy takes it (extensions.filters.http.fault.v3.FaultAbort, http_status). */
export const isAbortStatus = (value: number): boolean => Number.isInteger(value) && value >= 200 && value < 600;
