import { isRecord, type KubeObject, type MeshEnvironment, metaOf, type ObjectRef, refOf } from '@heddle/core';
import { type Raw, records, texts } from '../decode/raw.js';

export const GROUP = 'networking.istio.io';
export const KIND = 'VirtualService';
export const MESH_GATEWAY = 'mesh';

export const specOf = (object: KubeObject): Raw => (isRecord(object.spec) ? object.spec : {});

export const httpOf = (object: KubeObject): readonly Raw[] => records(specOf(object).http);

/** Bound to the mesh by default (istio/api `virtual_service.proto`). */
export function gatewaysOf(object: KubeObject): readonly string[] {
  const gateways = texts(specOf(object).gateways);
  return gateways.length === 0 ? [MESH_GATEWAY] : gateways;
}

/** The same object with another list of rules; everything else, known or not, stays as it is. */
export function withHttp(object: KubeObject, http: readonly Raw[]): KubeObject {
  return { ...object, spec: { ...specOf(object), http } };
}

/** The version to write in: what the cluster serves, else what the object was read in. */
export function writtenVersion(env: MeshEnvironment, object?: KubeObject): string {
  return env.served[KIND] ?? (object === undefined ? `${GROUP}/v1` : refOf(object).apiVersion);
}

export function writtenRef(object: KubeObject, env: MeshEnvironment): ObjectRef {
  return { ...refOf(object), apiVersion: writtenVersion(env, object) };
}

/** How messages name a rule of an object. */
export function describeRule(object: KubeObject, rule: Raw, index: number): string {
  const { name, namespace } = metaOf(object);
  const called = typeof rule.name === 'string' && rule.name !== '' ? `rule ${rule.name}` : `rule ${index + 1}`;
  return `VirtualService ${namespace ?? ''}/${name}, ${called}`;
}
