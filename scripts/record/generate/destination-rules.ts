import type { KubeObject } from '@heddle/core';
import { serviceHost } from './destination.ts';
import { exportTo, meshObject } from './mesh-object.ts';
import type { Random } from './random.ts';
import { DOMAIN, ROOT, VERSIONS } from './vocabulary.ts';
import type { CaseWorld, WorldService } from './world.ts';

/** Subsets, mostly where they are seen; sometimes in the client's or the root namespace, where they hide others. */
export function destinationRules(random: Random, { services, client }: CaseWorld): readonly KubeObject[] {
  const one = (name: string, service: WorldService, everywhere: boolean): KubeObject => {
    const namespace = everywhere ? service.namespace : random.pick([service.namespace, client.namespace, ROOT, 'other']);
    const host = random.weighted([
      [16, serviceHost(random, service, namespace)],
      [1, `*.${service.namespace}.svc.${DOMAIN}`],
      [1, `*.svc.${DOMAIN}`],
      [1, '*'],
    ]);
    return meshObject(random, 'DestinationRule', namespace, name, {
      host,
      ...(random.chance(0.06)
        ? { workloadSelector: { matchLabels: random.pick([client.labels, { app: 'sleep' }, { app: 'nobody' }]) } }
        : exportTo(random, 0.8)),
      ...(random.chance(0.08) ? { trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } } : {}),
      subsets: subsets(random),
    });
  };
  const main = services.filter(() => random.chance(0.85)).map((service, index) => one(`dr-${index}`, service, true));
  const others = random.chance(0.35)
    ? Array.from({ length: 1 + random.below(2) }, (_, index) => one(`dr-x${index}`, random.pick(services), false))
    : [];
  return [...main, ...others];
}

function subsets(random: Random): readonly Record<string, unknown>[] {
  const byVersion = random.some(VERSIONS, random.chance(0.85) ? 3 : 0, 3).map((version) => ({ name: version, labels: { version } }));
  const canary = random.pick<Record<string, unknown>>([
    { name: 'canary', labels: { env: 'dev' } },
    { name: 'canary', labels: { version: 'v9' } },
    { name: 'canary' },
    { name: 'canary', labels: { version: 'v1', env: 'dev' } },
  ]);
  return random.chance(0.25) ? [...byVersion, canary] : byVersion;
}
