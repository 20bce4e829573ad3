import { indexed, maybeRecord, type Raw, record, records, text } from './raw.js';
import { ANY, SERVICE_TAG } from './tags.js';
import type { Tags, TrafficRoute } from './world-types.js';

/**
 * Why Kuma's webhook would not take a TrafficRoute; empty when it would (kuma `pkg/core/resources/apis/mesh/traffic_route_validator.go`
 * and `validators.go`, 2.14). Looks at what was read of it: what we tolerate and say is not held against it.
 */
export function refusedTrafficRoute(route: Pick<TrafficRoute, 'object' | 'sources' | 'destinations'>): readonly string[] {
  const conf = record(record(route.object.spec).conf);
  return [
    ...(route.sources.length === 0 ? ['sources: there must be at least one'] : []),
    ...route.sources.flatMap((tags, n) => selectorFaults(tags, `sources[${n}].match`)),
    ...(route.destinations.length === 0 ? ['destinations: there must be at least one'] : []),
    ...route.destinations.flatMap((tags, n) => destinationFaults(tags, `destinations[${n}].match`)),
    ...splitFaults(conf, 'conf'),
    ...(record(record(conf.loadBalancer).leastRequest).choiceCount === 1 ? ['conf.loadBalancer: choiceCount must be 2 at least'] : []),
    ...indexed(conf.http).flatMap(([n, item]) => [
      ...matchFaults(record(item.match), `conf.http[${n}].match`),
      ...modifyFaults(record(item.modify), record(item.match), `conf.http[${n}].modify`),
      ...splitFaults(item, `conf.http[${n}]`),
    ]),
  ];
}

function selectorFaults(tags: Tags, path: string): readonly string[] {
  const missing = tags[SERVICE_TAG] === undefined ? [`${path}: the tag ${SERVICE_TAG} is missing`] : [];
  const odd = Object.entries(tags).filter(([key, value]) => !isTag(key, value));
  return [...missing, ...odd.map(([key, value]) => `${path}: ${key}: ${value} is no tag`)];
}

const isTag = (key: string, value: string): boolean =>
  /^[\w.:/-]+$/.test(key) && (value === ANY || /^[\w.:/-]+$/.test(value.replaceAll('\\', '')));

const destinationFaults = (tags: Tags, path: string): readonly string[] =>
  Object.keys(tags).length === 1 ? selectorFaults(tags, path) : [`${path}: there must be exactly one tag, ${SERVICE_TAG}`];

function splitFaults(raw: Raw, path: string): readonly string[] {
  const { split, destination } = raw;
  if (split === undefined && destination === undefined) return [`${path}: there must be a destination or a split`];
  if (split !== undefined && destination !== undefined) return [`${path}: there must not be both a destination and a split`];
  if (destination !== undefined) return tagFaults(destination, `${path}.destination`);
  const entries = indexed(split);
  if (entries.length === 0) return [`${path}.split: there must be at least one entry`];
  const faults = entries.flatMap(([n, entry]) => [
    ...(entry.weight === undefined || entry.weight === null ? [`${path}.split[${n}].weight: there must be one`] : []),
    ...tagFaults(entry.destination, `${path}.split[${n}].destination`),
  ]);
  const total = entries.reduce((sum, [, { weight }]) => sum + amountOf(weight), 0);
  return total > 0 ? faults : [...faults, `${path}.split: at least one weight must be above 0`];
}

/** As text too: what is odd about it is said elsewhere. */
const amountOf = (weight: unknown): number =>
  Math.max(typeof weight === 'number' || typeof weight === 'string' ? Number(weight) || 0 : 0, 0);

function tagFaults(destination: unknown, path: string): readonly string[] {
  const tags = Object.entries(record(destination)).map(([key, value]) => [key.replaceAll('\\', ''), value] as const);
  return [
    ...(tags.some(([key]) => key === SERVICE_TAG) ? [] : [`${path}: the tag ${SERVICE_TAG} is missing`]),
    ...tags.flatMap(([key, value]) => (typeof value !== 'string' || isTag(key, value) ? [] : [`${path}: ${key}: ${value} is no tag`])),
  ];
}

function matchFaults(match: Raw, path: string): readonly string[] {
  const headers = maybeRecord(match.headers);
  const parts = [match.path, match.method, headers].filter((part) => part !== undefined && part !== null);
  if (parts.length === 0) return [`${path}: there must be a method, a path or headers`];
  return [
    ...strFaults(match.path, `${path}.path`),
    ...strFaults(match.method, `${path}.method`),
    ...Object.entries(headers ?? {}).flatMap(([name, value]) => strFaults(value, `${path}.headers[${name}]`)),
  ];
}

function strFaults(value: unknown, path: string): readonly string[] {
  if (value === undefined || value === null) return [];
  const { exact, prefix, regex } = record(value);
  if (typeof exact === 'string') return [];
  return (typeof prefix === 'string' && prefix !== '') || (typeof regex === 'string' && regex !== '')
    ? []
    : [`${path}: there must be an exact value, or a prefix or regex that is not empty`];
}

function modifyFaults(modify: Raw, match: Raw, path: string): readonly string[] {
  const rewrite = record(modify.path).rewritePrefix;
  const prefix = record(match.path).prefix;
  const { path: toPath, host: toHost } = modify;
  const changes = [modify.requestHeaders, modify.responseHeaders].map(record);
  const added = changes.flatMap(({ add }) => records(add));
  const names = [...added, ...changes.flatMap(({ remove }) => records(remove))].map(({ name }) => text(name));
  return [
    ...(toPath === undefined || text(rewrite) !== '' || isReplacement(record(toPath).regex)
      ? []
      : [`${path}.path: there must be a rewritePrefix, or a regex with pattern and substitution`]),
    ...(toHost === undefined || text(record(toHost).value) !== '' || isReplacement(record(toHost).fromPath)
      ? []
      : [`${path}.host: there must be a value, or a fromPath with pattern and substitution`]),
    ...(text(rewrite) !== '' && (typeof prefix !== 'string' || prefix === '')
      ? [`${path}.path.rewritePrefix: the match has no path prefix`]
      : []),
    ...(names.some((name) => /^(:|[Hh]ost$)/.test(name)) ? [`${path}: the host cannot be changed as a header`] : []),
    ...(names.includes('') || added.some(({ value }) => text(value) === '') ? [`${path}: a header without name or value`] : []),
  ];
}

const isReplacement = (raw: unknown): boolean => text(record(raw).pattern) !== '' && text(record(raw).substitution) !== '';
