import type { Destination } from '@heddle/core';
import { number, type Raw, records, text } from '../raw.js';

/** A backend as a rule names it. */
export interface Backend {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly weight: number;
}

export type DestinationOf = (backend: Backend) => Destination;

/** Backends of a rule that get requests: a weight is 1 unless said, and 0 gets none. Only Services are understood. */
export function backendsOf(rule: Raw, namespace: string): readonly Backend[] {
  return records(rule.backendRefs)
    .filter(isService)
    .map((ref) => ({
      namespace: text(ref.namespace) || namespace,
      name: text(ref.name),
      port: number(ref.port) ?? 0,
      weight: number(ref.weight) ?? 1,
    }))
    .filter(({ weight }) => weight > 0);
}

export const isService = ({ kind, group }: Raw) => (kind === undefined || kind === 'Service') && (group === undefined || group === '');
