import { groupOf, isRecord, labelsIn, type Mention, metaOf, refOf } from '@heddle/core';
import { maybeText, number, record } from '../decode/raw.js';
import { ANY, SERVICE_TAG } from '../decode/tags.js';
import { KUMA_GROUP } from '../environment/kinds.js';
import { parseServiceTag } from '../owned/ownership.js';

/**
 * The Services that a TrafficRoute (callers too), MeshHTTPRoute or MeshTCPRoute names: by `kuma.io/service`, with the tags of a version beside it, or
 * as a MeshService by name and namespace.
 */
export function mentions(object: unknown): readonly Mention[] {
  const { apiVersion, kind } = refOf(object);
  if (groupOf(apiVersion) !== KUMA_GROUP) return [];
  const spec = record(record(object).spec);
  if (kind === 'TrafficRoute') return taggedIn({ sources: spec.sources, destinations: spec.destinations, conf: spec.conf });
  return kind === 'MeshHTTPRoute' || kind === 'MeshTCPRoute' ? refsIn(spec.to, metaOf(object).namespace ?? 'default') : [];
}

function taggedIn(value: unknown): readonly Mention[] {
  if (Array.isArray(value)) return value.flatMap(taggedIn);
  if (!isRecord(value)) return [];
  const tags = labelsIn(value);
  const own = SERVICE_TAG in tags ? ofTag(tags[SERVICE_TAG], tags) : [];
  return [...own, ...Object.values(value).flatMap(taggedIn)];
}

function refsIn(value: unknown, home: string): readonly Mention[] {
  if (Array.isArray(value)) return value.flatMap((item) => refsIn(item, home));
  if (!isRecord(value)) return [];
  return [...ofRef(value, home), ...Object.values(value).flatMap((part) => refsIn(part, home))];
}

function ofRef(ref: Readonly<Record<string, unknown>>, home: string): readonly Mention[] {
  const name = maybeText(ref.name);
  if (name === undefined || (ref.kind !== 'MeshService' && ref.kind !== 'MeshServiceSubset')) return [];
  const tagged = ofTag(name, labelsIn(ref.tags));
  if (tagged.length > 0 || name.includes('_')) return tagged;
  const port = number(ref.port);
  return [{ namespace: maybeText(ref.namespace) ?? home, name, ...(port === undefined ? {} : { port }) }];
}

function ofTag(tag: string | undefined, tags: Readonly<Record<string, string>>): readonly Mention[] {
  const meant = parseServiceTag(tag);
  if (meant === undefined) return [];
  const { namespace, name, port } = meant;
  const service = { namespace, name, ...(port === undefined ? {} : { port }) };
  const labels = Object.fromEntries(Object.entries(tags).filter(([key, value]) => !key.includes('kuma.io/') && value !== ANY));
  const values = Object.values(labels);
  return values.length === 0 ? [service] : [service, { ...service, version: { id: labels.version ?? values.join('-'), labels } }];
}
