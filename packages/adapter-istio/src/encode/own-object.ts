import { type KubeObject, type MeshEnvironment, metaOf } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { fallbackName, isFallbackName } from '../owned/rule-name.js';
import { ownerOf } from './arrange.js';
import type { BaseService } from './base-service.js';
import { httpOf, KIND, specOf, writtenVersion } from './virtual-service.js';

const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** The same for everybody, so that two who create it collide and look again. */
export const ownName = (service: string): string => `heddle-${service}`;

/** A VirtualService that heddle made for a mesh view without one. It may hold rules of several owners. */
export function isOwnObject(object: KubeObject): boolean {
  const { name, labels } = metaOf(object);
  return name.startsWith('heddle-') && labels[MANAGED_BY] === 'heddle';
}

/** Gives everybody what they had without a VirtualService: all of the service's endpoints, port by port. */
function fallbackRules(service: BaseService): readonly Raw[] {
  const { host } = service.exposed;
  return service.httpPorts.map((port) => ({
    name: fallbackName(port),
    match: [{ port }],
    route: [{ destination: { host, port: { number: port } }, weight: 100 }],
  }));
}

/** No owner references: whoever removes the last rule deletes it (design §7). */
export function newOwnObject(service: BaseService, env: MeshEnvironment): KubeObject {
  return {
    apiVersion: writtenVersion(env),
    kind: KIND,
    metadata: { name: ownName(service.name), namespace: service.namespace, labels: { [MANAGED_BY]: 'heddle' } },
    spec: { hosts: [service.exposed.host], ...exported(service, env), http: fallbackRules(service) },
  };
}

/**
 * Whoever sees the Service sees it, also where the mesh's default is to show VirtualServices to their own namespace alone; and nobody
 * else: their requests are passed through, and would be answered 503 by a rule for a Service that they do not know.
 */
function exported({ exposed: { visible }, namespace }: BaseService, env: MeshEnvironment): Raw {
  if (!visible.has('*')) {
    const some = [...visible].filter((one) => one !== '~').map((one) => (one === namespace ? '.' : one));
    return some.length === 0 ? {} : { exportTo: some };
  }
  const setting = env.settings.defaultVirtualServiceExportTo ?? '*';
  return setting === '*' || setting === '' ? {} : { exportTo: ['*'] };
}

/** What a user put into an object of ours stays where it is; our catch-alls are brought up to date. */
export function ownForeign(object: KubeObject, service: BaseService): readonly Raw[] {
  const wanted = fallbackRules(service);
  const foreign = httpOf(object).filter((rule) => ownerOf(rule) === undefined);
  const kept = foreign.flatMap((rule) => (isFallbackName(rule.name) ? wanted.filter(({ name }) => name === rule.name) : [rule]));
  const names = new Set(kept.map(({ name }) => name));
  return [...kept, ...wanted.filter(({ name }) => !names.has(name))];
}

/** Nothing left but catch-alls of ours and fields that we wrote: the object can go. */
export function isEmptied(object: KubeObject, http: readonly Raw[]): boolean {
  return (
    isOwnObject(object) &&
    http.every((rule) => isFallbackName(rule.name)) &&
    Object.keys(specOf(object)).every((key) => ['hosts', 'exportTo', 'http'].includes(key))
  );
}
