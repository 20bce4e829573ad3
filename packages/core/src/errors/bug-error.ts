/** Our fault: an invariant that does not hold. Asks for a report. */
export class BugError extends Error {
  readonly $$type = '@heddle/BugError';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BugError';
  }
}
