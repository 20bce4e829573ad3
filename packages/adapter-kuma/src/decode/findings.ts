import type { Gap, ObjectRef, Problem } from '@heddle/core';

/** Problems and gaps met on the way, each said once. */
export interface Findings {
  problem(code: string, message: string, ref?: ObjectRef): void;
  gap(feature: string, message: string, ref?: ObjectRef): void;
  problems(): readonly Problem[];
  gaps(): readonly Gap[];
}

export function findings(): Findings {
  const problems = new Map<string, Problem>();
  const gaps = new Map<string, Gap>();
  return {
    problem: (code, message, ref) => problems.set(`${code} ${message}`, { code, message, ...(ref === undefined ? {} : { ref }) }),
    gap: (feature, message, ref) => gaps.set(`${feature} ${message}`, { feature, message, ...(ref === undefined ? {} : { ref }) }),
    problems: () => [...problems.values()],
    gaps: () => [...gaps.values()],
  };
}
