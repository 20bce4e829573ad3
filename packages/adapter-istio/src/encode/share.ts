import { ok, type Result, refuse } from '@heddle/core';

/** Istio's Percent. */
export interface Share {
  readonly value: number;
}

/**
 * A percentage as Istio is to be given it. It counts millionths and cuts the rest off (istio `route.go`,
 * translatePercentToFractionalPercent, 1.31), where 1.13 × 10,000 is a little less than 11,300: then a hair more is written.
 */
export function shareOf(percent: number, what: string): Result<Share> {
  const millionths = Math.round(percent * 10_000);
  const isExact = Math.abs(percent * 10_000 - millionths) < 1e-6;
  if (!isExact || percent < 0 || percent > 100) {
    return refuse(
      'invalid-percent',
      `${what}: expected a percentage from 0 to 100 with four decimal places at most, received ${percent}`,
      'Istio counts in ten-thousandths of a percent: round it',
    );
  }
  return ok({ value: Math.trunc(percent * 10_000) === millionths ? percent : Number((percent + 0.000_01).toFixed(5)) });
}
