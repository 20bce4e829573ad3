import { isRecord } from '../model/object.js';
import { defaultRouteName, isRouteName, ROUTE_NAME } from '../routes/route-name.js';
import type { CaseProblem } from '../routing-tests/routing-test.js';
import { at, items, mapping, maybe, type Place, wrong } from '../routing-tests/shape.js';
import { ACTION_KEYS, parseAction } from './parse-action.js';
import { quoted } from './parse-condition.js';
import { parseMatches } from './parse-matches.js';
import { parseServices } from './parse-services.js';
import { type FileRoute, ROUTES_API_VERSION, ROUTES_KIND, type RoutesFile } from './types.js';
import { uncountedRoutes } from './uncounted-routes.js';

const FILE_KEYS = ['apiVersion', 'kind', 'metadata', 'services', 'routes'];
const ROUTE_KEYS = ['service', 'name', 'match', ...ACTION_KEYS];

/** Whether a document means to be of a routes file, in whatever version. */
export const isRoutesDocument = (document: unknown): boolean =>
  isRecord(document) && typeof document.apiVersion === 'string' && document.apiVersion.startsWith('heddle.dev/');

/** Reads a document of a routes file. `problems` are all that is wrong with it; `file` is there when nothing is. */
export function parseRoutesFile(document: unknown): { readonly file?: RoutesFile; readonly problems: readonly CaseProblem[] } {
  const problems: CaseProblem[] = [];
  const root: Place = { value: document, path: [], problems };
  if (mapping(root, FILE_KEYS, 'a routes file: apiVersion, kind, metadata and routes') === undefined) return { problems };
  expectText(at(root, 'apiVersion'), ROUTES_API_VERSION);
  expectText(at(root, 'kind'), ROUTES_KIND);
  const named = parseMetadata(at(root, 'metadata'));
  const services = parseServices(at(root, 'services'));
  const list = at(root, 'routes');
  // An empty list is a file that keeps no route any more; without one, something has been forgotten.
  const places = Array.isArray(list.value) ? items(list) : (wrong(list, 'a list of routes') ?? []);
  const routes = places.flatMap((place) => parseRoute(place) ?? []);
  for (const { route: _route, rival: _rival, ...problem } of uncountedRoutes(routes)) problems.push(problem);
  return named === undefined || problems.length > 0 ? { problems } : { file: { ...named, services, routes }, problems };
}

function expectText(place: Place, expected: string): void {
  if (place.value !== expected) wrong(place, expected);
}

function parseMetadata(place: Place): Pick<RoutesFile, 'name' | 'namespace'> | undefined {
  if (mapping(place, ['name', 'namespace'], 'name, and namespace') === undefined) return undefined;
  const name = label(at(place, 'name'), ROUTES_FILE_NAME);
  return name === undefined ? undefined : { name, ...maybe(place, 'namespace', (one) => label(one, 'the name of a namespace')) };
}

/** What a routes file may be called, in words. */
export const ROUTES_FILE_NAME = 'a name for the file: lower-case letters, digits and inner dashes';
export const isRoutesFileName = (name: string): boolean => LABEL.test(name);

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

function label(place: Place, expected: string): string | undefined {
  return quoted(place, expected, (value) => (LABEL.test(value) ? undefined : { expected }));
}

function parseRoute(place: Place): FileRoute | undefined {
  const before = place.problems.length;
  if (mapping(place, ROUTE_KEYS, 'a route: service, match, and what becomes of the requests') === undefined) return undefined;
  const service = serviceOf(at(place, 'service'));
  const match = parseMatches(at(place, 'match'));
  const action = parseAction(place);
  const { name } = maybe(place, 'name', nameOf);
  if (service === undefined || action === undefined || place.problems.length > before) return undefined;
  return { ...service, name: name ?? defaultRouteName(match, action), match, path: place.path, ...action };
}

const SERVICE = "a Service's name, with :PORT (number or name) for one of its ports";

function serviceOf(place: Place): Pick<FileRoute, 'service' | 'port'> | undefined {
  const written = quoted(place, SERVICE, (value) =>
    value.split(':').every((part) => LABEL.test(part)) ? undefined : { expected: SERVICE },
  );
  if (written === undefined) return undefined;
  const [service = '', port, more] = written.split(':');
  if (more !== undefined) return wrong(place, SERVICE);
  return port === undefined ? { service } : { service, port };
}

function nameOf(place: Place): string | undefined {
  return quoted(place, ROUTE_NAME, (value) => (isRouteName(value) ? undefined : { expected: ROUTE_NAME }));
}
