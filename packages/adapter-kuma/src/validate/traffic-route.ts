import { type FieldFault, fieldFault, pointerTo } from '@heddle/core';
import { indexed, maybeRecord, type Raw, record, records, text } from '../decode/raw.js';
import { ANY, SERVICE_TAG } from '../decode/tags.js';
import type { Tags, TrafficRoute } from '../decode/world-types.js';

/**
 * Why Kuma's webhook would not take a TrafficRoute; empty when it would (kuma `pkg/core/resources/apis/mesh/traffic_route_validator.go`
 * and `validators.go`, 2.14). Looks at what was read of it: what we tolerate and say is not held against it.
 */
export function trafficRouteFaults(route: Pick<TrafficRoute, 'object' | 'sources' | 'destinations'>): readonly FieldFault[] {
  const conf = record(record(route.object.spec).conf);
  return [
    ...(route.sources.length === 0 ? [fieldFault('/spec/sources', 'there must be at least one')] : []),
    ...route.sources.flatMap((tags, n) => selectorFaults(tags, `/spec/sources/${n}/match`)),
    ...(route.destinations.length === 0 ? [fieldFault('/spec/destinations', 'there must be at least one')] : []),
    ...route.destinations.flatMap((tags, n) => destinationFaults(tags, `/spec/destinations/${n}/match`)),
    ...splitFaults(conf, '/spec/conf'),
    ...(record(record(conf.loadBalancer).leastRequest).choiceCount === 1
      ? [fieldFault('/spec/conf/loadBalancer', 'choiceCount must be 2 at least')]
      : []),
    ...indexed(conf.http).flatMap(([n, item]) => [
      ...matchFaults(record(item.match), `/spec/conf/http/${n}/match`),
      ...modifyFaults(record(item.modify), record(item.match), `/spec/conf/http/${n}/modify`),
      ...splitFaults(item, `/spec/conf/http/${n}`),
    ]),
  ];
}

function selectorFaults(tags: Tags, pointer: string): readonly FieldFault[] {
  const missing = tags[SERVICE_TAG] === undefined ? [fieldFault(pointer, `the tag ${SERVICE_TAG} is missing`)] : [];
  return [...missing, ...Object.entries(tags).flatMap(([key, value]) => tagFault(key, value, pointer))];
}

const tagFault = (key: string, value: string, pointer: string): readonly FieldFault[] =>
  isTagText(key) && (value === ANY || isTagText(value)) ? [] : [fieldFault(pointerTo(pointer, key), `${key}: ${value} is no tag`)];

const isTagText = (text: string): boolean => /^[\w.:/-]+$/.test(text);

const destinationFaults = (tags: Tags, pointer: string): readonly FieldFault[] =>
  Object.keys(tags).length === 1 ? selectorFaults(tags, pointer) : [fieldFault(pointer, `there must be exactly one tag, ${SERVICE_TAG}`)];

function splitFaults(raw: Raw, pointer: string): readonly FieldFault[] {
  const { split, destination } = raw;
  if (split === undefined && destination === undefined) return [fieldFault(pointer, 'there must be a destination or a split')];
  if (split !== undefined && destination !== undefined) return [fieldFault(pointer, 'there must not be both a destination and a split')];
  if (destination !== undefined) return tagFaults(destination, `${pointer}/destination`);
  const entries = indexed(split);
  if (entries.length === 0) return [fieldFault(`${pointer}/split`, 'there must be at least one entry')];
  const faults = entries.flatMap(([n, entry]) => [
    ...(entry.weight === undefined || entry.weight === null ? [fieldFault(`${pointer}/split/${n}/weight`, 'there must be one')] : []),
    ...tagFaults(entry.destination, `${pointer}/split/${n}/destination`),
  ]);
  const total = entries.reduce((sum, [, { weight }]) => sum + amountOf(weight), 0);
  return total > 0 ? faults : [...faults, fieldFault(`${pointer}/split`, 'at least one weight must be above 0')];
}

/** As text too: what is odd about it is said elsewhere. */
const amountOf = (weight: unknown): number =>
  Math.max(typeof weight === 'number' || typeof weight === 'string' ? Number(weight) || 0 : 0, 0);

function tagFaults(destination: unknown, pointer: string): readonly FieldFault[] {
  const tags = Object.entries(record(destination));
  return [
    ...(tags.some(([key]) => key === SERVICE_TAG) ? [] : [fieldFault(pointer, `the tag ${SERVICE_TAG} is missing`)]),
    ...tags.flatMap(([key, value]) => (typeof value === 'string' ? tagFault(key, value, pointer) : [])),
  ];
}

function matchFaults(match: Raw, pointer: string): readonly FieldFault[] {
  const headers = maybeRecord(match.headers);
  const parts = [match.path, match.method, headers].filter((part) => part !== undefined && part !== null);
  if (parts.length === 0) return [fieldFault(pointer, 'there must be a method, a path or headers')];
  return [
    ...strFaults(match.path, `${pointer}/path`),
    ...strFaults(match.method, `${pointer}/method`),
    ...Object.entries(headers ?? {}).flatMap(([name, value]) => strFaults(value, pointerTo(`${pointer}/headers`, name))),
  ];
}

function strFaults(value: unknown, pointer: string): readonly FieldFault[] {
  if (value === undefined || value === null) return [];
  const { exact, prefix, regex } = record(value);
  if (typeof exact === 'string') return [];
  return (typeof prefix === 'string' && prefix !== '') || (typeof regex === 'string' && regex !== '')
    ? []
    : [fieldFault(pointer, 'there must be an exact value, or a prefix or regex that is not empty')];
}

function modifyFaults(modify: Raw, match: Raw, pointer: string): readonly FieldFault[] {
  const rewrite = record(modify.path).rewritePrefix;
  const prefix = record(match.path).prefix;
  const { path: toPath, host: toHost } = modify;
  const changes = [modify.requestHeaders, modify.responseHeaders].map(record);
  const added = changes.flatMap(({ add }) => records(add));
  const names = [...added, ...changes.flatMap(({ remove }) => records(remove))].map(({ name }) => text(name));
  return [
    ...(toPath === undefined || text(rewrite) !== '' || isReplacement(record(toPath).regex)
      ? []
      : [fieldFault(`${pointer}/path`, 'there must be a rewritePrefix, or a regex with pattern and substitution')]),
    ...(toHost === undefined || text(record(toHost).value) !== '' || isReplacement(record(toHost).fromPath)
      ? []
      : [fieldFault(`${pointer}/host`, 'there must be a value, or a fromPath with pattern and substitution')]),
    ...(text(rewrite) !== '' && (typeof prefix !== 'string' || prefix === '')
      ? [fieldFault(`${pointer}/path/rewritePrefix`, 'the match has no path prefix')]
      : []),
    ...(names.some((name) => /^(:|[Hh]ost$)/.test(name)) ? [fieldFault(pointer, 'the host cannot be changed as a header')] : []),
    ...(names.includes('') || added.some(({ value }) => text(value) === '') ? [fieldFault(pointer, 'a header without name or value')] : []),
  ];
}

const isReplacement = (raw: unknown): boolean => text(record(raw).pattern) !== '' && text(record(raw).substitution) !== '';
