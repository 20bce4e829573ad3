import type { Defaults } from './parse-change.js';
import { DIMENSIONS, type Dimension, type RequestExpectation, type RequestSpec } from './request-spec.js';
import { bad, list, map, maybe, number, oneOf, type Raw, text } from './shape.js';

export function requestSpecs(value: unknown, path: string, defaults: Defaults): readonly RequestSpec[] {
  return list(value, path).map((one, index) => requestSpec(one, `${path}[${index}]`, defaults));
}

/** A URL that begins with a slash is meant for the case's service. */
function requestSpec(value: unknown, path: string, { namespace, service, port }: Defaults): RequestSpec {
  const raw = map(value, path, [
    'from',
    'url',
    'method',
    'headers',
    'as',
    'but',
    'keeps',
    'reaches',
    'to',
    'status',
    'path',
    'authority',
    'reason',
    'mirrors',
    'copies',
    'faults',
    'timeoutMs',
  ]);
  const url = text(raw.url, `${path}.url`);
  return {
    from: raw.from === undefined ? 'mesh' : text(raw.from, `${path}.from`),
    url: url.startsWith('/') ? `http://${service}.${namespace}.svc.cluster.local:${port}${url}` : url,
    method: raw.method === undefined ? 'GET' : text(raw.method, `${path}.method`),
    headers: headersOf(raw.headers, `${path}.headers`),
    expect: requestExpectation(raw, path),
  };
}

function requestExpectation(raw: Raw, path: string): RequestExpectation {
  const expected = {
    ...maybe(raw, 'as', before, path),
    ...maybe(raw, 'but', dimensions, path),
    ...maybe(raw, 'keeps', before, path),
    ...maybe(raw, 'reaches', numbers, path),
    ...maybe(raw, 'to', numbers, path),
    ...maybe(raw, 'status', number, path),
    ...maybe(raw, 'path', text, path),
    ...maybe(raw, 'authority', text, path),
    ...maybe(raw, 'reason', reason, path),
    ...maybe(raw, 'mirrors', numbers, path),
    ...maybe(raw, 'copies', numbers, path),
    ...maybe(raw, 'faults', faults, path),
    ...maybe(raw, 'timeoutMs', number, path),
  };
  if (Object.keys(expected).length === 0) throw bad(path, 'something to expect', raw);
  return expected;
}

const numbers = (value: unknown, path: string): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(map(value, path)).map(([key, one]) => [key, number(one, `${path}.${key}`)]));

/** A map, or a list of pairs where a header is repeated or its spelling matters. */
function headersOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return Object.entries(map(value, path)).map(([name, one]) => [name, String(one)]);
  return value.map((pair, index): readonly [string, string] => {
    const [name, one] = list(pair, `${path}[${index}]`);
    return [text(name, `${path}[${index}][0]`), String(one ?? '')];
  });
}

const dimensions = (value: unknown, path: string): readonly Dimension[] => list(value, path).map((one) => oneOf(one, DIMENSIONS, path));
const before = (value: unknown, path: string) => oneOf(value, ['before'], path);
const reason = (value: unknown, path: string) => oneOf(value, ['NC', 'UH'], path);
const faults = (value: unknown, path: string): false | Raw => (value === false ? value : map(value, path, ['delay', 'abort']));
