import type { Owner } from '@heddle/core';

/** Everything before the first slash is heddle's; no rule that a user names this way can be told from ours. */
export const RESERVED_PREFIX = 'heddle/';

/** `heddle/<session|route>/<namespace>/<id>/<n>`: a rule of ours says itself whose it is (design §6). */
export function ruleName(owner: Owner, n: number): string {
  return `${RESERVED_PREFIX}${owner.kind}/${owner.namespace}/${owner.id}/${n}`;
}

export interface RuleName {
  readonly owner: Owner;
  readonly n: number;
}

/** `undefined` for names that are not exactly of our form. */
export function parseRuleName(name: unknown): RuleName | undefined {
  if (typeof name !== 'string') return undefined;
  const found = /^heddle\/(session|route)\/([^/]+)\/([^/]+)\/(0|[1-9]\d*)$/.exec(name);
  const [, kind, namespace, id, n] = found ?? [];
  if ((kind !== 'session' && kind !== 'route') || namespace === undefined || id === undefined) return undefined;
  return { owner: { kind, namespace, id }, n: Number(n) };
}

/** The catch-all in a VirtualService of our own: it gives everybody what they had without one, so it has no owner. */
export function fallbackName(port: number): string {
  return `${RESERVED_PREFIX}fallback/${port}`;
}

export function isFallbackName(name: unknown): boolean {
  return typeof name === 'string' && /^heddle\/fallback\/\d+$/.test(name);
}

/** A name that only heddle may give but that is none of ours: refused, since it could not be told apart later. */
export function isForeignReservedName(name: unknown): boolean {
  return typeof name === 'string' && name.startsWith(RESERVED_PREFIX) && parseRuleName(name) === undefined && !isFallbackName(name);
}
