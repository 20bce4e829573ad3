import type { KubeObject } from '@heddle/core';
import { meshObject } from './mesh-object.ts';
import type { Random } from './random.ts';
import { DOMAIN, ROOT } from './vocabulary.ts';
import type { CaseWorld } from './world.ts';

/** Sidecar objects for the client's namespace or for everybody: what it is told of, and what becomes of the rest. */
export function sidecars(random: Random, { services, client }: CaseWorld): readonly KubeObject[] {
  const host = (): string => {
    const service = random.pick(services);
    const full = `${service.name}.${service.namespace}.svc.${DOMAIN}`;
    return random.pick([
      './*',
      '*/*',
      `${service.namespace}/*`,
      `*/${full}`,
      `${service.namespace}/${full}`,
      `./${full}`,
      `*/*.${service.namespace}.svc.${DOMAIN}`,
      `~${service.namespace}/*`,
      '~/*',
      '*/api.example.com',
      `${ROOT}/*`,
    ]);
  };
  const policy = () =>
    random.pick<Record<string, unknown>>([
      {},
      {},
      { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } },
      { outboundTrafficPolicy: {} },
    ]);
  return Array.from({ length: random.chance(0.25) ? 2 : 1 }, (_, index) => {
    const namespace = random.pick([client.namespace, client.namespace, ROOT]);
    return meshObject(random, 'Sidecar', namespace, `sidecar-${index}`, {
      ...(namespace !== ROOT && random.chance(0.4)
        ? { workloadSelector: { labels: random.pick<Record<string, string>>([{ app: 'sleep' }, { app: 'nobody' }, client.labels]) } }
        : {}),
      ...(random.chance(0.9) ? { egress: [{ hosts: [...new Set(Array.from({ length: 1 + random.below(3) }, host))] }] } : {}),
      ...policy(),
    });
  });
}
