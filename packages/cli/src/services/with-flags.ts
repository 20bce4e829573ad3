import type { Problem, Refusal } from '@heddle/core';

/** A command of heddle's at the end of a text; what comes before it ends with a colon, or is nothing. */
const COMMAND = /(?:^|: )heddle (?:route|sessions|clean)\b[^:;,]*$/;

/** Where a text ends with a command of heddle's, that names the same cluster. `flags`: what it needs for that, with a space before. */
const toHere = (text: string, flags: string): string => (COMMAND.test(text) ? `${text}${flags}` : text);

export function withFlags(problem: Problem, flags: string): Problem {
  return problem.fix === undefined ? problem : { ...problem, fix: toHere(problem.fix, flags) };
}

export function refusalWithFlags(refusal: Refusal, flags: string): Refusal {
  return refusal.instead === undefined ? refusal : { ...refusal, instead: toHere(refusal.instead, flags) };
}
