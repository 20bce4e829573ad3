import type { AgentOptions } from '@heddle/core';

/** One entry of `clusters`. */
export interface ClusterConfig {
  /** A context's name, or a glob with `*` and `?`. */
  readonly context: string;
  /** An adapter's id, or `auto`. */
  readonly mesh?: string;
  /** The adapter's own settings. */
  readonly options?: Readonly<Record<string, string>>;
  /** A tunnel's id. */
  readonly tunnel?: string;
  /**
   * The mesh of a part of the cluster, where it runs several. The key is `NAMESPACE` or `NAMESPACE/SERVICE`, each a name or a glob; of
   * the two, the entry of a service counts.
   */
  readonly namespaces?: Readonly<Record<string, NamespaceConfig>>;
}

/** One entry of a cluster's `namespaces`. */
export interface NamespaceConfig {
  readonly mesh: string;
  /** The adapter's own settings there, over those of the cluster. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface AgentConfig extends AgentOptions {
  /** Images by a tunnel's id. `image` is the default tunnel's: an agent of one tunnel is of no use to another. */
  readonly images?: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly readyTimeout: number;
}

export interface DefaultsConfig {
  readonly tunnel: string;
  readonly header: string;
  readonly mesh: string;
}

/** The merged configuration: every value is there, files having been laid over the built-in ones. */
export interface HeddleConfig {
  readonly clusters: Readonly<Record<string, ClusterConfig>>;
  readonly agent: AgentConfig;
  readonly defaults: DefaultsConfig;
  /** The files that were read, lowest first. */
  readonly files: readonly string[];
  /** Whether a file chose `agent.image`. */
  readonly imageChosen: boolean;
}

/** A configuration file as written, after validation. */
export interface ConfigFile {
  readonly clusters?: Readonly<Record<string, ClusterConfig>>;
  readonly agent?: Partial<AgentConfig>;
  readonly defaults?: Partial<DefaultsConfig>;
}
