/**
 * Exit codes of the command line. 0: ok.
 * usage: bad input. refused: the plan says no. cluster: the API server, rights or the network. partial: something is left in the
 * cluster. negative: the answer to the question is no. interrupted: a signal ended it before its work was done, 128 and the signal's number
 * (here SIGINT's).
 */
export const EXIT = { bug: 1, usage: 2, refused: 3, cluster: 4, partial: 5, negative: 6, interrupted: 130 } as const;

export type ExitKind = Exclude<keyof typeof EXIT, 'bug'>;

export interface UserErrorOptions {
  /** Stable, kebab case, listed in docs/errors.md. */
  readonly code: string;
  readonly exit: ExitKind;
  /** One sentence. */
  readonly message: string;
  /** What to do next, most likely first. */
  readonly next?: readonly string[];
  /** Of an input error, the parts of its message. */
  readonly at?: InputFault;
  readonly cause?: unknown;
}

/** What is wrong with an input: where, what was expected, what was there. */
export interface InputFault {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

/** What the user can act on. Recognised by shape (`isUserError`), since a plugin may bring its own copy of this class. */
export class UserError extends Error {
  readonly $$type = '@heddle/UserError';
  readonly code: string;
  readonly exit: ExitKind;
  readonly next: readonly string[];
  readonly at?: InputFault;

  constructor(options: UserErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = options.code;
    this.exit = options.exit;
    this.next = options.next ?? [];
    if (options.at !== undefined) this.at = options.at;
  }
}

export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && '$$type' in error && error.$$type === '@heddle/UserError';
}

/** An input error: where, what was expected, what was there. */
export function inputError(code: string, at: InputFault, next?: readonly string[]): UserError {
  return new UserError({
    code,
    exit: 'usage',
    message: `${at.path}: expected ${at.expected}, received ${at.received}`,
    at,
    ...(next === undefined ? {} : { next }),
  });
}
