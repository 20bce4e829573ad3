import type { HeaderChange, Match, PathMatch, RegexRewrite, Rewrite, Rule, Str } from '@heddle/core';
import { ownerOfItem } from '../owned/ownership.js';
import type { Clusters } from './clusters.js';
import { commonOf, isHttp } from './protocols.js';
import { maybeRecord, maybeText, type Raw, record, records, text } from './raw.js';
import { ANY, SERVICE_TAG } from './tags.js';
import type { Tags, TrafficRoute, TrafficRouteItem, TrafficSplit } from './world-types.js';

/** What one TrafficRoute makes of a listener. */
export interface TrafficRouteRules {
  /** `closed`: no destination is left, so that the listener has nothing to pass connections to. */
  readonly protocol: 'http' | 'tcp' | 'closed';
  readonly rules: readonly Rule[];
}

/**
 * The rules of the policy that won, for one service (kuma `pkg/xds/generator/outbound_proxy_generator.go`, 2.14). What the listener
 * speaks depends on all destinations together: one of another protocol, or unknown, makes it a tcp listener, where the destinations
 * of all items share the connections by their weights.
 */
export function trafficRouteRules(route: TrafficRoute, serviceTag: string, clusters: Clusters): TrafficRouteRules {
  const counted = [...route.http, { ...route.fallback, index: -1, match: {}, modify: undefined }]
    .map((item) => ({ item, split: resolved(item.split, serviceTag) }))
    .filter(({ split }) => split.length > 0);
  const all = counted.flatMap(({ split }) => split);
  if (all.length === 0) return { protocol: 'closed', rules: [] };
  const protocol = commonOf(all.map(({ tags }) => clusters.protocolOf(tags[SERVICE_TAG] ?? '')));
  if (isHttp(protocol)) return { protocol: 'http', rules: counted.map(({ item, split }) => httpRule(route, item, split, clusters)) };
  const owner = counted.length === 1 ? ownerOf(route, counted[0]?.item) : 'foreign';
  return {
    protocol: 'tcp',
    rules: [
      {
        match: [],
        action: { to: all.map(({ tags, weight }) => clusters.byTags(tags, weight)) },
        owner,
        origins: counted.map(({ item }) => originOf(route, item)),
        label: 'tcp',
      },
    ],
  };
}

/** Entries with weight 0 are left out; `*` takes the value that the dialled service has (`router.go`, `handleWildcardTagsFor`). */
function resolved(split: readonly TrafficSplit[], serviceTag: string): readonly TrafficSplit[] {
  return split
    .filter(({ weight }) => weight > 0)
    .map(({ weight, tags }) => {
      const stated = Object.entries(tags).filter(([, value]) => value !== ANY);
      return { weight, tags: { [SERVICE_TAG]: serviceTag, ...Object.fromEntries(stated) } };
    });
}

function httpRule(route: TrafficRoute, item: TrafficRouteItem, split: readonly TrafficSplit[], clusters: Clusters): Rule {
  const match = matchOf(item.match);
  const { modify } = item;
  const rewrite = modify === undefined ? undefined : rewriteOf(modify);
  const headers = modify === undefined ? undefined : headersOf(modify);
  return {
    match: Object.keys(match).length === 0 ? [] : [match],
    action: { to: split.map(({ tags, weight }) => clusters.byTags(tags, weight)) },
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(headers === undefined ? {} : { headers }),
    owner: ownerOf(route, item),
    origins: [originOf(route, item)],
    label: `TrafficRoute ${route.name} ${placeIn(item)}`,
  };
}

const ownerOf = (route: TrafficRoute, item: TrafficRouteItem | undefined): Rule['owner'] =>
  (item === undefined || item.index < 0 ? undefined : ownerOfItem(route.object, item.index)) ?? 'foreign';

const originOf = (route: TrafficRoute, { pointer, index }: TrafficRouteItem): Rule['origins'][number] => ({
  ref: route.ref,
  pointer,
  index: Math.max(index, 0),
  ...(index < 0 ? { name: 'conf' } : {}),
});

const placeIn = ({ index }: TrafficRouteItem): string => (index < 0 ? 'conf' : `http[${index}]`);

/** Paths by raw prefix, header names in any letter case (kuma `pkg/xds/envoy/virtualhosts/routes_configurer.go`, 2.14). */
function matchOf(raw: Raw): Match {
  const path = pathOf(record(raw.path));
  const method = strOf(record(raw.method));
  const headers = Object.entries(record(raw.headers)).flatMap(([name, value]) => {
    const is = strOf(record(value));
    return is === undefined ? [] : [{ name: name.toLowerCase(), is }];
  });
  return {
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method }),
    ...(headers.length === 0 ? {} : { headers: headers.sort((a, b) => (a.name < b.name ? -1 : 1)) }),
  };
}

function pathOf(raw: Raw): PathMatch | undefined {
  if (typeof raw.exact === 'string') return { kind: 'exact', value: raw.exact };
  if (typeof raw.prefix === 'string') return { kind: 'rawPrefix', value: raw.prefix };
  return typeof raw.regex === 'string' ? { kind: 'regex', value: raw.regex } : undefined;
}

function strOf(raw: Raw): Str | undefined {
  if (typeof raw.exact === 'string') return { exact: raw.exact };
  if (typeof raw.prefix === 'string') return { prefix: raw.prefix };
  return typeof raw.regex === 'string' ? { regex: raw.regex } : undefined;
}

function rewriteOf(modify: Raw): Rewrite | undefined {
  const raw = record(modify.path);
  const host = record(modify.host);
  const prefix = maybeText(raw.rewritePrefix);
  const path = regexOf(raw.regex) ?? (prefix === undefined ? undefined : { prefix });
  const authority = regexOf(host.fromPath) ?? maybeText(host.value);
  if (path === undefined && authority === undefined) return undefined;
  return { ...(path === undefined ? {} : { path }), ...(authority === undefined ? {} : { authority }) };
}

function regexOf(raw: unknown): RegexRewrite | undefined {
  const found = maybeRecord(raw);
  return found === undefined ? undefined : { regex: text(found.pattern), substitution: text(found.substitution) };
}

function headersOf(modify: Raw): Rule['headers'] {
  const [request, response] = [headerChange(modify.requestHeaders), headerChange(modify.responseHeaders)];
  if (request === undefined && response === undefined) return undefined;
  return { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) };
}

/** `add` replaces what is there unless it says `append`. */
function headerChange(raw: unknown): HeaderChange | undefined {
  const added = records(record(raw).add);
  const pairs = (append: boolean): Tags =>
    Object.fromEntries(added.filter((one) => (one.append === true) === append).map(({ name, value }) => [text(name), text(value)]));
  const [set, add] = [pairs(false), pairs(true)];
  const remove = records(record(raw).remove).map(({ name }) => text(name));
  const out: HeaderChange = {
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(Object.keys(add).length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
  return Object.keys(out).length === 0 ? undefined : out;
}
