import {
  type Client,
  clientSetsOf,
  metaOf,
  type Problem,
  runRequest,
  type TestClient,
  type TestRequest,
  type TestResult,
  withPodLabels,
} from '@heddle/core';
import { cliInputError } from '../../errors/cli-error.js';
import { gapsFor, problemsFor } from '../explain/concerning.js';
import { gatewayCaller } from '../explain/gateway-caller.js';
import { findWorkload, parseWorkload, unknownWorkload } from '../explain/workloads.js';
import { decodeRequests } from './decode-requests.js';
import type { LoadedCase } from './types.js';
import type { World } from './worlds.js';

/** With what makes requests fail in the objects that have to do with it. */
export interface PreparedAnswer extends TestResult {
  readonly problems: readonly Problem[];
}

/** A case in its world: who calls, and how to answer its requests as any Envoy would. */
export interface PreparedCase {
  readonly caller: Client;
  /** Envoy's version, where it is known: said by the run, else by the case, else the mesh's. */
  readonly envoy?: string;
  /** Whether rules tell clients apart by labels. */
  readonly labelsTell: boolean;
  answer(request: TestRequest, envoy: string | undefined): Promise<PreparedAnswer>;
}

/** Reads what the case's requests need, once for all of them. Throws where nothing has the client's name. */
export async function prepareCase(world: World, { test }: LoadedCase, envoy: string | undefined): Promise<PreparedCase> {
  const caller = await callerIn(world, test.client);
  const version = envoy ?? test.envoy ?? world.env.envoy;
  const all = await (world.whole?.() ?? decodeRequests(world, test.requests));
  const gaps = gapsFor(all.decoded, { client: caller });
  return {
    caller,
    labelsTell: all.decoded.tables.some(({ view }) => clientSetsOf(view).some(({ labels }) => labels !== undefined)),
    ...(version === undefined ? {} : { envoy: version }),
    answer: async (request, asked) => {
      // What cannot be read may concern another request only.
      const { decoded, versions } = gaps.length === 0 ? all : await decodeRequests(world, [request]);
      const concerning = { ...decoded, gaps: gapsFor(decoded, { client: caller }) };
      const result = runRequest(request, concerning, {
        caller,
        versions,
        labels: world.labels,
        ...(asked === undefined ? {} : { envoy: asked }),
      });
      return { ...result, problems: problemsFor(decoded, result, { client: caller }).filter(({ severity }) => severity === 'error') };
    },
  };
}

/** By labels, as far as the case gives some; else by the name of a workload, a Pod or a gateway. */
async function callerIn(world: World, client: TestClient): Promise<Client> {
  if (client.kind === 'none') return client;
  const { kind, labels, name } = client;
  const { cluster } = world.connection;
  const namespace = client.namespace ?? world.connection.namespace;
  if (labels !== undefined || name === undefined) {
    const pods = await cluster.list({ group: '', kind: 'Pod', namespace });
    return withPodLabels({ kind, namespace, labels: labels ?? {} }, pods);
  }
  const wanted = parseWorkload(name, namespace);
  if (wanted === undefined) {
    throw cliInputError('caller-invalid', { path: 'client.name', expected: 'the name of a workload or Pod', received: name });
  }
  if (kind === 'gateway') return (await gatewayCaller(`${wanted.namespace}/${wanted.name}`, world)).client;
  const workload = await findWorkload(cluster, wanted);
  if (workload === undefined) throw await unknownWorkload(cluster, wanted);
  return { kind, namespace: wanted.namespace, labels: metaOf(workload.pods[0] ?? workload.model).labels };
}
