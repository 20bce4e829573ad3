import { indexed, maybeRecord, type Raw, record } from './raw.js';
import type { Config, Oddity, Tags, TrafficRoute, TrafficRouteItem, TrafficSplit } from './world-types.js';

/**
 * Reads a TrafficRoute (kuma `api/mesh/v1alpha1/traffic_route.proto`, 2.14). Tolerates what people really write, and says it: text
 * where a number belongs, numbers in tags. Underscores that a Markdown editor has escaped stay as they are: to Kuma they are other tags.
 */
export function parseTrafficRoute(config: Config): TrafficRoute {
  const oddities: Oddity[] = [...config.oddities];
  const say = (code: string, message: string) => oddities.push({ code, message });
  const spec = record(config.object.spec);
  const conf = record(spec.conf);
  if (config.namespace !== '') {
    say('namespace-ignored', `a TrafficRoute belongs to the whole cluster: its namespace ${config.namespace} means nothing`);
  }
  const selectors = (key: 'sources' | 'destinations') =>
    indexed(spec[key]).map(([index, item]) => tagsIn(item.match, `${key}[${index}].match`, say));
  const http = indexed(conf.http).map(
    ([index, item]): TrafficRouteItem => ({
      index,
      pointer: `/spec/conf/http/${index}`,
      match: record(item.match),
      modify: maybeRecord(item.modify),
      split: splitsIn(item, `conf.http[${index}]`, say),
    }),
  );
  const single = maybeRecord(conf.destination) !== undefined;
  return {
    ...config,
    namespace: '',
    sources: selectors('sources'),
    destinations: selectors('destinations'),
    http,
    fallback: { pointer: single ? '/spec/conf/destination' : '/spec/conf/split', split: splitsIn(conf, 'conf', say) },
    oddities,
  };
}

type Say = (code: string, message: string) => void;

/** `destination` alone is a split of one with weight 1, and counts before `split` (`traffic_route_helpers.go`). */
function splitsIn(raw: Raw, path: string, say: Say): readonly TrafficSplit[] {
  const destination = maybeRecord(raw.destination);
  if (destination !== undefined && Object.keys(destination).length > 0) {
    return [{ weight: 1, tags: tagsIn(destination, `${path}.destination`, say) }];
  }
  return indexed(raw.split).map(([index, item]) => ({
    weight: weightIn(item.weight, `${path}.split[${index}].weight`, say),
    tags: tagsIn(item.destination, `${path}.split[${index}].destination`, say),
  }));
}

function weightIn(value: unknown, path: string, say: Say): number {
  const weight = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof weight === 'number' && Number.isInteger(weight) && weight >= 0) {
    if (typeof value === 'string') say('number-as-text', `${path}: the text ${JSON.stringify(value)} is read as the number ${weight}`);
    return weight;
  }
  say(
    'weight-missing',
    `${path}: ${value === undefined ? 'there is no weight' : `${brief(value)} is no weight`}, so nothing is sent there`,
  );
  return 0;
}

function tagsIn(value: unknown, path: string, say: Say): Tags {
  const entries = Object.entries(record(value)).flatMap(([key, written]): [string, string][] => {
    if (typeof written === 'object' || written === undefined) return [];
    if (typeof written !== 'string') say('tag-not-text', `${path}: ${key}: ${brief(written)} must be text, in quotes`);
    const tag = `${key}: ${String(written)}`;
    if (tag.includes('\\')) {
      say(
        'escaped-text',
        `${path}: ${tag} holds backslashes, as a Markdown editor puts them; no proxy has such a tag, so it matches nobody`,
      );
    }
    return [[key, String(written)]];
  });
  return Object.fromEntries(entries);
}

function brief(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 40 ? `${shown.slice(0, 37)}…` : shown;
}
