import type { KubeObject } from '@heddle/core';
import type { RoutingCase } from '../routing-case.ts';
import { destinationRules } from './destination-rules.ts';
import type { HttpMatch } from './match.ts';
import { type Random, randomFrom } from './random.ts';
import { requestsFor } from './requests.ts';
import { routeRule } from './route-rules.ts';
import { sidecars } from './sidecars.ts';
import { virtualServices } from './virtual-services.ts';
import { DOMAIN, NAMESPACES } from './vocabulary.ts';
import { type CaseWorld, caseWorld, type WorldService } from './world.ts';

/** A route of the Gateway API with the matches of its rules, as requests are aimed at them. */
interface AttachedRoute {
  readonly object: KubeObject;
  readonly parents: readonly WorldService[];
  readonly matches: readonly HttpMatch[];
}

/** The case of a number under a seed: routes of the Gateway API on Services, for sidecars, some with VirtualServices beside. */
export function httpRouteCase(seed: number, number: number): RoutingCase {
  const random = randomFrom(seed, number, 0x4f);
  const world = caseWorld(random, 'sidecar');
  const routes = Array.from(
    {
      length: random.weighted([
        [3, 1],
        [4, 2],
        [3, 3],
        [2, 5],
      ]),
    },
    (_, index) => route(random, world, index),
  );
  const beside = random.chance(0.4) ? virtualServices(random, { services: world.services, gateways: [], gatewayFirst: false }) : [];
  const others = [
    ...(random.chance(0.3) ? destinationRules(random, world) : []),
    ...beside,
    ...(random.chance(0.14) ? sidecars(random, world) : []),
  ];
  return {
    id: `routes-${seed}-${number}`,
    title: `generated ${seed}/${number}: ${routes.map(({ object }) => object.kind).join(', ')}, ${beside.length} VirtualService beside`,
    objects: [...world.objects, ...others, ...random.shuffled(routes.map(({ object }) => object))],
    client: world.client,
    requests: requestsFor(random, world, [...routes.map(asTarget), ...(random.chance(0.5) ? beside : [])], 10),
  };
}

/** Requests are aimed at VirtualServices: one that has the route's hosts and matches stands for it. */
const asTarget = ({ object, parents, matches }: AttachedRoute): KubeObject => ({
  kind: 'VirtualService',
  metadata: object.metadata,
  spec: { hosts: parents.map(hostOf), http: matches.map((match) => ({ match: [match] })) },
});

const hostOf = ({ name, namespace }: WorldService): string => `${name}.${namespace}.svc.${DOMAIN}`;

function route(random: Random, { services, client }: CaseWorld, index: number): AttachedRoute {
  const parents = [services[0] ?? random.pick(services), random.pick(services)].slice(0, random.chance(0.2) ? 2 : 1);
  const [first = random.pick(services)] = random.chance(0.7) ? parents : [random.pick(services)];
  const attached = [first, ...parents.slice(1).filter((one) => one !== first)];
  const namespace = random.weighted([
    [8, first.namespace],
    [4, client.namespace],
    [1, random.pick(NAMESPACES)],
  ]);
  const grpc = random.chance(0.15);
  const rules = Array.from(
    {
      length: random.weighted([
        [5, 1],
        [4, 2],
        [3, 3],
      ]),
    },
    () => routeRule(random, { namespace, services, grpc }),
  );
  const minute = String(1 + random.below(16)).padStart(2, '0');
  const bare = !grpc && random.chance(0.02);
  return {
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: grpc ? 'GRPCRoute' : 'HTTPRoute',
      metadata: {
        name:
          random.pick([`r${index}`, `r${index}`, `r-${index}`, 'r']) + (random.chance(0.8) ? `-${'abc'[index % 3]}${index}` : `${index}x`),
        namespace,
        creationTimestamp: `2026-01-01T00:${minute}:00Z`,
      },
      spec: {
        parentRefs: attached.flatMap((service) => parentRefs(random, service, namespace)),
        ...(random.chance(0.1) ? { hostnames: ['www.example.com'] } : {}),
        ...(bare ? {} : { rules: rules.map(({ raw }) => raw) }),
      },
    },
    parents: attached,
    matches: bare ? [{}] : rules.flatMap(({ matches }) => matches),
  };
}

function parentRefs(random: Random, { name, namespace, ports }: WorldService, own: string): readonly Record<string, unknown>[] {
  const service = {
    ...(random.chance(0.95) ? { group: '' } : {}),
    kind: 'Service',
    name: random.chance(0.97) ? name : 'nobody',
    ...(namespace === own && random.chance(0.7) ? {} : { namespace }),
  };
  const numbers = ports.map(({ number }) => number);
  const at = random.weighted<readonly (number | undefined)[]>([
    [10, [undefined]],
    [8, [random.pick(numbers)]],
    [numbers.length > 1 ? 3 : 0, numbers],
    [1, [9999]],
  ]);
  const gateway = random.chance(0.01) ? [{ name: 'gw', namespace: 'istio-system' }] : [];
  return [...at.map((port) => ({ ...service, ...(port === undefined ? {} : { port }) })), ...gateway];
}
