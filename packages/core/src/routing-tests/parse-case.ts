import { isUserError } from '../errors/user-error.js';
import { parseRequest } from '../evaluate/parse-request.js';
import { isRecord } from '../model/object.js';
import { parseExpectation, parseObserved } from './parse-expectation.js';
import type { CaseProblem, RoutingTest, TestClient, TestRequest } from './routing-test.js';
import { at, items, mapping, maybe, oneOf, type Place, text, texts, word, words, wrong } from './shape.js';

/** The last two are what a recorder noted, and not read: what a mesh refuses is derived. */
const CASE_KEYS = ['id', 'title', 'mesh', 'envoy', 'objects', 'files', 'client', 'requests', 'rejected', 'recorded'];
const CLIENT = 'who calls: {kind: sidecar|gateway, namespace, labels or name}, or {kind: none}';

/**
 * The cases of one document of a case file: a single one, or a list under `cases`. `problems` are all that is wrong with it; cases that
 * have none are there nevertheless. A request says what it expects, unless `unfinished` ones are taken too: for recording.
 */
export function parseCases(
  document: unknown,
  options: { readonly unfinished?: boolean } = {},
): { readonly cases: readonly RoutingTest[]; readonly problems: readonly CaseProblem[] } {
  const problems: CaseProblem[] = [];
  const root: Place = { value: document, path: [], problems };
  if (!isRecord(document)) wrong(root, 'a case: a mapping with client and requests, or with cases');
  const places = isRecord(document) && 'cases' in document ? listed(root) : isRecord(document) ? [root] : [];
  return { cases: places.flatMap((place) => parseCase(place, options.unfinished === true)), problems };
}

function listed(root: Place): readonly Place[] {
  mapping(root, ['cases']);
  const places = items(at(root, 'cases'), 'a list of cases');
  if (places.length === 0 && root.problems.length === 0) wrong(at(root, 'cases'), 'a list of cases');
  return places;
}

function parseCase(place: Place, unfinished: boolean): readonly RoutingTest[] {
  const before = place.problems.length;
  if (mapping(place, CASE_KEYS, 'a case') === undefined) return [];
  const requests = items(at(place, 'requests'), 'a list of requests');
  if (requests.length === 0 && place.problems.length === before) wrong(at(place, 'requests'), 'a list of requests');
  const objects = parseObjects(at(place, 'objects'));
  const parsed = {
    ...maybe(place, 'id', word),
    ...maybe(place, 'title', text),
    ...maybe(place, 'mesh', text),
    ...maybe(place, 'envoy', envoyVersion),
    ...(objects.inline === undefined ? {} : { objects: objects.inline }),
    files: [...objects.files, ...texts(at(place, 'files'))],
    requests: requests.flatMap((request) => parseTestRequest(request, unfinished) ?? []),
    path: place.path,
  };
  const client = parseClient(at(place, 'client'));
  return client === undefined || place.problems.length > before ? [] : [{ ...parsed, client }];
}

function parseObjects(place: Place): { readonly inline?: string | readonly unknown[]; readonly files: readonly string[] } {
  const { value } = place;
  if (value === undefined || value === null) return { files: [] };
  if (typeof value === 'string' || Array.isArray(value)) return { inline: value, files: [] };
  if (isRecord(value) && 'files' in value && mapping(place, ['files']) !== undefined) return { files: texts(at(place, 'files')) };
  return wrong(place, 'YAML text, a list of objects, or {files: [PATH, …]}') ?? { files: [] };
}

function parseClient(place: Place): TestClient | undefined {
  if (mapping(place, ['kind', 'namespace', 'labels', 'name'], CLIENT) === undefined) return undefined;
  const kind = maybe(place, 'kind', oneOf('sidecar', 'gateway', 'none')).kind ?? 'sidecar';
  if (kind === 'none') return { kind };
  const client = { kind, ...maybe(place, 'namespace', text), ...maybe(place, 'labels', words), ...maybe(place, 'name', text) };
  return client;
}

function parseTestRequest(place: Place, unfinished: boolean): TestRequest | undefined {
  const raw = mapping(
    place,
    ['name', 'method', 'url', 'headers', 'expect', 'observed', 'observedOlderEnvoy'],
    'a request: url and expect or observed, and method, headers, name where they matter',
  );
  if (raw === undefined) return undefined;
  const url = text(at(place, 'url'));
  if (!('observed' in raw) && ('observedOlderEnvoy' in raw || !('expect' in raw || unfinished))) {
    wrong(
      place,
      'observedOlderEnvoy' in raw
        ? 'observed beside observedOlderEnvoy'
        : 'what must come of the request: expect, or observed (--record writes it)',
    );
  }
  const request = {
    ...maybe(place, 'name', word),
    method: maybe(place, 'method', text).method ?? 'GET',
    headers: parseHeaders(at(place, 'headers')),
    ...maybe(place, 'expect', parseExpectation),
    ...maybe(place, 'observed', parseObserved),
    ...maybe(place, 'observedOlderEnvoy', parseObserved),
  };
  return url === undefined || !isSendable(place, { ...request, url }) ? undefined : { ...request, url };
}

/** A list of pairs where a header is repeated; else a mapping will do. */
function parseHeaders(place: Place): TestRequest['headers'] {
  if (isRecord(place.value)) return Object.entries(words(place) ?? {});
  return items(place, 'a list of [name, value], or a mapping').map((pair): readonly [string, string] => {
    const { value } = pair;
    if (!Array.isArray(value) || typeof value[0] !== 'string' || value.length > 2 || (typeof value[1] === 'object' && value[1] !== null)) {
      wrong(pair, '[name, value]');
      return ['x', ''];
    }
    return [value[0], String(value[1] ?? '')];
  });
}

/** Whether a client could send it; the reader of requests says what is wrong, in the form of all input errors. */
function isSendable(place: Place, request: Pick<TestRequest, 'url' | 'method' | 'headers'>): boolean {
  try {
    parseRequest(request);
    return true;
  } catch (error) {
    if (!isUserError(error)) throw error;
    const [, key = 'url', expected = 'a request', received = ''] = /^(\w+).*?: expected (.*), received (.*)$/s.exec(error.message) ?? [];
    place.problems.push({ path: [...place.path, key === 'header' ? 'headers' : key], expected, received });
    return false;
  }
}

/** In quotes: YAML takes 1.40 for the number 1.4. */
function envoyVersion(place: Place): string | undefined {
  const { value } = place;
  return typeof value === 'string' && /^\d+\.\d+(\.\d+)?$/.test(value) ? value : wrong(place, "Envoy's version in quotes: '1.38'");
}
