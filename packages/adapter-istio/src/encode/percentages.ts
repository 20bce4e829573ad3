/** Relative weights as whole percentages that sum to 100, which webhooks demanded up to Istio 1.14; `undefined` where they are none. */
export function percentages(weights: readonly number[]): readonly number[] | undefined {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const parts = weights.map((weight) => (100 * weight) / sum);
  return parts.every(Number.isInteger) ? parts : undefined;
}
