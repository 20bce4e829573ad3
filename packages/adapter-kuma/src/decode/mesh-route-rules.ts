import { type Destination, describeRef, type Findings, type Match, type Rule } from '@heddle/core';
import { ownerOfRoute } from '../owned/ownership.js';
import { ownBackend, resolveBackend, resolveMirror } from './backends.js';
import type { Clusters } from './clusters.js';
import { compileFilters, replacesPrefix } from './compile-filters.js';
import { compileMatches } from './compile-match.js';
import { type MergedRule, mergeRules } from './merge-rules.js';
import { isHttp } from './protocols.js';
import { type Raw, record } from './raw.js';
import type { Outbound, RouteItem } from './route-items.js';
import { limitsOf } from './route-policies.js';
import { compareMatches, isCatchAll } from './specificity.js';
import type { World } from './world-types.js';

export interface HttpRules {
  readonly rules: readonly Rule[];
  /** Whether requests that no rule matches go to the service itself; 404 when not. */
  readonly implicit: boolean;
}

export interface RoutesContext {
  readonly world: World;
  readonly clusters: Clusters;
  readonly outbound: Outbound;
  /** What the service itself speaks. */
  readonly protocol: string;
  readonly found: Findings;
}

/**
 * The rules that items make for a service, in order of effect: each match is a route of its own, the more specific first, the
 * stronger policy's first among equals; at last the service itself (kuma `meshhttproute/plugin/v1alpha1/listeners.go`, `prepareRoutes`,
 * 2.14). A route whose backendRefs are all unusable is left out, so that later ones decide; in 3.0 it answers 500.
 */
export function httpRules(items: readonly RouteItem[], context: RoutesContext): HttpRules {
  const routes = mergeRules(items).flatMap((merged) => merged.matches.map((match) => ({ merged, match })));
  // A match that says `/` alone stands for the appended one, even where its own route is left out.
  const implicit = isHttp(context.protocol) && !routes.some(({ match }) => isCatchAll(match));
  const sorted = routes.sort((a, b) => compareMatches(a.match, b.match));
  return { rules: sorted.flatMap(({ merged, match }) => compileRoute(merged, match, context)), implicit };
}

function compileRoute(merged: MergedRule, match: Raw, context: RoutesContext): readonly Rule[] {
  const { world, clusters, outbound, found } = context;
  const [strongest] = merged.parts;
  if (strongest === undefined) return [];
  const backends = merged.backendRefs.map((ref) => ({ ref, backend: resolveBackend(world, clusters, strongest.route, ref, 'http') }));
  const to = backends.flatMap(({ backend }) => ('to' in backend ? [backend.to] : []));
  const named = backends.some(({ backend }) => 'to' in backend || backend.counts);
  const lost = backends.flatMap(({ ref, backend }) => ('to' in backend ? [] : [{ weight: ref.weight, why: backend.unusable }]));
  const label = labelOf(merged);
  for (const { weight, why } of lost) {
    if (weight > 0) found.problem('backend-unusable', `${label}: a backendRef is left out, since ${why}`, strongest.route.ref);
  }
  const own: readonly Destination[] = isHttp(context.protocol) ? [ownBackend(clusters, outbound)] : [];
  const destinations = named ? to : own;
  const prefixed = record(match.path).type === 'PathPrefix';
  const apart = prefixed && replacesPrefix(merged.filters);
  const filtered = compileFilters(merged.filters, prefixed, (ref) => resolveMirror(world, clusters, strongest.route, ref));
  for (const why of filtered.broken) {
    found.problem('filter-unusable', `${label}: ${why}; these clients cannot be configured then`, strongest.route.ref);
  }
  const failing = world.release.major >= 3 && lost.length > 0 && filtered.redirect === undefined;
  if (destinations.length === 0 && !failing) {
    if (world.release.major < 3) found.problem('rule-dead', `${label}: no backendRef is left, so later rules decide`, strongest.route.ref);
    return [];
  }
  const { redirect, rewrite, headers, mirrors } = filtered;
  const limits = limitsOf(world.routePolicies, strongest.route);
  const share = lost.reduce((sum, { weight }) => sum + weight, 0);
  return [
    {
      match: matchesOf(match, apart),
      action: redirect !== undefined ? { redirect } : destinations.length === 0 ? { status: 500 } : { to: destinations },
      ...(mirrors.length === 0 ? {} : { mirrors }),
      ...(rewrite === undefined ? {} : { rewrite }),
      ...(headers === undefined ? {} : { headers }),
      ...limits,
      ...(failing && share > 0 && destinations.length > 0
        ? { opaque: { 'backendRefs that cannot be used: their share answers 500': share } }
        : {}),
      owner: ownerOf(merged),
      origins: merged.parts.map(({ route, rule }) => ({ ref: route.ref, pointer: rule.pointer, index: rule.index })),
      label,
    },
  ];
}

function matchesOf(raw: Raw, apart: boolean): readonly Match[] {
  const matches = compileMatches(raw, apart);
  return matches.some((match) => Object.keys(match).length === 0) ? [] : matches;
}

/** A rule that merged with another's is nobody's alone. */
function ownerOf({ parts }: MergedRule): Rule['owner'] {
  const owners = parts.map(({ route }) => ownerOfRoute(route.object));
  const [first] = owners;
  return first !== undefined && owners.every((owner) => JSON.stringify(owner) === JSON.stringify(first)) ? first : 'foreign';
}

function labelOf({ parts }: MergedRule): string {
  const [strongest] = parts;
  if (strongest === undefined) return 'implicit';
  return `${describeRef(strongest.route.ref)} ${strongest.rule.pointer
    .replace('/spec/', '')
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')}`;
}
