import { canonicalJson, ok, type Result, refuse } from '@heddle/core';
import { type Raw, record } from '../../decode/raw.js';
import { regexHolds } from '../regex.js';
import { type Condition, type StringMatch, stringMatchIn } from './condition.js';

export interface ForeignItem {
  /** How a message names the item: `TrafficRoute route-all-default, http[1]`. */
  readonly where: string;
  /** Its `modify` replaces the prefix that it matched, so its path must stay as it is. */
  readonly replacesPrefix: boolean;
  /** Whether a header that is sent twice is one value, both joined by a comma (Envoy before 1.39). */
  readonly joinsRepeated: boolean;
}

/** An item's match with a condition of ours ANDed into it; everything else stays verbatim. `undefined`: nothing satisfies both. */
export function conjoin(foreign: Raw, condition: Condition, item: ForeignItem): Result<Raw | undefined> {
  const [theirPath, theirMethod] = [stringMatchIn(foreign.path), stringMatchIn(foreign.method)];
  const path = theirPath === undefined || isEveryPath(theirPath) ? (condition.path ?? theirPath) : meet(theirPath, condition.path);
  const method = meet(theirMethod, condition.method);
  const headers = meetHeaders(record(foreign.headers), condition.headers, item);
  if (path === 'never' || method === 'never' || headers === 'never') return ok(undefined);
  const undecided = path === 'undecided' ? 'path' : method === 'undecided' ? 'method' : typeof headers === 'string' ? headers : undefined;
  if (path === 'undecided' || method === 'undecided' || typeof headers === 'string') {
    return refuse(
      'match-not-combinable',
      `${item.where} has a condition on the ${undecided} that cannot be combined with the one asked for`,
      'match on another header',
    );
  }
  const changed = canonicalJson(path) !== canonicalJson(theirPath);
  if (changed && item.replacesPrefix) {
    return refuse(
      'match.path',
      `${item.where} replaces the prefix that it matched, so a narrower path would be rewritten differently`,
      'match on a header instead of the path',
    );
  }
  return ok({
    ...foreign,
    ...(changed ? { path } : {}),
    ...(condition.method === undefined ? {} : { method }),
    ...(Object.keys(condition.headers).length === 0 ? {} : { headers }),
  });
}

type Met<T> = T | 'never' | 'undecided';

const isEveryPath = (is: StringMatch): boolean => 'prefix' in is && (is.prefix === '/' || is.prefix === '');

/** What satisfies both of two conditions on one value, as one condition. */
function meet(foreign: StringMatch | undefined, ours: StringMatch | undefined): Met<StringMatch | undefined> {
  if (ours === undefined || foreign === undefined) return foreign ?? ours;
  if (canonicalJson(foreign) === canonicalJson(ours) || isEverything(ours)) return foreign;
  if (isEverything(foreign)) return ours;
  if ('exact' in ours) return holds(foreign, ours.exact) ? ours : 'never';
  if ('exact' in foreign) return holds(ours, foreign.exact) ? foreign : 'never';
  if ('prefix' in foreign && 'prefix' in ours) {
    if (ours.prefix.startsWith(foreign.prefix)) return ours;
    return foreign.prefix.startsWith(ours.prefix) ? foreign : 'never';
  }
  return 'undecided';
}

const isEverything = (is: StringMatch): boolean => 'regex' in is && is.regex === '.*';

function holds(is: StringMatch, value: string): boolean {
  if ('exact' in is) return is.exact === value;
  return 'prefix' in is ? value.startsWith(is.prefix) : regexHolds(is.regex, value);
}

/** A map of one condition a header: two on one must become one. A string names the header where they cannot. */
function meetHeaders(
  foreign: Raw,
  ours: Readonly<Record<string, StringMatch>>,
  { joinsRepeated }: ForeignItem,
): Raw | 'never' | `header ${string}` {
  let met: Raw = foreign;
  for (const [name, is] of Object.entries(ours)) {
    const keys = Object.keys(met).filter((key) => key.toLowerCase() === name);
    const [key = name] = keys;
    const their = stringMatchIn(met[key]);
    const both = keys.length > 1 ? 'undecided' : meet(their, is);
    // With each value matched alone, a header sent twice can satisfy two conditions that no one value does.
    if (both === 'undecided' || (both === 'never' && !joinsRepeated)) return `header ${name}`;
    if (both === 'never') return 'never';
    met = { ...met, [key]: both };
  }
  return met;
}
