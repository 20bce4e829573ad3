import type { Refusal } from '../model/change.js';
import { describeEntry } from '../routes/describe-entry.js';
import type { RouteEntry, RouteSpec } from '../routes/entry.js';
import { isRival } from '../routes/entry-rivals.js';
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
 * Makes the entries that files keep just those that they have for a service, and leaves the others as they are. A route
 * of another keeper that has one of their names, or wants the same of the same requests, is refused (`route-kept`), or taken over with `force`.
 */
export function fileEdit(files: readonly PlacedFile[], group: FileGroup, { force }: { readonly force: boolean }): RouteEdit {
  const { namespace, routes } = group;
  return (entries) => {
    const others = entries.filter((entry) => !isKeptBy(files, namespace, entry));
    const wanted = routes.map(({ file, route }) => specOf(file, route));
    const taken = others.filter((entry) => wanted.some((spec) => spec.name === entry.name || isRival(spec, entry)));
    if (taken.length > 0 && !force) return { refused: taken.map((entry) => routeKept(group, entry, wanted)) };
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

/** What to do about a route that is in the way of those that a file wants. */
function routeKept({ namespace, service }: FileGroup, entry: RouteEntry, wanted: readonly RouteSpec[]): Refusal {
  const { name, file, by } = entry;
  const keeper = file === undefined ? `${by.user}@${by.host}` : `the routes file ${file}`;
  const sameName = wanted.some((spec) => spec.name === name);
  const uncounted = sameName ? undefined : wanted.find((spec) => isRival(spec, entry));
  const ways = [
    ...(sameName ? ['name yours otherwise'] : []),
    ...(file === undefined
      ? []
      : [`apply both files at once if the route has moved (or, if ${file} is gone, heddle route clear --kept-by ${file} -n ${namespace})`]),
    'take that one over with --force',
    `or take it back first: heddle route clear ${service} --name ${name} -n ${namespace}`,
  ].join(', ');
  return {
    code: 'route-kept',
    message: `The standing route ${name} of ${service} is of ${keeper} (${describeEntry(entry)})${uncounted === undefined ? '' : `; beside it ${uncounted.name} would never count`}`,
    instead: ways.charAt(0).toUpperCase() + ways.slice(1),
  };
}
