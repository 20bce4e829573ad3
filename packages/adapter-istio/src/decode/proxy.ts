import type { Labels } from '@heddle/core';

/**
 * A proxy, or a set of proxies that get the same configuration. Labels are asked for, never listed: a set of clients knows only
 * which of the label selectors in question it satisfies.
 */
export interface ClientProxy {
  readonly kind: 'sidecar' | 'gateway';
  readonly namespace: string;
  has(labels: Labels): boolean;
}

export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
