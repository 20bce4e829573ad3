import { type Clock, type Cluster, isUserError, type MeshAdapter, messageOf } from '@heddle/core';
import { entriesFor, globMatches } from '../config/select-context.js';
import type { ClusterConfig, HeddleConfig } from '../config/types.js';
import { type Catalogue, findPart } from '../plugins/catalogue.js';
import { type CapabilityReport, capabilityReport } from './capabilities.js';
import type { ConnectCluster, ListContexts } from './connections.js';
import { type AdapterDeps, detectAll, loadAdapters } from './mesh-choice/installed-adapters.js';
import { knownMeshesIn } from './mesh-choice/known-meshes.js';
import { optionsFor } from './mesh-choice/mesh-setting.js';

/** A mesh that was found in a cluster. */
export interface FoundMeshReport extends CapabilityReport {
  readonly adapter: string;
  readonly title: string;
  readonly version?: string;
  /** What gave it away. */
  readonly because: string;
}

/** What a cluster said; in its place why it said nothing. */
export type ClusterAnswer =
  | {
      readonly reached: true;
      readonly kubernetes: string;
      readonly meshes: readonly FoundMeshReport[];
      /** Meshes that no installed adapter knows, by their API groups. */
      readonly others: readonly { readonly title: string; readonly groups: readonly string[]; readonly plugin?: string }[];
    }
  | { readonly reached: false; readonly why: string };

export interface ContextReport {
  readonly context: string;
  readonly current: boolean;
  readonly namespace?: string;
  /** The configuration's entry that fits. */
  readonly cluster?: string;
  /** An adapter's id, or `auto`, as configured. */
  readonly mesh: string;
  /** By namespace or service, where the configuration says so. */
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly tunnel: string;
  readonly problem?: string;
  /** Absent when the cluster was not asked. */
  readonly answer?: ClusterAnswer;
}

export interface ClustersReport {
  readonly contexts: readonly ContextReport[];
  /** Entries of the configuration that no context fits. */
  readonly unmatched: readonly { readonly cluster: string; readonly context: string }[];
  readonly files: readonly string[];
}

export interface ClustersService {
  /** The kubeconfig's contexts, what the configuration says of them and, unless `offline`, what each cluster says itself. */
  list(options: { readonly offline: boolean }): Promise<ClustersReport>;
}

export interface ClustersDeps extends AdapterDeps {
  readonly config: HeddleConfig;
  readonly listContexts: ListContexts;
  readonly connectCluster: ConnectCluster;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly kubeconfig?: string;
}

/** A cluster behind a network that drops packets would keep everybody waiting. */
const TIMEOUT_MS = 5_000;
const PARALLEL = 8;

export function createClustersService(deps: ClustersDeps): ClustersService {
  const { clusters, files } = deps.config;
  const kubeconfig = deps.kubeconfig === undefined ? {} : { kubeconfig: deps.kubeconfig };
  return {
    list: async ({ offline }) => {
      const contexts = await deps.listContexts(kubeconfig);
      const reports = contexts.map((context) => describeContext(context, deps.config));
      const unmatched = Object.entries(clusters)
        .filter(([, entry]) => !contexts.some(({ name }) => globMatches(entry.context, name)))
        .map(([cluster, { context }]) => ({ cluster, context }));
      if (offline || contexts.length === 0) return { contexts: reports, unmatched, files };
      const { adapters } = await loadAdapters(deps);
      const asked = await inParallel(reports, async (report) => {
        const answer = await ask(deps, () => deps.connectCluster({ ...kubeconfig, context: report.context }), adapters, report);
        return withProblem({ ...report, answer }, deps);
      });
      return { contexts: asked, unmatched, files };
    },
  };
}

