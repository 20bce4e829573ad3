import { entriesFor, globMatches } from '../config/select-context.js';
import type { HeddleConfig } from '../config/types.js';
import type { ListContexts } from './connections.js';

export interface ContextReport {
  readonly context: string;
  readonly current: boolean;
  readonly namespace?: string;
  /** The configuration's entry that fits. */
  readonly cluster?: string;
  /** An adapter's id, or `auto`. */
  readonly mesh: string;
  readonly problem?: string;
}

export interface ClustersReport {
  readonly contexts: readonly ContextReport[];
  /** Entries of the configuration that no context fits. */
  readonly unmatched: readonly { readonly cluster: string; readonly context: string }[];
  readonly files: readonly string[];
}

export interface ClustersService {
  /** The kubeconfig's contexts and what the configuration says of them. Asks no cluster. */
  list(): Promise<ClustersReport>;
}

export function createClustersService(deps: {
  readonly config: HeddleConfig;
  readonly listContexts: ListContexts;
  readonly kubeconfig?: string;
}): ClustersService {
  const { clusters, defaults, files } = deps.config;
  return {
    list: async () => {
      const contexts = await deps.listContexts(deps.kubeconfig === undefined ? {} : { kubeconfig: deps.kubeconfig });
      return {
        contexts: contexts.map(({ name, current, namespace }) => {
          const [entry, ...others] = entriesFor(name, clusters);
          return {
            context: name,
            current,
            ...(namespace === undefined ? {} : { namespace }),
            ...(entry === undefined ? {} : { cluster: entry }),
            mesh: (entry === undefined ? undefined : clusters[entry]?.mesh) ?? defaults.mesh,
            ...(others.length === 0 ? {} : { problem: `fits several clusters of the configuration: ${[entry, ...others].join(', ')}` }),
          };
        }),
        unmatched: Object.entries(clusters)
          .filter(([, entry]) => !contexts.some(({ name }) => globMatches(entry.context, name)))
          .map(([cluster, { context }]) => ({ cluster, context })),
        files,
      };
    },
  };
}
