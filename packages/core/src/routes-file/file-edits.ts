import type { Refusal } from '../model/change.js';
import { describeEntry } from '../routes/describe-entry.js';
import type { RouteEntry, RouteSpec } from '../routes/entry.js';
import type { RouteEdit, StandingRoutes } from '../routes/types.js';
import type { PlacedFile } from './file-routing.js';
import type { FileRoute, RoutesFile } from './types.js';

/** The routes that some files have for a service, written with one and the same port: what is planned and written at once. */
export interface FileGroup {
  readonly namespace: string;
  readonly service: string;
  /** Number or name; absent: all ports that carry HTTP. */
  readonly port?: string;
  readonly routes: readonly { readonly file: RoutesFile; readonly route: FileRoute }[];
}

/** In the order in which they stand. */
export function fileGroups(files: readonly PlacedFile[]): readonly FileGroup[] {
  const placed = files.flatMap(({ file, namespace }) => file.routes.map((route) => ({ file, namespace, route })));
  const groups = Map.groupBy(placed, ({ namespace, route }) => `${namespace}/${route.service}:${route.port ?? ''}`);
  return [...groups.values()].flatMap((routes) => {
    const [first] = routes;
    if (first === undefined) return [];
    const { namespace, route } = first;
    return [{ namespace, service: route.service, ...(route.port === undefined ? {} : { port: route.port }), routes }];
  });
}

/**
 * Makes the entries that files keep just those that they have for a service, and leaves the others as they are. A name that another keeper
 * has is refused (`route-kept`), or with `force` taken over.
 */
export function fileEdit(
  files: readonly PlacedFile[],
  { namespace, service, routes }: FileGroup,
  { force }: { readonly force: boolean },
): RouteEdit {
  return (entries) => {
    const others = entries.filter((entry) => !isKeptBy(files, namespace, entry));
    const wanted = routes.map(({ file, route }) => specOf(file, route));
    const taken = others.filter(({ name }) => wanted.some((spec) => spec.name === name));
    if (taken.length > 0 && !force) return { refused: taken.map((entry) => routeKept(entry, service)) };
    return [...others.filter((entry) => !taken.includes(entry)), ...wanted];
  };
}

/** Takes the entries away that files keep. */
export const withoutFiles =
  (files: readonly PlacedFile[], namespace: string): RouteEdit =>
  (entries) =>
    entries.filter((entry) => !isKeptBy(files, namespace, entry));

/** Standing routes that files keep, and that they have no route for any more; those with the ids of `planned` are seen to already. */
export function leftFiles(
  files: readonly PlacedFile[],
  standing: readonly StandingRoutes[],
  planned: ReadonlySet<string>,
): readonly StandingRoutes[] {
  return standing.filter(
    ({ namespace, id, entries }) => !planned.has(`${namespace}/${id}`) && entries.some((entry) => isKeptBy(files, namespace, entry)),
  );
}

const isKeptBy = (files: readonly PlacedFile[], namespace: string, entry: RouteEntry): boolean =>
  files.some((one) => one.namespace === namespace && one.file.name === entry.file);

function specOf({ name: file }: RoutesFile, { service: _service, port: _port, path: _path, ...spec }: FileRoute): RouteSpec {
  return { ...spec, file };
}

function routeKept(entry: RouteEntry, service: string): Refusal {
  const keeper = entry.file === undefined ? `${entry.by.user}@${entry.by.host}` : `the routes file ${entry.file}`;
  return {
    code: 'route-kept',
    message: `The standing route ${entry.name} of ${service} is of ${keeper} (${describeEntry(entry)})`,
    instead: `Name yours otherwise, take that one over with --force, or take it back first: heddle route clear ${service} --name ${entry.name}`,
  };
}