function describeContext(
  { name, current, namespace }: { readonly name: string; readonly current: boolean; readonly namespace?: string },
  { clusters, defaults }: HeddleConfig,
): ContextReport {
  const [cluster, ...others] = entriesFor(name, clusters);
  const entry = cluster === undefined ? undefined : clusters[cluster];
  const namespaces = Object.entries(entry?.namespaces ?? {}).map(([key, { mesh }]) => [key, mesh] as const);
  return {
    context: name,
    current,
    ...(namespace === undefined ? {} : { namespace }),
    ...(cluster === undefined ? {} : { cluster }),
    mesh: entry?.mesh ?? defaults.mesh,
    ...(namespaces.length === 0 ? {} : { namespaces: Object.fromEntries(namespaces) }),
    tunnel: entry?.tunnel ?? defaults.tunnel,
    ...(others.length === 0 ? {} : { problem: `fits several clusters of the configuration: ${[cluster, ...others].join(', ')}` }),
  };
}

/** Connects, detects and closes; whatever goes wrong is the row's, not the command's. */
async function ask(
  deps: ClustersDeps,
  connect: () => Promise<Cluster>,
  adapters: readonly MeshAdapter[],
  { cluster, namespace }: ContextReport,
): Promise<ClusterAnswer> {
  let connection: Cluster | undefined;
  const over = new AbortController();
  const entry = cluster === undefined ? undefined : withName(deps.config.clusters[cluster], cluster);
  const look = async (): Promise<ClusterAnswer> => {
    connection = await connect();
    if (over.signal.aborted) await connection.close();
    const { version, served } = await connection.discover();
    const found = await detectAll(deps, connection, adapters);
    const meshes = found.map(({ adapter, detection: { environment, because, title } }) => {
      const settings = { ...environment.settings, ...optionsFor(entry, { namespace: namespace ?? 'default' }, adapter.id) };
      return {
        adapter: adapter.id,
        title: title ?? adapter.title,
        ...(environment.version === undefined ? {} : { version: environment.version }),
        because,
        ...capabilityReport(adapter.capabilities({ ...environment, settings })),
      };
    });
    const others = knownMeshesIn(served, adapters).map(({ mesh: { title, plugin }, groups }) => ({
      ...{ title, groups },
      ...(plugin === undefined ? {} : { plugin }),
    }));
    return { reached: true, kubernetes: version, meshes, others };
  };
  const late = deps.clock
    .sleep(TIMEOUT_MS, over.signal)
    .then((): ClusterAnswer => ({ reached: false, why: `no answer within ${TIMEOUT_MS / 1000} seconds` }));
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    // Before there is a connection anything can go wrong: a credential plugin, a certificate's file.
    if (!isUserError(error) && connection !== undefined) throw error;
    return { reached: false, why: messageOf(error) };
  } finally {
    over.abort();
    await connection?.close();
  }
}

/** What the configuration says that is not so. */
function withProblem(report: ContextReport, { catalogue }: ClustersDeps): ContextReport {
  if (report.problem !== undefined) return report;
  const wanted = [...new Set([report.mesh, ...Object.values(report.namespaces ?? {})])].filter((id) => id !== 'auto');
  for (const id of wanted) {
    const problem = problemOf(catalogue, 'adapter', id);
    if (problem !== undefined) return { ...report, problem };
    if (report.answer?.reached === true && !report.answer.meshes.some(({ adapter }) => adapter === id))
      return { ...report, problem: `the configuration says ${id}, but that mesh was not found` };
  }
  const problem = problemOf(catalogue, 'tunnel', report.tunnel);
  return problem === undefined ? report : { ...report, problem };
}

/** Why there is no such part; `undefined` when there is. */
function problemOf(catalogue: Catalogue, kind: 'adapter' | 'tunnel', id: string): string | undefined {
  try {
    findPart(catalogue, kind, id);
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return error.message;
  }
}

const withName = (entry: ClusterConfig | undefined, name: string) => (entry === undefined ? undefined : { ...entry, name });

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Map<T, R>();
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) results.set(item, await work(item));
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return items.map((item) => results.get(item) as R);
}
