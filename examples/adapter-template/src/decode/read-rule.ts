import type { Action, Destination, Rule } from '@heddle/core';
import { others, type Raw, record, records } from '../raw.js';
import { backendsOf, type DestinationOf, isService } from './backends.js';
import { milliseconds } from './milliseconds.js';
import { readFilters } from './read-filters.js';

const KNOWN = ['name', 'matches', 'filters', 'backendRefs', 'timeouts', 'retry'];

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
