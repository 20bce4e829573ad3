import type { Problem } from '@heddle/core';

/** A problem whose cure is a command of heddle's: that names the same cluster. `flags`: what it needs for that, with a space before. */
export function withFlags(problem: Problem, flags: string): Problem {
  return problem.fix?.startsWith('heddle ') === true ? { ...problem, fix: `${problem.fix}${flags}` } : problem;
}
