const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A Gateway API duration, such as `1h30m` or `250ms`, in milliseconds; `undefined` for anything else. */
export function milliseconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d{1,5}(h|m|s|ms)){1,4}$/.test(value)) return undefined;
  return [...value.matchAll(/(\d+)(ms|h|m|s)/g)].reduce((total, [, amount, unit = '']) => total + Number(amount) * (UNITS[unit] ?? 0), 0);
}
