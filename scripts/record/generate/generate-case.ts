import type { KubeObject } from '@heddle/core';
import type { RoutingCase } from '../routing-case.ts';
import { destinationRules } from './destination-rules.ts';
import { gateways } from './gateways.ts';
import { randomFrom } from './random.ts';
import { requestsFor } from './requests.ts';
import { sidecars } from './sidecars.ts';
import { virtualServices } from './virtual-services.ts';
import { ROOT } from './vocabulary.ts';
import { caseWorld } from './world.ts';

/** The case of a number under a seed: the same each time, whichever others are asked for. */
export function generateCase(seed: number, number: number): RoutingCase {
  const random = randomFrom(seed, number);
  const kind = random.chance(0.25) ? 'gateway' : 'sidecar';
  const world = caseWorld(random, kind);
  const front = kind === 'gateway' ? gateways(random, world) : undefined;
  const named = front?.objects.map(({ metadata }) => fullName(metadata)) ?? (random.chance(0.4) ? [`${ROOT}/gw-0`] : []);
  const mesh: readonly KubeObject[] = [
    ...(front?.objects ?? []),
    ...destinationRules(random, world),
    ...virtualServices(random, { services: world.services, gateways: named, gatewayFirst: kind === 'gateway' }),
    ...(kind === 'sidecar' && random.chance(0.14) ? sidecars(random, world) : []),
  ];
  const requests = requestsFor(random, world, mesh, 10, front?.ports);
  const counted = ['VirtualService', 'DestinationRule', 'Sidecar', 'Gateway'].flatMap((name) => {
    const count = mesh.filter((object) => object.kind === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return {
    id: `generated-${seed}-${number}`,
    title: `generated ${seed}/${number}: ${kind}, ${counted.join(', ')}`,
    objects: [...world.objects, ...(front === undefined ? [] : [front.service]), ...mesh],
    client: world.client,
    requests,
  };
}

const fullName = (metadata: unknown): string => {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return `${namespace}/${name}`;
};
