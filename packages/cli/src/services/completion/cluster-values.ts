import {
  type Cluster,
  describeEntry,
  detectMeshes,
  isSupported,
  type KubeObject,
  labelsMatch,
  listRoutes,
  listSessions,
  MANAGED_BY,
  type MeshAdapter,
  metaOf,
  observe,
  type StandingRoutes,
  VERSION_LABEL,
} from '@heddle/core';
import { connectCluster, listContexts } from '@heddle/kubernetes';
import { loadConfig } from '../../config/load.js';
import { type InstalledPackage, partsOf, readCatalogue } from '../../plugins/catalogue.js';
import { type ImportModule, loadAdapter } from '../../plugins/load-part.js';
import { type Connection, createConnections } from '../connections.js';
import { selectorOf, servicePorts } from '../kube-service.js';
import type { ValueSources } from './due-source.js';
import type { TypedLine } from './typed-line.js';
import type { Candidate } from './types.js';

/** Those of the values that a cluster knows. */
export type ClusterSource = Exclude<keyof ValueSources, 'contexts' | 'clusters' | 'meshes' | 'tunnels' | 'scenarios'>;

export interface ClusterPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly configDir: string;
  /** Packages that may bring adapters: what heddle brings first. */
  readonly packages: readonly InstalledPackage[];
  readonly importModule: ImportModule;
}

/** Asks the cluster that the line would be for; nothing but reads. Throws what that throws. */
export async function clusterValues(source: ClusterSource, line: TypedLine, place: ClusterPlace): Promise<readonly Candidate[]> {
  const connections = createConnections({
    flags: Object.fromEntries(
      (['namespace', 'context', 'kubeconfig', 'cluster'] as const).flatMap((name) => {
        const value = line.flags[name] || place.env[`HEDDLE_${name.toUpperCase()}`];
        return value ? [[name, value]] : [];
      }),
    ),
    config: () => loadConfig({ configDir: place.configDir, cwd: place.cwd, agentImage: '' }),
    listContexts,
    connectCluster,
  });
  try {
    return await VALUES[source](await connections.open(), line, place);
  } finally {
    await connections.close();
  }
}

type Ask = (connection: Connection, line: TypedLine, place: ClusterPlace) => Promise<readonly Candidate[]>;

const VALUES: Readonly<Record<ClusterSource, Ask>> = {
  namespaces: async ({ cluster }) => named(await cluster.list({ group: '', kind: 'Namespace' })),
  services: async ({ cluster, namespace }) => named((await listServices(cluster, namespace)).filter(isUsers)),
  routedServices: async (connection) => distinct((await routesIn(connection)).map(({ service }) => ({ value: service }))),
  routes: async (connection, line) => {
    const service = serviceOf(line);
    const routes = (await routesIn(connection)).filter((one) => service === undefined || one.service === service);
    return distinct(
      routes.flatMap((one) =>
        one.entries.map((entry) => ({
          value: entry.name,
          description: `${service === undefined ? `${one.service}, ` : ''}${describeEntry(entry)}`,
        })),
      ),
    );
  },
  routesFiles: async (connection) =>
    distinct(
      (await routesIn(connection)).flatMap(({ entries }) => entries.flatMap(({ file }) => (file === undefined ? [] : [{ value: file }]))),
    ),
  sessions: async ({ cluster, namespace }) => {
    const sessions = await listSessions(cluster, { namespace }, { isGone: () => undefined });
    return sessions
      .filter(({ kind }) => kind === 'session')
      .map(({ id, service, holder }) => ({ value: id, description: `${service}, of ${holder.user}@${holder.host}` }));
  },
  versions: async ({ cluster, namespace }, line, place) => {
    const name = serviceOf(line);
    if (name === undefined) return [];
    const [services, adapters] = await Promise.all([listServices(cluster, namespace), adaptersOf(place)]);
    const service = services.find((one) => metaOf(one).name === name);
    if (service === undefined) return [];
    const ofMesh = await versionsOfMesh(cluster, adapters, service);
    return distinct([...ofMesh, ...siblings(service, services)].map((value) => ({ value })));
  },
  shares: async (connection, line, place) => {
    const given = new Set(line.args.map((word) => word.replace(/=.*$/s, '')));
    const versions = await VALUES.versions(connection, line, place);
    return versions.filter(({ value }) => !given.has(value)).map(({ value }) => ({ value: `${value}=` }));
  },
};

/** The service is the first argument of all commands that have one, and may bear a port. */
function serviceOf({ args }: TypedLine): string | undefined {
  return args[0]?.replace(/^(?:svc|services?)\//, '').split(':')[0];
}

const listServices = (cluster: Cluster, namespace: string) => cluster.list({ group: '', kind: 'Service', namespace });

/** Neither a shadow nor one that no rule can be written for. */
function isUsers(service: KubeObject): boolean {
  return metaOf(service).labels[MANAGED_BY] !== 'heddle' && Object.keys(selectorOf(service)).length > 0;
}

async function routesIn({ cluster, namespace }: Connection): Promise<readonly StandingRoutes[]> {
  return await listRoutes(cluster, { namespace });
}

async function adaptersOf({ packages, importModule }: ClusterPlace): Promise<readonly MeshAdapter[]> {
  const parts = partsOf(readCatalogue(packages), 'adapter');
  const loaded = await Promise.allSettled(parts.map((part) => loadAdapter(part, importModule)));
  return loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

async function versionsOfMesh(cluster: Cluster, adapters: readonly MeshAdapter[], service: KubeObject): Promise<readonly string[]> {
  const { name, namespace = '' } = metaOf(service);
  const services = servicePorts(service).map(({ port }) => ({ namespace, name, port }));
  const meshes = await detectMeshes(cluster, adapters);
  const all = meshes.map(async ({ adapter, detection: { environment: env } }) => {
    const seen = await observe({ cluster, adapter, env }, { services });
    const labels = isSupported(adapter.capabilities(env), 'to.subset') ? await labelsOfPods(cluster, service) : [];
    return [...services.flatMap((one) => adapter.versions(one, seen, env).map(({ id }) => id)), ...labels];
  });
  return (await Promise.all(all)).flat();
}

/** What Pods behind the service say that they are. */
async function labelsOfPods(cluster: Cluster, service: KubeObject): Promise<readonly string[]> {
  const { namespace = '' } = metaOf(service);
  const labels = (await cluster.list({ group: '', kind: 'Pod', namespace })).map((pod) => metaOf(pod).labels);
  return labels.filter((each) => labelsMatch(selectorOf(service), each)).flatMap((each) => each[VERSION_LABEL] ?? []);
}

/** Services for some of the service's own Pods: `reviews-v1` is its version v1. */
function siblings(service: KubeObject, services: readonly KubeObject[]): readonly string[] {
  const start = `${metaOf(service).name}-`;
  const selector = Object.entries(selectorOf(service));
  return services.filter(isUsers).flatMap((other) => {
    const { name } = metaOf(other);
    const theirs = selectorOf(other);
    const isPart = selector.every(([key, value]) => theirs[key] === value);
    return name.startsWith(start) && isPart ? [name.slice(start.length)] : [];
  });
}

const named = (objects: readonly KubeObject[]): readonly Candidate[] => distinct(objects.map((object) => ({ value: metaOf(object).name })));

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const found = new Map(candidates.map((one) => [one.value, one]));
  return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}
