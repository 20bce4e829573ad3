import type { Rule } from '../model/table.js';
import type { Regexes } from './re2.js';
import type { RequestView } from './request-view.js';
import { strHolds } from './str-condition.js';

/**
 * Whether the proxy answers a request that a rule takes as a preflight (envoy `source/extensions/filters/http/cors/cors_filter.cc`): it
 * does so after faults and before it looks for a destination. A condition that the text `*` fulfils allows every origin. Observed with
 * Envoy 1.40.
 */
export function answersPreflight({ action, preflight }: Rule, view: RequestView, regexes: Regexes): boolean {
  if (preflight === undefined || typeof action === 'string' || !('to' in action) || view.request.method !== 'OPTIONS') return false;
  const origin = joined(view.header('origin'));
  if (origin === '' || joined(view.header('access-control-request-method')) === '') return false;
  return preflight === 'all' || preflight.some((is) => strHolds(is, ['*'], regexes) || strHolds(is, [origin], regexes));
}

/** Repeated, such a header counts as one; empty ones are left out. */
const joined = (values: readonly string[]): string => values.filter((value) => value !== '').join(',');
