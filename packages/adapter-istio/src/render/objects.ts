import { describeRef, type KubeObject, type MeshEnvironment, refOf } from '@heddle/core';
import { isBefore } from '../capabilities/version.js';
import type { Raw } from '../decode/raw.js';
import { NETWORKING } from '../decode/world.js';
import type { ServiceName } from './hosts.js';
import type { Surroundings } from './surroundings.js';

/** An object, and the one of the Service's name that was there before, which must not be replaced. */
export interface Written {
  readonly service: ServiceName;
  readonly object: KubeObject;
  readonly beside?: string;
}

/** An object named after its Service, or by the next free name where somebody's has that one. */
export function writtenObject(
  kind: 'VirtualService' | 'DestinationRule',
  service: ServiceName,
  spec: Raw,
  { written }: Surroundings,
  env: MeshEnvironment,
): Written {
  const { namespace, name } = service;
  const taken = written.map(refOf).filter((ref) => ref.kind === kind && ref.namespace === namespace);
  const names = new Set(taken.map((ref) => ref.name));
  let free = name;
  for (let n = 2; names.has(free); n += 1) free = `${name}-${n}`;
  const beside = taken.find((ref) => ref.name === name);
  return {
    service,
    object: { apiVersion: apiVersionOf(kind, env), kind, metadata: { name: free, namespace }, spec },
    ...(beside === undefined ? {} : { beside: describeRef(beside) }),
  };
}

/** What the cluster serves, else what the version has: `v1` came with 1.22 (mesh-semantics §1). */
function apiVersionOf(kind: string, env: MeshEnvironment): string {
  return env.served[kind] ?? `${NETWORKING}/${isBefore(22, env) ? 'v1beta1' : 'v1'}`;
}
