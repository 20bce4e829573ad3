import type { Random } from './random.ts';
import type { WorldService } from './world.ts';

export interface RuleSurroundings {
  readonly namespace: string;
  readonly services: readonly WorldService[];
  readonly grpc: boolean;
}

const WEIGHTS: readonly (readonly (number | undefined)[])[] = [
  [undefined],
  [undefined],
  [1],
  [90, 10],
  [undefined, 3],
  [0, 1],
  [0],
  [1, 1, 1],
  [0, 0],
  [7, 0, 5],
];

export function backendRefs(random: Random, around: RuleSurroundings): readonly Record<string, unknown>[] {
  return random
    .pick(WEIGHTS)
    .map((weight) => ({ ...backendRef(random, around), ...(weight === undefined ? {} : { weight }), ...legFilters(random, around) }));
}

/** Mostly a Service that is there, in its own namespace or another; sometimes one that is not, or of a kind that means nothing to a sidecar. */
export function backendRef(random: Random, { namespace, services }: RuleSurroundings): Record<string, unknown> {
  const service = random.pick(services);
  const port = random.chance(0.94) ? random.pick(service.ports).number : random.pick([1234, 80, 80, 80, undefined]);
  const at = {
    ...(service.namespace === namespace && random.chance(0.7) ? {} : { namespace: service.namespace }),
    ...(port === undefined ? {} : { port }),
  };
  return random.weighted<Record<string, unknown>>([
    [40, { name: service.name, ...at }],
    [4, { group: '', kind: 'Service', name: service.name, ...at }],
    [3, { name: 'nobody', port: 9080 }],
    [1, { name: 'reviews.default', port: 9080 }],
    [1, { group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'pool' }],
    [1, { group: 'example.com', kind: 'Thing', name: 'thing' }],
    [1, { group: 'multicluster.x-k8s.io', kind: 'ServiceImport', name: service.name, ...at }],
    [
      1,
      {
        group: 'networking.istio.io',
        kind: 'Hostname',
        name: `${service.name}.${service.namespace}.svc.cluster.local`,
        port: service.ports[0]?.number,
      },
    ],
  ]);
}

function legFilters(random: Random, around: RuleSurroundings): Record<string, unknown> {
  if (!random.chance(0.1)) return {};
  const set = (name: string, value: string) => ({ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name, value }] } });
  return {
    filters: [
      random.weighted<Record<string, unknown>>([
        [4, set('x-leg', '1')],
        [3, set('Host', 'leg.example.com')],
        [1, { type: 'RequestMirror', requestMirror: { backendRef: { name: random.pick(around.services).name, port: 9080 } } }],
      ]),
    ],
  };
}
