import { BugError, isRecord } from '@heddle/core';

const TYPE = '@heddle/tunnel-direct/credentials';

/** `Agent.credentials` of this provider. */
export interface Credentials {
  readonly $$type: typeof TYPE;
  /** A function, so that nothing that prints credentials prints it. */
  readonly token: () => Buffer;
}

export function credentials(token: Buffer): Credentials {
  return { $$type: TYPE, token: () => token };
}

export function credentialsOf(value: unknown): Credentials {
  if (isRecord(value) && value.$$type === TYPE) return value as unknown as Credentials;
  throw new BugError('the agent was made by another tunnel provider');
}
