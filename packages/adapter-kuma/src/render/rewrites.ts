import { type Match, type PathMatch, type PathRewrite, quoteMeta } from '@heddle/core';
import type { Effect, Entry } from './entry.js';

/** How an effect changes the path, by rewriting it or by redirecting. */
export function pathChange({ to, rewrite }: Effect): PathRewrite | undefined {
  return typeof to === 'object' && 'redirect' in to ? to.redirect.path : rewrite?.path;
}

/**
 * Whether a change puts something in place of the whole path. A MeshHTTPRoute does it by the pattern `.*`, so that backslashes in what it
 * puts there mean groups (kuma `meshhttproute/xds/filters`, 2.14).
 */
export const isWhole = (change: PathRewrite): boolean =>
  'full' in change ? !change.full.includes('\\') : 'regex' in change && change.regex === '.*';

export function withPathChange(effect: Effect, path: PathRewrite): Effect {
  const { to, rewrite } = effect;
  if (typeof to === 'object' && 'redirect' in to) return { ...effect, to: { redirect: { ...to.redirect, path } } };
  return { ...effect, rewrite: { ...rewrite, path } };
}

/** Whether it depends on the match what an effect does: then the match is a PathPrefix. */
export function replacesPrefix(effect: Effect): boolean {
  const change = pathChange(effect);
  return change !== undefined && 'prefix' in change;
}

/**
 * What takes the place of a prefix, by the path that the rule asks for and not by how that is written: of a pattern it is the whole path, and
 * where case does not count the prefix is found by a pattern.
 */
export function asAsked(effect: Effect, asked: PathMatch | undefined): Effect {
  const change = effect.rewrite?.path;
  if (asked === undefined || change === undefined || !('prefix' in change)) return effect;
  if (asked.kind === 'regex') return withPathChange(effect, { full: change.prefix });
  if (asked.ignoreCase !== true || asked.kind === 'exact') return effect;
  const prefix = asked.kind === 'segmentPrefix' ? asked.value.replace(/\/$/, '') : asked.value;
  return withPathChange(effect, { regex: `^(?i:${quoteMeta(prefix)})`, substitution: change.prefix.replaceAll('\\', '\\\\') });
}

/** A path condition with what its paths become; `hole`: a path that the condition takes though it is not meant. */
interface Piece {
  readonly path: PathMatch | undefined;
  readonly change: PathRewrite;
  readonly hole?: string;
}

/**
 * What replaces the prefix of a path, as Kuma has it: of a PathPrefix `/a` it replaces `/a` where that is all, and else `/a/` (kuma
 * `meshhttproute/xds/configurer.go`, 2.14). `hasRest`: paths that merely begin with the same letters are meant too, for which Kuma has no way.
 */
export function prefixPieces(
  path: PathMatch | undefined,
  prefix: string,
): { readonly pieces: readonly Piece[]; readonly hasRest: boolean } {
  if (path === undefined) return { pieces: [{ path, change: { prefix } }], hasRest: false };
  const { kind, value } = path;
  if (kind === 'exact' || kind === 'regex') return { pieces: [{ path, change: { full: prefix } }], hasRest: false };
  const base = value.replace(/\/$/, '');
  const below: PathMatch = { kind: 'segmentPrefix', value: base };
  if (kind === 'rawPrefix' && value.endsWith('/')) return { pieces: [{ path: below, change: { prefix }, hole: base }], hasRest: false };
  return {
    pieces: [
      { path: { kind: 'exact', value: base }, change: { full: prefix } },
      { path: below, change: { prefix: `${prefix}/` } },
    ],
    hasRest: kind === 'rawPrefix',
  };
}

type Within = Pick<Entry, 'match' | 'effect'>;

/** What an entry does with those of its requests that satisfy a narrower match; `undefined`: it cannot be said. */
export function within({ match, effect }: Within, narrow: Match): readonly Within[] | undefined {
  const change = pathChange(effect);
  const { path } = narrow;
  const isSame = match.path?.kind === path?.kind && match.path?.value === path?.value;
  if (change === undefined || !('prefix' in change) || isSame || path === undefined) return [{ match: narrow, effect }];
  const base = match.path?.value ?? '';
  const full = (value: string) => (value === base ? change.prefix : change.prefix + value.slice(base.length + 1));
  if (path.kind === 'exact') return [{ match: narrow, effect: withPathChange(effect, { full: full(path.value) }) }];
  if (path.kind !== 'segmentPrefix') return undefined;
  return [
    { match: { ...narrow, path: { kind: 'exact', value: path.value } }, effect: withPathChange(effect, { full: full(path.value) }) },
    { match: narrow, effect: withPathChange(effect, { prefix: `${full(path.value)}/` }) },
  ];
}
