import type { KubeObject } from '../model/object.js';
import type { RoutedService } from '../model/routing.js';
import { versionsIn } from '../routes/entry.js';
import type { CasePath, CaseProblem } from '../routing-tests/routing-test.js';
import { chosenPorts, knownService } from './known-ports.js';
import { routeTable } from './route-table.js';
import type { DescribedService, FileRoute, RoutesFile } from './types.js';
import { uncountedRoutes } from './uncounted-routes.js';

/** A routes file, with the namespace that its services are in. */
export interface PlacedFile {
  readonly file: RoutesFile;
  readonly namespace: string;
}

/** Something in a file that keeps it from being applied or rendered. */
export interface FileProblem extends CaseProblem {
  readonly file: RoutesFile;
  /** What it is at odds with. */
  readonly rival?: { readonly file: RoutesFile; readonly path: CasePath };
}

export interface FileRouting {
  readonly services: readonly RoutedService[];
  /** What has been assumed or left out: one sentence each. */
  readonly notes: readonly string[];
  readonly problems: readonly FileProblem[];
}

type PlacedRoute = FileRoute & { readonly file: RoutesFile; readonly namespace: string };

/**
 * What routes files want of their services, for callers everywhere in the mesh: for each port one table, whose rules are the routes in
 * the order in which they count. Ports, selectors and versions are those of `objects`, else of the files; where neither says enough it
 * is a problem.
 */
export function fileRouting(files: readonly PlacedFile[], objects: readonly KubeObject[]): FileRouting {
  const groups = routesByService(files);
  const parts = groups.map((group) => serviceRouting(group, describedIn(files, group[0]), objects));
  return {
    services: parts.flatMap(({ services }) => services),
    notes: parts.flatMap(({ notes }) => notes),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** Routes of different files that can never count, one beside the other: of one name, or for the same requests. */
export function rivalFiles(files: readonly PlacedFile[]): readonly FileProblem[] {
  return routesByService(files).flatMap(uncountedIn);
}

function routesByService(files: readonly PlacedFile[]): readonly (readonly PlacedRoute[])[] {
  const routes = files.flatMap(({ file, namespace }) => file.routes.map((route): PlacedRoute => ({ ...route, file, namespace })));
  return [...Map.groupBy(routes, ({ namespace, service }) => `${namespace}/${service}`).values()];
}

function uncountedIn(routes: readonly PlacedRoute[]): readonly FileProblem[] {
  return uncountedRoutes(routes).map(({ route: { file }, rival, ...problem }) => ({ ...problem, file, rival }));
}

/** What the files of a namespace say of a service; the first that speaks of it counts. */
function describedIn(files: readonly PlacedFile[], of: PlacedRoute | undefined): DescribedService | undefined {
  return files
    .filter(({ namespace }) => namespace === of?.namespace)
    .flatMap(({ file }) => file.services)
    .find(({ name }) => name === of?.service);
}

function serviceRouting(
  routes: readonly PlacedRoute[],
  described: DescribedService | undefined,
  objects: readonly KubeObject[],
): FileRouting {
  const { namespace = '', service: name = '' } = routes[0] ?? {};
  const known = knownService({ namespace, name }, objects, described, routes);
  const notes: string[] = [];
  const problems: FileProblem[] = [...uncountedIn(routes)];
  const placed = routes.flatMap((route) => {
    const choice = chosenPorts(route, known);
    if ('ports' in choice) notes.push(...choice.notes);
    else problems.push({ ...choice, file: route.file, path: [...route.path, 'service'] });
    return 'ports' in choice ? choice.ports.map((port) => ({ route, port })) : [];
  });
  const ports = Map.groupBy(placed, ({ port }) => port.port);
  const made = [...ports].map(([port, all]) =>
    routeTable(
      { namespace, name, port, versions: described?.versions ?? {} },
      all.map(({ route }) => route),
    ),
  );
  const [refused] = made.flatMap((table) => ('refused' in table ? table.refused : []));
  const [first] = routes;
  if (refused !== undefined && first !== undefined) {
    const { message, instead = 'conditions that one rule can hold' } = refused;
    problems.push({
      file: first.file,
      path: first.path,
      expected: `routes whose conditions can hold together (${instead})`,
      received: `others: ${message}`,
    });
  }
  if (problems.length > 0) return { services: [], notes: [], problems };
  const tables = made.flatMap((table) => ('ok' in table ? [table.ok] : []));
  return { services: [{ ...known, tables }], notes: [...new Set(notes), ...assumedVersions(known, routes, described)], problems };
}

/** Versions that the file says nothing of. */
function assumedVersions(
  { namespace, name }: Pick<RoutedService, 'namespace' | 'name'>,
  routes: readonly FileRoute[],
  described: DescribedService | undefined,
): readonly string[] {
  const said = described?.versions ?? {};
  const assumed = [...new Set(routes.flatMap(versionsIn))].filter((version) => !Object.hasOwn(said, version)).sort();
  if (assumed.length === 0) return [];
  const labels = assumed.map((version) => `version=${version}`).join(', ');
  return [`Versions of Service ${namespace}/${name} are taken to be its Pods with the label ${labels}.`];
}
