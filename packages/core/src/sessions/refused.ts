import { UserError } from '../errors/user-error.js';
import type { Refusal } from '../model/change.js';

/** Refusals as an error: the first one's code and sentence, with all the others and what would work instead as next steps. */
export function refusedError(refusals: readonly Refusal[], cause?: unknown): UserError {
  const [first, ...others] = refusals;
  return new UserError({
    code: first?.code ?? 'refused',
    exit: 'refused',
    message: [first?.message ?? 'The plan was refused', ...others.map((refusal) => refusal.message)].join('; '),
    next: refusals.flatMap(({ instead }) => (instead === undefined ? [] : [instead])),
    ...(cause === undefined ? {} : { cause }),
  });
}
