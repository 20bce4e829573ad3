import { BugError, type Cluster, groupOf, isRecord, type KubeObject, metaOf, type ObjectRef, refOf } from '@heddle/core';
import { type ApiResponse, jsonOf, type Transport } from '../transport/transport.js';
import type { Act } from './act.js';
import type { Discovery } from './discovery.js';
import { resourcePath } from './paths.js';
import { parseStatus } from './status-error.js';

export type ObjectCalls = Pick<Cluster, 'get' | 'create' | 'replace' | 'delete'>;

interface Located {
  readonly path: string;
  readonly act: Act;
}

export function objectCalls(transport: Transport, discovery: Discovery): ObjectCalls {
  async function locate(ref: ObjectRef, verb: string, options: { readonly collection?: boolean } = {}): Promise<Located> {
    const group = groupOf(ref.apiVersion);
    const { served, apiVersion } = await discovery.find(group, ref.kind, ref.apiVersion);
    if (served.namespaced && ref.namespace === undefined) throw new BugError(`${ref.kind} ${ref.name} is named without its namespace`);
    const namespace = served.namespaced ? ref.namespace : undefined;
    const where = { apiVersion, plural: served.plural, namespace };
    return {
      path: resourcePath(options.collection === true ? where : { ...where, name: ref.name }),
      act: { ref, right: { verb, group, resource: served.plural, ...(namespace === undefined ? {} : { namespace }) } },
    };
  }

  const objectFrom = (response: ApiResponse, act: Act): KubeObject => {
    const object = jsonOf(response, act, transport.place);
    if (!isRecord(object)) throw new BugError('the API server answered with something that is no object');
    return object;
  };

  return {
    async get(ref) {
      const { path, act } = await locate(ref, 'get');
      const response = await transport.send({ act, method: 'GET', path, expect: [404] });
      if (response.status !== 404) return objectFrom(response, act);
      if (parseStatus(response.text)?.names === undefined) {
        // Not this object is missing, perhaps, but its kind: a CustomResourceDefinition may have been removed.
        discovery.forget();
        await locate(ref, 'get');
      }
      return undefined;
    },

    async create(object, options = {}) {
      const ref = refOf(object);
      const { path, act } = await locate(ref, 'create', { collection: true });
      const { signal } = options;
      return objectFrom(await transport.send({ act, method: 'POST', path, query: dryRun(options), body: object, signal }), act);
    },

    async replace(object, options = {}) {
      const ref = refOf(object);
      const { uid, resourceVersion } = metaOf(object);
      // Without them the server would overwrite whatever is there.
      if (uid === undefined || resourceVersion === undefined) {
        throw new BugError(`${ref.kind} ${ref.name} is to be replaced without uid and resourceVersion`);
      }
      const { path, act } = await locate(ref, 'update');
      const { signal } = options;
      return objectFrom(await transport.send({ act, method: 'PUT', path, query: dryRun(options), body: object, signal }), act);
    },

    async delete(ref, precondition, options = {}) {
      const { path, act } = await locate(ref, 'delete');
      const { signal, gracePeriodSeconds } = options;
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid: precondition.uid, resourceVersion: precondition.resourceVersion },
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
      };
      const response = await transport.send({ act, method: 'DELETE', path, query: dryRun(options), body, signal, expect: [404] });
      return response.status !== 404;
    },
  };
}

function dryRun(options: { readonly dryRun?: boolean }): { readonly dryRun?: string } {
  return options.dryRun === true ? { dryRun: 'All' } : {};
}
