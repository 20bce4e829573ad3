import { type KubeObject, type MeshEnvironment, metaOf, type Rendered, type RoutedService, type Routing } from '@heddle/core';
import type { Service } from '../decode/world-types.js';
import { loseTable, lossesOf, lost } from './losses.js';
import { meshRoutes } from './mesh-http-route/routes.js';
import { mirrorNotes } from './mirrors.js';
import type { RenderTask } from './render-task.js';
import { httpServices } from './services.js';
import { namesIn, type Surroundings, surroundingsOf } from './surroundings.js';
import { routeAll, trafficRoutes } from './traffic-route/routes.js';
import { versionsIn } from './versions.js';

/**
 * Kuma's objects for a routing; see `MeshAdapter.render`. By `settings.routing` MeshHTTPRoutes, or TrafficRoutes up to 2.x. Versions are
 * tags of Pods up to 2.x, else Services of their own.
 */
export function render(routing: Routing, env: MeshEnvironment): Rendered {
  const http = httpServices(routing);
  const around = surroundingsOf(http.objects, env);
  const losses = lossesOf();
  const notes = new Set(http.notes);
  const versions = versionsIn(http.objects, around);
  const task: RenderTask = { around, versions, losses, names: namesIn(routing.objects) };
  const routes = routing.services.flatMap((service) => routesOf(service, task));
  const meshes = new Set(routing.services.flatMap((service) => [serviceOf(service, around)?.mesh ?? 'default']));
  const isOld = around.routesBy === 'TrafficRoute' && routes.length > 0;
  const all = (isOld ? [...meshes].sort() : []).map((mesh) => routeAll(mesh, task)).filter((object) => object !== undefined);
  const made = versions.objects(routes);
  for (const note of notesFor(routes, all, made, task)) notes.add(note);
  const foundations = [...http.changed, ...made, ...all];
  return { objects: [...foundations, ...routes], foundations: foundations.length, losses: losses.list(), notes: [...notes] };
}

const serviceOf = ({ namespace, name }: RoutedService, around: Surroundings): Service | undefined =>
  around.world.services.find((one) => one.namespace === namespace && one.name === name);

function routesOf(service: RoutedService, task: RenderTask): readonly KubeObject[] {
  const base = serviceOf(service, task.around);
  if (base === undefined || service.tables.length === 0) return [];
  if (base.shape === 'externalName' || base.ignored) {
    const why = base.ignored ? 'is annotated kuma.io/ignore' : 'is an ExternalName';
    const said = service.tables.filter(({ rules }) => rules.length > 0);
    for (const table of said) loseTable(task.losses, { service, table }, lost('service', `Kuma has no rules for a Service that ${why}`));
    return [];
  }
  const own = { ...task, service };
  return task.around.routesBy === 'TrafficRoute' ? trafficRoutes(own, base) : meshRoutes(own, base);
}

/** What has been assumed, or is good to know. */
function notesFor(
  routes: readonly KubeObject[],
  all: readonly KubeObject[],
  made: readonly KubeObject[],
  { versions, around }: RenderTask,
): readonly string[] {
  if (routes.length === 0) return [];
  const notes = [
    'Kuma routes by the Service whose address is dialled: a Host header that names another one does not count.',
    'The MeshTimeout that Kuma makes for every mesh ends requests after 15 s where no other says otherwise.',
  ];
  if (versions.areTags()) notes.push('Versions are told by tags, which Kuma makes of the labels of Pods.');
  if (made.length > 0) {
    const names = made.map((object) => metaOf(object).name);
    notes.push(
      `Kuma ${around.env.version ?? 'here'} has no destinations by tags, so versions have Services of their own: ${names.join(', ')}.`,
    );
  }
  notes.push(...mirrorNotes(routes, around));
  if (around.routesBy === 'TrafficRoute') {
    notes.push(
      all.length === 0
        ? 'A TrafficRoute for all services is there already.'
        : 'In a mesh with any TrafficRoute, connections to services that none is for are closed: the one for all services is among these.',
    );
  }
  return notes;
}
