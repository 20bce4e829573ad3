const UNITS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};
const LONGEST = 2n ** 63n - 1n;
const MILLISECOND = 1_000_000n;

/** A duration as Go writes it (`1.5s`, `1h2m`, `-3ms`, `0`) in nanoseconds; `undefined` where it is none (Go, `time.ParseDuration`). */
export function nanoseconds(written: string): bigint | undefined {
  const unsigned = written.replace(/^[+-]/, '');
  if (unsigned === '0') return 0n;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(unsigned)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of unsigned.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const size = UNITS[unit] ?? 0n;
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  }
  if (total > LONGEST) return undefined;
  return written.startsWith('-') ? -total : total;
}

/** What the CRDs ask of a duration (istio/api `customresourcedefinitions.gen.yaml`, 1.31). */
export function shortDurationFault(written: string): string | undefined {
  const length = nanoseconds(written);
  if (length === undefined) return notADuration(written);
  return length < MILLISECOND ? `must be 1ms or more, not ${written}` : undefined;
}

/** The same with what istiod adds: whole milliseconds (istio/istio `pkg/config/validation/agent`, ValidateDuration, 1.31). */
export function durationFault(written: string): string | undefined {
  return shortDurationFault(written) ?? (isWholeMilliseconds(written) ? undefined : `must be whole milliseconds, not ${written}`);
}

/** A duration that may be nothing, and then is not looked at more closely (istio/istio, validateConnectionPool, 1.31). */
export function idleDurationFault(written: string): string | undefined {
  const length = nanoseconds(written);
  if (length === undefined) return notADuration(written);
  return length / MILLISECOND === 0n ? undefined : durationFault(written);
}

export function anyDurationFault(written: string): string | undefined {
  return nanoseconds(written) === undefined ? notADuration(written) : undefined;
}

export const isWholeSeconds = (written: string): boolean => (nanoseconds(written) ?? 1n) % 1_000_000_000n === 0n;

const isWholeMilliseconds = (written: string): boolean => (nanoseconds(written) ?? 1n) % MILLISECOND === 0n;

const notADuration = (written: string): string => `${JSON.stringify(written)} is no duration (1.5s, 200ms)`;
