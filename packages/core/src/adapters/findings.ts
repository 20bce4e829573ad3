import type { Gap, Problem } from '../contracts/mesh-adapter.js';
import type { ObjectRef } from '../model/object.js';

/** Problems and gaps that a decode meets on its way, each said once. */
export interface Findings {
  problem(code: string, message: string, ref?: ObjectRef, more?: Pick<Problem, 'pointer' | 'severity'>): void;
  gap(feature: string, message: string, ref?: ObjectRef): void;
  problems(): readonly Problem[];
  gaps(): readonly Gap[];
}

export function findings(): Findings {
  const problems = new Map<string, Problem>();
  const gaps = new Map<string, Gap>();
  return {
    problem: (code, message, ref, more = {}) =>
      problems.set(`${code} ${message}`, { code, message, ...(ref === undefined ? {} : { ref }), ...more }),
    gap: (feature, message, ref) => gaps.set(`${feature} ${message}`, { feature, message, ...(ref === undefined ? {} : { ref }) }),
    problems: () => [...problems.values()],
    gaps: () => [...gaps.values()],
  };
}
