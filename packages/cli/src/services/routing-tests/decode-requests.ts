import {
  type Decoded,
  decodeTarget,
  type MeshContext,
  objectsOf,
  type PodVersions,
  parseRequest,
  podVersions,
  requestHosts,
  type Target,
  type TestRequest,
} from '@heddle/core';
import type { Connection } from '../connections.js';

/** What a mesh does with the hosts of some requests, and the versions of the Pods that may answer. */
export interface Decoding {
  readonly decoded: Decoded;
  readonly versions: PodVersions;
}

export async function decodeRequests(
  { connection, adapter, env }: { readonly connection: Pick<Connection, 'cluster'> } & Pick<MeshContext, 'adapter' | 'env'>,
  requests: readonly Pick<TestRequest, 'url' | 'method' | 'headers'>[],
): Promise<Decoding> {
  const target: Target = { services: [], hosts: [...new Set(requests.flatMap((request) => requestHosts(parseRequest(request))))] };
  const { seen, decoded } = await decodeTarget({ cluster: connection.cluster, adapter, env }, target);
  return { decoded, versions: podVersions(objectsOf(seen, '', 'Pod')) };
}
