import type { MeshEnvironment } from '@heddle/core';
import { isBefore } from '../capabilities/version.js';
import { percentages } from '../encode/percentages.js';

/** Shares as Istio takes them; `exact` is false where they are not quite those asked for. */
export interface Shares {
  readonly weights: readonly number[];
  readonly exact: boolean;
}

/**
 * Percentages where all are whole; else the weights themselves, in the smallest numbers, which Istio takes from 1.15 on (istio
 * `pkg/config/validation`, validateHTTPRouteDestinations, 1.14 and 1.31); else the nearest percentages.
 */
export function sharesOf(weights: readonly number[], env: MeshEnvironment): Shares {
  const whole = percentages(weights);
  if (whole !== undefined) return { weights: whole, exact: true };
  if (!isBefore(15, env) && weights.every(Number.isSafeInteger)) {
    const divisor = weights.reduce(greatestCommon);
    return { weights: weights.map((weight) => weight / divisor), exact: true };
  }
  return { weights: nearest(weights), exact: false };
}

/** Whole percentages that sum to 100: those cut off most are raised first. */
function nearest(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const parts = weights.map((weight) => (100 * weight) / sum);
  const missing = 100 - parts.reduce((total, part) => total + Math.floor(part), 0);
  const raised = parts
    .map((part, index) => ({ index, cut: part - Math.floor(part) }))
    .sort((a, b) => b.cut - a.cut || a.index - b.index)
    .slice(0, missing)
    .map(({ index }) => index);
  return parts.map((part, index) => Math.floor(part) + (raised.includes(index) ? 1 : 0));
}

const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b));
