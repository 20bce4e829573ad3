import type { Random } from './random.ts';
import { DOMAIN, VERSIONS } from './vocabulary.ts';
import type { WorldService } from './world.ts';

export interface Place {
  readonly namespace: string;
  readonly services: readonly WorldService[];
}

/** A host as an object of the namespace may write a service: mostly right, sometimes a form that means another name. */
export function serviceHost(random: Random, service: WorldService, namespace: string): string {
  const short = service.namespace === namespace || random.chance(0.05) ? 20 : 0;
  return random.weighted([
    [short, service.name],
    [24, `${service.name}.${service.namespace}.svc.${DOMAIN}`],
    [1, `${service.name}.${service.namespace}`],
    [1, `${service.name}.${service.namespace}.svc`],
  ]);
}

export function destination(random: Random, { namespace, services }: Place): Record<string, unknown> {
  const [main] = services;
  const service = random.chance(0.6) && main !== undefined ? main : random.pick(services);
  const port = random.weighted<number | undefined>([
    [service === main ? 24 : 4, undefined],
    [8, random.pick(service.ports).number],
    [1, 1234],
  ]);
  const known = service.versions.length > 0 && random.chance(0.85) ? service.versions : [...VERSIONS, 'canary'];
  return {
    host: random.chance(0.02) ? random.pick(['nobody', 'api.example.com']) : serviceHost(random, service, namespace),
    ...(random.chance(0.6) ? { subset: random.pick(known) } : {}),
    ...(port === undefined ? {} : { port: { number: port } }),
  };
}

const WEIGHTS: readonly (readonly number[])[] = [
  [90, 10],
  [50, 50],
  [1, 3],
  [0, 100],
  [7, 5],
  [33, 66],
  [80, 15, 5],
  [1, 1, 1],
  [0, 1, 0],
  [0, 0],
];

export function routeDestinations(random: Random, place: Place): readonly Record<string, unknown>[] {
  if (random.chance(0.55)) {
    return [
      {
        destination: destination(random, place),
        ...(random.chance(0.2) ? { weight: random.pick([0, 1, 100]) } : {}),
        ...legHeaders(random),
      },
    ];
  }
  const weights = random.pick(WEIGHTS);
  const legs = weights.map((weight) => ({
    destination: destination(random, place),
    ...(weight === 0 && random.chance(0.6) ? {} : { weight }),
    ...legHeaders(random),
  }));
  const [first] = legs;
  return random.chance(0.1) && first !== undefined ? [...legs, { ...first }] : legs;
}

function legHeaders(random: Random): Record<string, unknown> {
  if (!random.chance(0.06)) return {};
  return {
    headers: {
      request: random.pick<object>([
        { set: { 'x-leg': '1' } },
        { set: { Host: 'leg.example.com' } },
        { add: { ':authority': 'added.example.com' } },
        { remove: ['x-env'] },
      ]),
    },
  };
}
