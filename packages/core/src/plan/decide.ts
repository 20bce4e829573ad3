import { decide, proxyOptions } from '../evaluate/evaluate.js';
import { pathHolds } from '../evaluate/match-request.js';
import type { Regexes } from '../evaluate/re2.js';
import { type RequestView, viewRequest } from '../evaluate/request-view.js';
import { strHolds } from '../evaluate/str-condition.js';
import type { Answer } from '../model/answer.js';
import type { Match, PathMatch, Request } from '../model/match.js';
import type { Destination, RouteTable, Rule } from '../model/table.js';
import { canonicalJson } from './content-hash.js';

/** Whether all conditions of a match hold: `firstFailure` without its words, for the many requests of a check. */
export function matchHolds(match: Match, view: RequestView, regexes: Regexes): boolean {
  const { request } = view;
  if (match.path !== undefined && !pathFits(match.path, view.path, regexes)) return false;
  if (match.method !== undefined && !strHolds(match.method, [request.method], regexes)) return false;
  if (match.scheme !== undefined && !strHolds(match.scheme, [view.headers.scheme], regexes)) return false;
  if (match.authority !== undefined && !strHolds(match.authority, [request.authority], regexes)) return false;
  for (const { name, is } of match.headers ?? []) if (!strHolds(is, view.header(name), regexes)) return false;
  for (const { name, is } of match.query ?? []) {
    const value = view.query(name);
    if (!strHolds(is, value === undefined ? [] : [value], regexes)) return false;
  }
  return true;
}

/** `pathHolds`, with the two kinds that large tables have thousands of compared on the spot. */
function pathFits(is: PathMatch, path: string, regexes: Regexes): boolean {
  if (is.ignoreCase !== true && is.kind === 'rawPrefix') return path.startsWith(is.value);
  if (is.ignoreCase !== true && is.kind === 'exact') return path === is.value;
  return pathHolds(is, path, regexes);
}

/** Whether any of ORed matches holds; none at all is every request. */
export function anyHolds(matches: readonly Match[], view: RequestView, regexes: Regexes): boolean {
  return matches.length === 0 || matches.some((match) => matchHolds(match, view, regexes));
}

/** A table prepared for many requests. */
export interface Decider {
  readonly table: RouteTable;
  view(request: Request): RequestView;
  /** The rule that decides, of those that `counts` accepts; `undefined`: the table's `otherwise`. */
  rule(view: RequestView, counts?: (rule: Rule) => boolean): Rule | undefined;
  /** The answer when this rule (or `otherwise`) decides, by the one evaluator. */
  answer(rule: Rule | undefined, request: Request): Answer;
  /** The same rule with this as its only destination, to see what it does besides choosing one. */
  alive(rule: Rule | undefined, destination: Destination): Rule;
  /** Equal for rules that do the same with the requests that they decide, wherever they stand. */
  contentOf(rule: Rule | undefined): string;
}

export function createDecider(table: RouteTable, regexes: Regexes, options: { readonly envoy?: string }): Decider {
  const alone = new Map<Rule | undefined, RouteTable>();
  const contents = new Map<Rule | undefined, string>();
  const living = new Map<Rule | undefined, Rule>();
  const proxy = proxyOptions(table, options);
  // What is asked about one request is asked in a row.
  let last: RequestView | undefined;
  const view = (request: Request): RequestView => {
    last = last?.request === request ? last : viewRequest(request, proxy);
    return last;
  };
  return {
    table,
    view,
    rule: (seen, counts) =>
      table.rules.find(
        (rule) => (counts === undefined || counts(rule)) && (table.protocol === 'tcp' || anyHolds(rule.match, seen, regexes)),
      ),
    answer(rule, request) {
      const known = alone.get(rule) ?? { ...table, rules: rule === undefined ? [] : [rule] };
      alone.set(rule, known);
      return decide(known, view(request), regexes);
    },
    alive(rule, destination) {
      const known = living.get(rule) ?? { ...(rule ?? NO_RULE), action: { to: [destination] } };
      living.set(rule, known);
      return known;
    },
    contentOf(rule) {
      const known = contents.get(rule) ?? ruleContent(table, rule);
      contents.set(rule, known);
      return known;
    },
  };
}

const NO_RULE: Rule = { match: [], action: { status: 404 }, owner: 'foreign', origins: [] };

/** A rule without whose it is, where it stands and what it is called. */
export function ruleContent(table: RouteTable, rule: Rule | undefined): string {
  const around = { protocol: table.protocol, normalisation: table.pathNormalisation };
  if (rule === undefined) return canonicalJson({ ...around, otherwise: table.otherwise });
  const { owner: _owner, origins: _origins, label: _label, ...content } = rule;
  return canonicalJson({ ...around, ...content });
}
