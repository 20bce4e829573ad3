import { collectResults, type Owner, ok, type Result } from '@heddle/core';
import { replacesPrefix } from '../../decode/compile-filters.js';
import { type Raw, record, records, text } from '../../decode/raw.js';
import type { Condition } from './condition.js';
import { conjoin } from './conjoin.js';
import { type ForeignRouteRule, rawRule } from './foreign.js';
import { atHome, type Home } from './home.js';
import type { MatchDraft, RuleDraft } from './rule-draft.js';

/** What becomes of requests that a rule is for; what is absent stays as the rule beneath has it. */
export interface Treatment {
  readonly owner: Owner;
  readonly backendRefs?: readonly Raw[];
  readonly mirror?: Raw;
}

/** An intent in a MeshHTTPRoute's words: any of the conditions. */
export interface Conditional {
  readonly intent: number;
  readonly conditions: readonly Condition[];
}

/**
 * A user's rule for fewer requests, and treated as wanted if it sends to the service. A rule that sends elsewhere (`treatment` is absent)
 * is copied too, as it is: Kuma orders all rules by how specific they are, and only when every one gains the same conditions do the copies
 * stand to each other as their originals do. `undefined`: no request satisfies both.
 */
export function imageOf(
  foreign: ForeignRouteRule,
  { intent, conditions }: Conditional,
  treatment: Treatment | undefined,
  { home, joinsRepeated }: { readonly home: Home; readonly joinsRepeated: boolean },
): Result<RuleDraft | undefined> {
  const { matches: written, default: conf, ...others } = rawRule(foreign);
  const rule = { where: foreign.where, replacesPrefix: replacesPrefix(records(record(conf).filters)), joinsRepeated };
  const met = collectResults(
    records(written).flatMap((original) =>
      conditions.map((condition): Result<MatchDraft | undefined> => {
        const raw = conjoin(original, condition, rule);
        if ('refused' in raw) return raw;
        return ok(raw.ok === undefined ? undefined : { raw: raw.ok, original });
      }),
    ),
  );
  if ('refused' in met) return met;
  const matches = met.ok.filter((match) => match !== undefined);
  if (matches.length === 0) return ok(undefined);
  const own = atHome(record(conf), foreign.policy, home);
  const content = { ...others, default: treatment === undefined ? own : treated(own, treatment) };
  return ok({ intent, where: foreign.where, matches, content });
}

/** Mirrors of the base are not meant for a laptop (principle 4); a standing route keeps them, unless it has one of its own. */
function treated(conf: Raw, { owner, backendRefs, mirror }: Treatment): Raw {
  const filters = Array.isArray(conf.filters) ? records(conf.filters) : undefined;
  const kept = owner.kind === 'route' && mirror === undefined ? filters : filters?.filter(({ type }) => type !== 'RequestMirror');
  const all = mirror === undefined ? kept : [...(kept ?? []), mirror];
  return { ...conf, ...(all === undefined ? {} : { filters: all }), ...(backendRefs === undefined ? {} : { backendRefs }) };
}

/**
 * The rule for requests that no rule of a user matches. With the path `/` a session's also comes before rules that users may add later;
 * where some of theirs have no path or a regular expression, and so come after every prefix, ours has no path either. A rule for all requests has no condition
 * at all: with `/` alone it would be taken for the catch-all that Kuma appends, which everybody's undecided requests go by.
 */
export function implicitImage({ intent, conditions }: Conditional, treatment: Treatment, foreign: readonly ForeignRouteRule[]): RuleDraft {
  const weaker = foreign.some(({ rule }) => rule.matches.some(({ path }) => !['Exact', 'PathPrefix'].includes(text(record(path).type))));
  const everyPath = weaker ? {} : { path: { type: 'PathPrefix', value: '/' } };
  const matches = conditions.map(({ path, method, headers, queryParams }) => ({
    raw: {
      ...(path === undefined ? (method === undefined && headers.length + queryParams.length === 0 ? {} : everyPath) : { path }),
      ...(method === undefined ? {} : { method }),
      ...(headers.length === 0 ? {} : { headers }),
      ...(queryParams.length === 0 ? {} : { queryParams }),
    },
  }));
  return { intent, where: 'what no rule decides', matches, content: { default: treated({}, treatment) } };
}
