import { isRecord, type KubeObject, metaOf } from '@heddle/core';
import { destinationRules } from '../generate/destination-rules.ts';
import { randomFrom } from '../generate/random.ts';
import { requestsFor } from '../generate/requests.ts';
import { sidecars } from '../generate/sidecars.ts';
import { virtualServices } from '../generate/virtual-services.ts';
import { NAMESPACES } from '../generate/vocabulary.ts';
import type { RoutingCase } from '../routing-case.ts';
import { CLIENTS, fixedWorld } from './fixed-world.ts';

/** Another stream than the cases without a cluster have. */
const STREAM = 0x636c;

/**
 * The case of a number whose Services and Pods are those of the fixed world; `undefined` where it would reach beyond the namespaces
 * of the run: objects of the root namespace, or hosts that others' clients use too.
 */
export function clusterCase(seed: number, number: number): RoutingCase | undefined {
  const random = randomFrom(seed, number, STREAM);
  const world = fixedWorld(random.pick(CLIENTS));
  const { services, client } = world;
  const mesh = [
    ...destinationRules(random, world),
    ...virtualServices(random, { services, gateways: [], gatewayFirst: false }),
    ...(random.chance(0.14) ? sidecars(random, world) : []),
  ];
  if (!mesh.every(staysInside)) return undefined;
  const requests = requestsFor(random, world, mesh, 12);
  return {
    id: `cluster-${seed}-${number}`,
    title: `generated ${seed}/${number} on a cluster`,
    objects: [...world.objects, ...mesh],
    client,
    requests,
  };
}

function staysInside(object: KubeObject): boolean {
  const spec = isRecord(object.spec) ? object.spec : {};
  const hosts = [spec.host, ...(Array.isArray(spec.hosts) ? spec.hosts : [])].filter((host) => typeof host === 'string');
  const inside = (NAMESPACES as readonly string[]).includes(metaOf(object).namespace ?? '');
  return inside && hosts.every((host) => !host.startsWith('*') || NAMESPACES.some((namespace) => host.includes(`.${namespace}.svc.`)));
}
