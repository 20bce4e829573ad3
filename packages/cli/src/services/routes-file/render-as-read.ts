import { decodeTarget, type KubeObject, type Rendered, type RoutedService, refKey, refOf } from '@heddle/core';
import { podsOfServices } from '../files/assume/service-pods.js';
import { fileCluster } from '../files/file-cluster.js';
import type { MeshWithoutCluster } from '../mesh-choice/mesh-without-cluster.js';

export interface RenderedRouting {
  /** The services whose tables the losses are about. */
  readonly services: readonly RoutedService[];
  readonly rendered: Rendered;
}

/**
 * Renders the tables of files, which say nothing of what proxies do to a path before they look at it: whatever the mesh does where it has
 * such rules is meant. So it is rendered once to see that. `undefined`: the adapter renders nothing.
 */
export async function renderAsRead(
  mesh: MeshWithoutCluster,
  services: readonly RoutedService[],
  objects: readonly KubeObject[],
): Promise<RenderedRouting | undefined> {
  const { adapter, env } = mesh;
  const first = adapter.render?.({ services, objects }, env);
  if (first === undefined) return undefined;
  const read = await pathsAsRead(mesh, services, [...objects, ...first.objects]);
  const rendered = adapter.render?.({ services: read, objects }, env);
  return rendered === undefined ? undefined : { services: read, rendered };
}

/** The tables with their paths read as the mesh reads those of its own in a cluster with these objects. */
async function pathsAsRead(
  { adapter, env }: MeshWithoutCluster,
  services: readonly RoutedService[],
  objects: readonly KubeObject[],
): Promise<readonly RoutedService[]> {
  const known = new Map([...services.map(serviceObject), ...objects].map((object) => [refKey(refOf(object)), object]));
  const shown = [...known.values()];
  // A mesh may know no Service that nobody is behind.
  const all = [
    ...shown,
    ...podsOfServices(
      shown.filter(({ kind }) => kind === 'Service'),
      [],
    ).objects,
  ];
  const world = adapter.adopt?.(all, env) ?? all;
  const cluster = fileCluster(world, adapter.kinds, (group) => adapter.kinds.some((kind) => kind.group === group));
  const refs = services.flatMap(({ namespace, name, tables }) => tables.map(({ port }) => ({ namespace, name, port })));
  const { tables } = (await decodeTarget({ cluster, adapter, env }, { services: refs })).decoded;
  return services.map((service) => ({
    ...service,
    tables: service.tables.map((table) => {
      const [host = ''] = table.domains;
      const own = tables.find(({ port, domains, addresses = [] }) => port === table.port && [...domains, ...addresses].includes(host));
      return own?.pathNormalisation === undefined ? table : { ...table, pathNormalisation: own.pathNormalisation };
    }),
  }));
}

/** A Service that the files do not show: the ports that are routed carry HTTP. */
function serviceObject({ namespace, name, ports, selector = { app: name }, tables }: RoutedService): KubeObject {
  const routed = new Set(tables.map(({ port }) => port));
  const said = ports.map((port) => (routed.has(port.port) ? { appProtocol: 'http', ...port } : port));
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace, name }, spec: { selector, ports: said } };
}
