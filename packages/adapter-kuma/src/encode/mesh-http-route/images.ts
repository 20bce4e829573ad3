import { canonicalJson, collectResults, type Owner, ok, type Result } from '@heddle/core';
import { type Raw, record, records, text } from '../../decode/raw.js';
import type { Condition } from './condition.js';
import { conjoin } from './conjoin.js';
import { type ForeignRouteRule, rawRule } from './foreign.js';

/**
 * A user's rule for fewer requests, and with our destinations if it sends to the service. A rule that sends elsewhere is copied too,
 * destinations and all: Kuma orders all rules by how specific they are, and only when every one gains the same conditions do the copies
 * stand to each other as their originals do. `undefined`: no request satisfies both. `backendRefs`: absent for a rule that sends elsewhere.
 */
export function imageOf(
  foreign: ForeignRouteRule,
  conditions: readonly Condition[],
  backendRefs: readonly Raw[] | undefined,
  { owner, joinsRepeated }: { readonly owner: Owner; readonly joinsRepeated: boolean },
): Result<Raw | undefined> {
  const raw = rawRule(foreign);
  const conf = record(raw.default);
  const rule = { where: foreign.where, replacesPrefix: records(conf.filters).some(replacesPrefix), joinsRepeated };
  const met = collectResults(records(raw.matches).flatMap((match) => conditions.map((condition) => conjoin(match, condition, rule))));
  if ('refused' in met) return met;
  const matches = met.ok.filter((match) => match !== undefined);
  const [first] = matches;
  if (first === undefined) return ok(undefined);
  const isEqual = canonicalJson(matches) === canonicalJson(records(raw.matches));
  return ok({
    ...raw,
    // Rules with equal lists of matches merge into one; the first match twice keeps ours a rule of its own, for the same requests.
    matches: isEqual ? [...matches, first] : matches,
    default: backendRefs === undefined ? conf : { ...withoutMirrors(conf, owner), backendRefs },
  });
}

/** Mirrors of the base are not meant for a laptop (principle 4); a standing route keeps them. */
function withoutMirrors(conf: Raw, owner: Owner): Raw {
  if (owner.kind === 'route' || !Array.isArray(conf.filters)) return conf;
  return { ...conf, filters: records(conf.filters).filter(({ type }) => type !== 'RequestMirror') };
}

function replacesPrefix(filter: Raw): boolean {
  return [filter.urlRewrite, filter.requestRedirect].some((change) => record(record(change).path).type === 'ReplacePrefixMatch');
}

/**
 * The rule for requests that no rule of a user matches. With the path `/` a session's also comes before rules that users may add later;
 * where some of theirs have no path or a regular expression, and so come after every prefix, ours has no path either. A rule for all requests has no condition
 * at all: with `/` alone it would be taken for the catch-all that Kuma appends, which everybody's undecided requests go by.
 */
export function implicitImage(conditions: readonly Condition[], backendRefs: readonly Raw[], foreign: readonly ForeignRouteRule[]): Raw {
  const weaker = foreign.some(({ rule }) => rule.matches.some(({ path }) => !['Exact', 'PathPrefix'].includes(text(record(path).type))));
  const everyPath = weaker ? {} : { path: { type: 'PathPrefix', value: '/' } };
  const matches = conditions.map(({ path, method, headers, queryParams }) => ({
    ...(path === undefined ? (method === undefined && headers.length + queryParams.length === 0 ? {} : everyPath) : { path }),
    ...(method === undefined ? {} : { method }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(queryParams.length === 0 ? {} : { queryParams }),
  }));
  return { matches, default: { backendRefs } };
}
