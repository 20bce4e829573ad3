import type { KeyObject } from 'node:crypto';
import { BugError, isRecord } from '@heddle/core';

const TYPE = '@heddle/tunnel-ssh/credentials';

/** `Agent.credentials` of this provider. */
export interface Credentials {
  readonly $$type: typeof TYPE;
  readonly clientKey: KeyObject;
  readonly clientPublic: Buffer;
  /** The pinned host key. */
  readonly hostPublic: Buffer;
}

export function credentials(keys: Omit<Credentials, '$$type'>): Credentials {
  return { $$type: TYPE, ...keys };
}

export function credentialsOf(value: unknown): Credentials {
  if (isRecord(value) && value.$$type === TYPE) return value as unknown as Credentials;
  throw new BugError('the agent was made by another tunnel provider');
}
