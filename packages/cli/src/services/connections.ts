import type { Cluster } from '@heddle/core';
import { type ContextInfo, selectContext } from '../config/select-context.js';
import type { ClusterConfig, HeddleConfig } from '../config/types.js';
import { clusterFlags, type Place } from '../terminal/next-commands.js';
import type { Assume, FileSource } from './files/types.js';

/** The cluster that a command works on. */
export interface Connection {
  readonly cluster: Cluster;
  readonly context: string;
  readonly namespace: string;
  /** What another command needs to reach the same cluster, with a space before it: ` --context eu`; empty where nothing was said. */
  readonly flags: string;
  /** The configuration's entry for it. */
  readonly entry?: ClusterConfig & { readonly name: string };
  /** Set where -f was given: the objects come from files, and there is no cluster. */
  readonly files?: FileSource;
}

export interface Connections {
  /** Opens on first use; later calls give the same one. No request is made yet. `assume`: what to fill in where files were named. */
  open(assume?: Assume): Promise<Connection>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

export type ListContexts = (options: { readonly kubeconfig?: string }) => Promise<readonly ContextInfo[]>;
export type ConnectCluster = (options: { readonly kubeconfig?: string; readonly context?: string }) => Promise<Cluster>;

export interface ConnectionsDeps {
  readonly flags: Place;
  /** Read on first use: a command that needs no cluster works although a file is broken. */
  readonly config: () => Pick<HeddleConfig, 'clusters'>;
  readonly listContexts: ListContexts;
  readonly connectCluster: ConnectCluster;
  /** What to open in a cluster's place, where files were named. */
  readonly openFiles?: (assume?: Assume) => Promise<Connection>;
}

export function createConnections(deps: ConnectionsDeps): Connections {
  let opened: Promise<Connection> | undefined;
  const open = async (): Promise<Connection> => {
    const kubeconfig = deps.flags.kubeconfig === undefined ? {} : { kubeconfig: deps.flags.kubeconfig };
    const contexts = await deps.listContexts(kubeconfig);
    const { context, entry } = selectContext(deps.flags, deps.config().clusters, contexts);
    const cluster = await deps.connectCluster({ ...kubeconfig, context: context.name });
    const namespace = deps.flags.namespace ?? context.namespace ?? 'default';
    return { cluster, context: context.name, namespace, flags: clusterFlags(deps.flags), ...(entry === undefined ? {} : { entry }) };
  };
  return {
    open: (assume) => {
      opened ??= deps.openFiles === undefined ? open() : deps.openFiles(assume);
      return opened;
    },
    close: async () => {
      const connection = await opened?.catch(() => undefined);
      await connection?.cluster.close();
    },
  };
}
