import type { Duplex } from 'node:stream';
import { type Cluster, type ClusterFacts, clusterReason, type ObjectQuery, type Observation, queryKey } from '@heddle/core';
import { reviewAccess } from './api/access.js';
import { createDiscovery } from './api/discovery.js';
import { inParallel } from './api/in-parallel.js';
import { collectionOf, listAll } from './api/lists.js';
import { objectCalls } from './api/objects.js';
import { serverTime, serverVersion } from './api/server.js';
import { openPort } from './forward/open-port.js';
import type { Transport } from './transport/transport.js';
import { watchSource } from './watch/source.js';
import { watchObjects } from './watch/watch.js';

/** The `Cluster` port on a transport. `stop` aborts the transport's `closed` signal. */
export function createCluster(name: string, transport: Transport, stop: () => void): Cluster {
  const discovery = createDiscovery(transport);
  const streams = new Set<Duplex>();
  let version: Promise<string> | undefined;

  const askVersion = () => {
    version ??= serverVersion(transport).catch((error) => {
      version = undefined;
      throw error;
    });
    return version;
  };

  async function list(query: ObjectQuery, options: { readonly apiVersion?: string } = {}) {
    return (await listAll(transport, await collectionOf(discovery, query, options.apiVersion))).items;
  }

  async function observe(query: ObjectQuery): Promise<Observation> {
    try {
      return { objects: await list(query) };
    } catch (error) {
      const reason = clusterReason(error);
      if (reason === 'Forbidden') return { unread: 'forbidden' };
      if (reason === 'NotFound') return { unread: 'no such kind' };
      throw error;
    }
  }

  return {
    name,
    ...objectCalls(transport, discovery),
    list,
    async discover(queries = []): Promise<ClusterFacts> {
      const [serverIs, { kinds }] = await Promise.all([askVersion(), discovery.all()]);
      const seen = await inParallel(queries, async (query) => [queryKey(query), await observe(query)] as const);
      return { version: serverIs, served: kinds, seen: new Map(seen) };
    },
    async *watch(query, signal) {
      const both = AbortSignal.any([signal, transport.closed]);
      if (both.aborted) return;
      const collection = await collectionOf(discovery, query);
      yield* watchObjects(watchSource(transport, collection), both, transport.timing);
    },
    serverTime: () => serverTime(transport),
    can: (checks) => reviewAccess(transport, checks),
    async openPort(pod, port, signal) {
      const { closed } = transport;
      const stream = await openPort(transport, pod, port, signal === undefined ? closed : AbortSignal.any([signal, closed]));
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      return stream;
    },
    async close() {
      stop();
      for (const stream of streams) stream.destroy();
      transport.agents.destroy();
    },
  };
}
