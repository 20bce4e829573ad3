import type { Action, Destination, Rule } from '@heddle/core';
import { number, others, type Raw, record, records, text } from '../raw.js';
import { milliseconds } from './milliseconds.js';
import { readFilters } from './read-filters.js';

/** A backend as a rule names it. */
export interface Backend {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly weight: number;
}

export type DestinationOf = (backend: Backend) => Destination;

const KNOWN = ['name', 'matches', 'filters', 'backendRefs', 'timeouts', 'retry'];

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

const isService = ({ kind, group }: Raw) => (kind === undefined || kind === 'Service') && (group === undefined || group === '');

/** What a rule does with the requests that it decides. `opaque` holds what this page cannot express: the answer then depends on it. */
export function readRule(rule: Raw, namespace: string, destinationOf: DestinationOf): Omit<Rule, 'match' | 'owner' | 'origins'> {
  const filters = readFilters(records(rule.filters), namespace, destinationOf);
  const backends = backendsOf(rule, namespace).map(destinationOf);
  const timeouts = record(rule.timeouts);
  const timeoutMs = milliseconds(timeouts.request) ?? (rule.retry === undefined ? milliseconds(timeouts.backendRequest) : undefined);
  const opaque = { ...filters.opaque, ...unexpressed(rule, backends) };
  const { redirect, opaque: _opaque, ...effects } = filters;
  return {
    action: redirect === undefined ? actionOf(backends) : { redirect },
    ...effects,
    ...(timeoutMs === undefined || timeoutMs === 0 ? {} : { timeoutMs }),
    ...(rule.retry === undefined ? {} : { retry: rule.retry }),
    ...(Object.keys(opaque).length === 0 ? {} : { opaque }),
  };
}

/** Without a backend that exists the proxy answers 500 itself (Gateway API, HTTPRouteRule, `backendRefs`). */
function actionOf(backends: readonly Destination[]): Action {
  return backends.some(({ endpoints }) => endpoints !== 'no-cluster') ? { to: backends } : { status: 500 };
}

function unexpressed(rule: Raw, backends: readonly Destination[]): Raw {
  const refs = records(rule.backendRefs);
  const strange = refs.filter((ref) => !isService(ref));
  const filtered = refs.filter(({ filters }) => records(filters).length > 0);
  const missing = backends.filter(({ endpoints }) => endpoints === 'no-cluster').map(({ host }) => host);
  return {
    ...others(rule, KNOWN),
    ...(strange.length === 0 ? {} : { 'backends that are no Services': strange }),
    ...(filtered.length === 0 ? {} : { 'filters of single backends': filtered }),
    // The model knows 503 for a missing destination, and this is 500.
    ...(missing.length === 0 || missing.length === backends.length ? {} : { 'missing backends': missing }),
  };
}
