import type { KubeObject } from '@heddle/core';
import { meshObject } from './mesh-object.ts';
import type { Random } from './random.ts';
import { NAMESPACES, ROOT } from './vocabulary.ts';
import type { CaseWorld } from './world.ts';

/** Gateway objects that select the client (mostly), and the Service in front of it. */
export function gateways(
  random: Random,
  { client }: CaseWorld,
): { readonly service: KubeObject; readonly objects: readonly KubeObject[]; readonly ports: readonly number[] } {
  const ports = random.some([80, 8080, 8888], 1, 2);
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'ingress', namespace: client.namespace },
    spec: {
      clusterIP: '10.96.1.1',
      selector: { istio: 'ingressgateway' },
      ports: ports.map((port) => ({
        name: `http-${port}`,
        port,
        targetPort: port === 80 ? 8080 : port === 8080 ? 8081 : port,
        protocol: 'TCP',
      })),
    },
  };
  const objects = Array.from(
    {
      length: random.weighted([
        [5, 1],
        [4, 2],
        [1, 3],
      ]),
    },
    (_, index) => {
      const namespace = random.pick([client.namespace, ROOT, ...NAMESPACES]);
      const main = index === 0;
      return meshObject(random, 'Gateway', namespace, `gw-${index}`, {
        selector:
          main || random.chance(0.8)
            ? { istio: 'ingressgateway' }
            : random.pick<Record<string, string>>([{ istio: 'other' }, { app: 'ingress' }]),
        servers: (main ? ports : random.some(ports, 1, 2)).map((port) => server(random, port, main)),
      });
    },
  );
  return { service, objects, ports };
}

function server(random: Random, port: number, plain: boolean): Record<string, unknown> {
  const host = (): string =>
    random.weighted([
      [6, '*'],
      [3, '*.example.com'],
      [2, 'api.example.com'],
      [1, 'shop.example.com'],
      [2, `${random.pick(NAMESPACES)}/*`],
      [1, './*'],
      [1, '*/*.example.com'],
      [1, './api.example.com'],
    ]);
  const hosts = [...new Set(Array.from({ length: random.chance(0.25) ? 2 : 1 }, host))];
  const protocol = !plain && random.chance(0.06) ? 'TCP' : random.pick(['HTTP', 'HTTP', 'HTTP', 'HTTP2', 'GRPC']);
  return {
    port: { number: port, name: `${protocol.toLowerCase()}-${port}`, protocol },
    hosts,
    ...(protocol === 'HTTP' && random.chance(0.06) ? { tls: { httpsRedirect: true } } : {}),
  };
}
