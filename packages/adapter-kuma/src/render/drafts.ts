import { canonicalJson, type Match, orEvery, type PathMatch, type RoutedService, type RouteTable, type Rule } from '@heddle/core';
import { type ActionContext, actionOf, effectOf } from './actions.js';
import { nobody } from './destinations.js';
import type { Effect, Entry } from './entry.js';
import { type Lose, type Losses, type Lost, lost } from './losses.js';
import { type Plain, plainMatches } from './matches.js';
import { asAsked, isWhole, pathChange, prefixPieces, withPathChange } from './rewrites.js';

export interface TableContext extends ActionContext {
  readonly service: RoutedService;
  readonly table: RouteTable;
  readonly losses: Losses;
  /** Whether requests that no rule takes can be left without one, so that they are answered 404. */
  readonly hasNowhere: boolean;
}

/** An entry of which some requests are not meant. */
export interface Draft extends Entry {
  readonly holes: readonly Match[];
}

/** A match with the path that the rule asks for. */
interface PathPlain extends Plain {
  readonly asked: PathMatch | undefined;
}

export function draftsOf(rule: Rule, context: TableContext): readonly Draft[] {
  const { losses, service, table, around } = context;
  const isByTrafficRoute = around.routesBy === 'TrafficRoute';
  const plain: PathPlain[] = [];
  for (const match of orEvery(rule.match)) {
    const said = plainMatches(match, around.routesBy);
    if (said.lost !== undefined) losses.add({ service, table, rule }, said.lost);
    plain.push(...said.plain.map((one) => ({ ...one, asked: match.path })));
  }
  if (plain.length === 0) return [];
  const own: Lost[] = [...normalisationLost(context)];
  const lose: Lose = (what) => own.push(what);
  const effect = effectOf(rule, context, lose);
  if (isByTrafficRoute) {
    return plain.flatMap(({ asked, ...one }) => wholeAndBelow({ ...one, effect: asAsked(effect, asked), rule, losses: own }));
  }
  const matches = pathChange(effect) === undefined ? wholeSegments(plain) : plain;
  return matches.flatMap(({ match, holes, asked }) =>
    changedPaths(match, asAsked(effect, asked), lose).map((one) => ({ ...one, rule, losses: own, holes: [...holes, ...one.holes] })),
  );
}

/** A TrafficRoute has prefixes of characters only: whole segments are the path itself and what is below it. */
function wholeAndBelow(draft: Draft): readonly Draft[] {
  const { match, effect } = draft;
  if (match.path?.kind !== 'segmentPrefix') return [draft];
  const base = match.path.value.replace(/\/$/, '');
  const change = pathChange(effect);
  const below = change !== undefined && 'prefix' in change ? withPathChange(effect, { prefix: `${change.prefix}/` }) : effect;
  return [
    { ...draft, match: { ...match, path: { kind: 'exact', value: base } } },
    { ...draft, match: { ...match, path: { kind: 'rawPrefix', value: `${base}/` } }, effect: below },
  ];
}

/** MeshHTTPRoutes see paths with their dots resolved, TrafficRoutes as they are sent; so do the backends. */
export function normalisationLost({ table, around }: TableContext): readonly Lost[] {
  const isByTrafficRoute = around.routesBy === 'TrafficRoute';
  if (table.pathNormalisation === (isByTrafficRoute ? undefined : 'base')) return [];
  const now = isByTrafficRoute ? 'as they are sent: /x/../a is not /a' : 'with their dots resolved: /x/../a is /a, and // stays';
  return [lost('path-normalisation', `Paths are compared and sent on ${now}`)];
}

/** A path and what is below it, as one condition. */
function wholeSegments(all: readonly PathPlain[]): readonly PathPlain[] {
  const without = ({ match: { path: _path, ...rest }, holes }: Plain) => canonicalJson([rest, holes]);
  return all.flatMap((one): readonly PathPlain[] => {
    const { path } = one.match;
    const other = (kind: string, value: string) =>
      all.some(({ match, holes }) => match.path?.kind === kind && match.path.value === value && without({ match, holes }) === without(one));
    if (path?.kind === 'exact' && other('rawPrefix', `${path.value}/`))
      return [{ ...one, match: { ...one.match, path: { kind: 'segmentPrefix', value: path.value } } }];
    return path?.kind === 'rawPrefix' && path.value.endsWith('/') && other('exact', path.value.slice(0, -1)) ? [] : [one];
  });
}

/** What a MeshHTTPRoute makes of paths: the whole of it anew, or what a PathPrefix covers. */
function changedPaths(match: Match, effect: Effect, lose: Lose): readonly Pick<Draft, 'match' | 'effect' | 'holes'>[] {
  const change = pathChange(effect);
  const plain = (to: Effect) => [{ match, effect: to, holes: [] }];
  if (change === undefined) return plain(effect);
  if (isWhole(change)) return plain(effect);
  if (!('prefix' in change)) {
    lose(lost('rewrite.path', 'The path is not rewritten: a MeshHTTPRoute replaces a prefix or the whole path only'));
    const { rewrite: { path: _path, ...rest } = {}, ...others } = effect;
    return plain(Object.keys(rest).length === 0 ? others : { ...others, rewrite: rest });
  }
  const { pieces, hasRest } = prefixPieces(match.path, change.prefix);
  if (hasRest) {
    const path = match.path?.value ?? '/';
    lose(
      lost(
        'rewrite.path',
        `Paths that go on after ${path} without a slash (${path}x) are left to later rules: a MeshHTTPRoute replaces whole segments only`,
        'ask for whole segments',
      ),
    );
  }
  return pieces.map(({ path, change: into, hole }) => {
    const { path: _path, ...rest } = match;
    const holes: readonly Match[] = hole === undefined ? [] : [{ path: { kind: 'exact', value: hole } }];
    return { match: path === undefined ? rest : { path, ...rest }, effect: withPathChange(effect, into), holes };
  });
}

/** What becomes of requests that no rule takes. */
export function otherwiseOf(context: TableContext): Draft {
  const { otherwise } = context.table;
  const losses: Lost[] = [];
  const draft = (to: Effect['to']): Draft => ({ match: {}, holes: [], effect: { to, mirrors: [] }, rule: undefined, losses });
  if (otherwise === 'passthrough') {
    const { service, port } = context.routed;
    return draft([{ service: { namespace: service.namespace, name: service.name }, port, weight: 1 }]);
  }
  if (typeof otherwise !== 'object' || !('status' in otherwise) || otherwise.status !== 404)
    return draft(actionOf(otherwise, context, (what) => losses.push(what)));
  if (context.hasNowhere) return draft('nowhere');
  losses.push(NOT_FOUND);
  return draft([nobody(context)]);
}

export const NOT_FOUND = lost('not-found', 'Requests that no rule takes are answered 503 and no longer 404');
