import { type Cluster, type KubeObject, metaOf } from '@heddle/core';
import { digRecord } from './dig.js';
import { Faults } from './faults.js';
import { createInProcessCluster } from './in-process-cluster.js';
import { noSuchResource, Store, type StoreOptions } from './store/index.js';

export interface ClusterRig {
  readonly store: Store;
  readonly faults: Faults;
  /** A connection of its own; its name tells clients apart in fault hooks. */
  cluster(name?: string): Cluster;
}

/** A store, fault hooks and connections to them, without pods and without HTTP: what tests of core need. */
export function createClusterRig(options: StoreOptions & { readonly objects?: readonly KubeObject[] } = {}): ClusterRig {
  const store = new Store(options);
  const faults = new Faults();
  seed(store, options.objects ?? []);
  return { store, faults, cluster: (name = 'test') => createInProcessCluster({ name, store, faults }) };
}

/** Stores objects as they are, status included; namespaces that are not among them come into being. */
export function seed(store: Store, objects: readonly KubeObject[]): void {
  const given = objects.filter((object) => object.kind === 'Namespace');
  const known = given.map((object) => metaOf(object).name);
  const needed = objects.flatMap((object) => metaOf(object).namespace ?? []);
  const missing = [...new Set(['default', 'kube-system', ...needed])].filter((name) => !known.includes(name));
  const made = missing.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  for (const object of new Set([...made, ...given, ...objects])) {
    const kind = store.kinds.of(object);
    if (kind === undefined) throw noSuchResource();
    const { resourceVersion: _version, ...metadata } = digRecord(object, 'metadata');
    store.create(kind, { ...object, metadata }, { part: 'all' });
  }
}
