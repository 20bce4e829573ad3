import { type Refusal, UserError } from '@heddle/core';

/** A plan's refusals as one error: the first one's code and sentence lead, all are kept for JSON and for the text below it. */
export function refusedError(refusals: readonly Refusal[]): UserError & { readonly refusals: readonly Refusal[] } {
  const next = refusals.map(({ instead }) => instead).filter((step) => step !== undefined);
  const [first] = refusals;
  const error = new UserError({
    code: first?.code ?? 'plan-refused',
    exit: 'refused',
    message: first?.message ?? 'The plan was refused',
    next: [...new Set(next)],
  });
  return Object.assign(error, { refusals });
}
