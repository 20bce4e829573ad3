import type { Rule, Str } from '@heddle/core';
import { type Raw, record, records, text, texts } from './raw.js';

/**
 * Which preflight requests a `corsPolicy` has the proxy answer (istio `pilot/pkg/networking/core/route/route.go`, `TranslateCORSPolicy`,
 * 1.31): those of its origins, and with `unmatchedPreflights: IGNORE` all. The old `allowOrigin` counts where there is no `allowOrigins`.
 */
export function preflightOf(policy: unknown): Rule['preflight'] {
  if (policy == null) return undefined;
  const { allowOrigins, allowOrigin, unmatchedPreflights } = record(policy);
  if (unmatchedPreflights === 'IGNORE') return 'all';
  const conditions = records(allowOrigins);
  const origins = conditions.length > 0 ? conditions.flatMap(originCondition) : texts(allowOrigin).map((exact): Str => ({ exact }));
  return origins.length === 0 ? undefined : origins;
}

/** One without a condition is passed over. */
function originCondition(raw: Raw): readonly Str[] {
  if (text(raw.exact) !== '') return [{ exact: text(raw.exact) }];
  if (text(raw.prefix) !== '') return [{ prefix: text(raw.prefix) }];
  return text(raw.regex) === '' ? [] : [{ regex: text(raw.regex) }];
}
