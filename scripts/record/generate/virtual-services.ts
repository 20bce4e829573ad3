import type { KubeObject } from '@heddle/core';
import { action } from './action.ts';
import { serviceHost } from './destination.ts';
import { httpMatch, type MatchSurroundings } from './match.ts';
import { exportTo, meshObject } from './mesh-object.ts';
import type { Random } from './random.ts';
import { DOMAIN, NAMESPACES, OUTSIDE, ROOT } from './vocabulary.ts';
import type { WorldService } from './world.ts';

export interface VirtualServiceInput {
  readonly services: readonly WorldService[];
  /** Gateway objects, `namespace/name`. */
  readonly gateways: readonly string[];
  readonly gatewayFirst: boolean;
}

/** Delegates first, then their roots and the others; several may claim one host. */
export function virtualServices(random: Random, input: VirtualServiceInput): readonly KubeObject[] {
  const delegates = random.chance(0.25)
    ? Array.from({ length: 1 + random.below(2) }, (_, index) => ({ name: `leaf-${index}`, namespace: random.pick(NAMESPACES) }))
    : [];
  const count = random.weighted([
    [4, 1],
    [4, 2],
    [3, 3],
    [1, 4],
  ]);
  const leaves = delegates.map(({ name, namespace }) =>
    meshObject(random, 'VirtualService', namespace, name, { ...exportTo(random, 0.8), http: rules(random, input, namespace, []) }),
  );
  const roots = Array.from({ length: count }, (_, index) => root(random, input, `vs-${index}`, delegates));
  return [...leaves, ...roots];
}

function root(
  random: Random,
  input: VirtualServiceInput,
  name: string,
  delegates: readonly { name: string; namespace: string }[],
): KubeObject {
  const namespace = random.chance(0.05) ? ROOT : random.pick([...NAMESPACES, ...input.services.map((service) => service.namespace)]);
  const gateways = gatewaysOf(random, input, namespace);
  const tcp = input.services.some(({ ports }) => ports.some(({ http }) => !http)) && random.chance(0.3);
  return meshObject(random, 'VirtualService', namespace, name, {
    hosts: hostsOf(random, input.services, namespace),
    ...gateways,
    ...exportTo(random),
    ...(tcp ? { tcp: tcpRoutes(random, input, namespace) } : {}),
    ...(tcp && random.chance(0.3) ? {} : { http: rules(random, input, namespace, delegates) }),
  });
}

function hostsOf(random: Random, services: readonly WorldService[], namespace: string): readonly string[] {
  const one = (): string => {
    const [main] = services;
    const service = main !== undefined && random.chance(0.6) ? main : random.pick(services);
    return random.weighted([
      [30, serviceHost(random, service, namespace)],
      [4, random.pick(OUTSIDE)],
      [2, `*.${service.namespace}.svc.${DOMAIN}`],
      [1, `*.svc.${DOMAIN}`],
      [1, `*.${DOMAIN}`],
      [2, '*.example.com'],
      [1, 'Api.Example.com'],
      [1, '*'],
      [1, service.address],
      [1, `*${service.name}.${service.namespace}.svc.${DOMAIN}`],
    ]);
  };
  return [...new Set(Array.from({ length: random.chance(0.2) ? 2 : 1 }, one))];
}

function gatewaysOf(random: Random, { gateways, gatewayFirst }: VirtualServiceInput, namespace: string): { gateways?: readonly string[] } {
  if (gateways.length === 0) return random.chance(0.1) ? { gateways: ['mesh'] } : {};
  const written = (full: string): string => {
    const [owner = '', name = ''] = full.split('/');
    return random.weighted([
      [4, full],
      [owner === namespace ? 4 : 0, name],
      [1, `${name}.${owner}.svc.${DOMAIN}`],
    ]);
  };
  const chosen = random.some(gateways, 1, 2).map(written);
  return random.weighted<{ gateways?: readonly string[] }>([
    [gatewayFirst ? 1 : 8, {}],
    [gatewayFirst ? 10 : 2, { gateways: chosen }],
    [3, { gateways: ['mesh', ...chosen] }],
  ]);
}

function rules(
  random: Random,
  input: VirtualServiceInput,
  namespace: string,
  delegates: readonly { name: string; namespace: string }[],
): readonly Record<string, unknown>[] {
  const around: MatchSurroundings = {
    hosts: input.services.flatMap(({ name, namespace: owner }) => [name, `${name}.${owner}`, `${name}.${owner}.svc.${DOMAIN}`]),
    ports: input.services.flatMap(({ ports }) => ports.map(({ number }) => number)),
    gateways: ['mesh', ...input.gateways],
  };
  const count = random.weighted([
    [3, 1],
    [4, 2],
    [4, 3],
    [2, 5],
  ]);
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    const matches =
      isLast && random.chance(0.6)
        ? 0
        : random.weighted([
            [1, 0],
            [8, 1],
            [3, 2],
          ]);
    const match = Array.from({ length: matches }, () => httpMatch(random, around));
    const delegate = delegates.length > 0 && random.chance(0.45) ? random.pick([...delegates, { name: 'leaf-9', namespace }]) : undefined;
    const named = random.chance(0.7) ? { name: `r${index}` } : {};
    return {
      ...named,
      ...(match.length === 0 ? {} : { match }),
      ...(delegate === undefined
        ? action(random, { namespace, services: input.services })
        : { ...delegateRule(random, delegate, namespace) }),
    };
  });
}

function delegateRule(random: Random, delegate: { name: string; namespace: string }, namespace: string): Record<string, unknown> {
  const written = delegate.namespace === namespace && random.chance(0.5) ? { name: delegate.name } : delegate;
  return {
    delegate: written,
    ...(random.chance(0.15) ? { rewrite: { uri: '/from-root' } } : {}),
    ...(random.chance(0.1) ? { timeout: '3s' } : {}),
    ...(random.chance(0.1) ? { headers: { request: { set: { 'x-root': '1' } } } } : {}),
    ...(random.chance(0.06) ? { fault: { delay: { fixedDelay: '20ms', percentage: { value: 50 } } } } : {}),
  };
}

function tcpRoutes(random: Random, { services, gateways }: VirtualServiceInput, namespace: string): readonly Record<string, unknown>[] {
  const ports = services.flatMap(({ ports: all }) => all.map(({ number }) => number));
  return Array.from({ length: 1 + random.below(2) }, () => {
    const service = random.pick(services);
    const to = { host: serviceHost(random, service, namespace), port: { number: random.pick(service.ports).number } };
    const match = random.pick<Record<string, unknown>>([
      { port: random.pick(ports) },
      { sourceLabels: { app: 'sleep' } },
      { gateways: random.some(['mesh', ...gateways], 1, 1) },
      { port: 7000, sourceNamespace: 'shop' },
    ]);
    const subset = random.chance(0.4) ? { subset: 'v1' } : {};
    const route = random.chance(0.3)
      ? [
          { destination: { ...to, ...subset }, weight: 30 },
          { destination: to, weight: 70 },
        ]
      : [{ destination: { ...to, ...subset } }];
    return { ...(random.chance(0.6) ? { match: [match] } : {}), route };
  });
}
