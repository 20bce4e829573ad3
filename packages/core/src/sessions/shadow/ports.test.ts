import type { KubeObject } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasNamedTargets, refuseService, resolvePorts } from './ports.js';

const local = { host: '127.0.0.1', port: 3000 };
const expose = (...ports: string[]) => ports.map((port) => ({ port, local }));

function service(spec: Record<string, unknown>): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'shop', name: 'web' }, spec: { selector: { app: 'web' }, ...spec } };
}

function resolved(spec: Record<string, unknown>, ...ports: string[]) {
  const result = resolvePorts(service(spec), expose(...ports), [webPod]);
  if ('refused' in result) throw new Error(result.refused.map(({ message }) => message).join());
  return result.ports;
}

const webPod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: 'web-1', labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'side', ports: [{ name: 'admin', containerPort: 9000 }] },
      { name: 'web', ports: [{ name: 'web', containerPort: 3333 }] },
    ],
  },
};

describe('resolvePorts', () => {
  const ports = [
    { name: 'http', port: 80, targetPort: 8080, appProtocol: 'http', protocol: 'TCP' },
    { name: 'grpc', port: 9090, targetPort: 'web' },
    { name: 'low', port: 443, targetPort: 443 },
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'odd', port: 7000, targetPort: 'nowhere' },
  ];

  it('finds a port by number or name and keeps its own words', () => {
    const expected = { name: 'http', appProtocol: 'http', protocol: 'TCP', containerPort: 8080, portName: 'p80', local };
    expect(resolved({ ports }, '80')).toEqual([{ ...expected, service: { namespace: 'shop', name: 'web', port: 80 } }]);
    expect(resolved({ ports }, 'http')).toEqual(resolved({ ports }, '80'));
  });

  it('follows a named targetPort to the number that the pods have', () => {
    expect(resolved({ ports }, 'grpc')).toMatchObject([{ containerPort: 3333, portName: 'web' }]);
    expect(hasNamedTargets(service({ ports }))).toBe(true);
    expect(hasNamedTargets(service({ ports: [{ port: 80 }] }))).toBe(false);
  });

  it("takes the service's port where no pod names the target", () => {
    expect(resolved({ ports }, 'odd')).toMatchObject([{ containerPort: 7000, portName: 'nowhere' }]);
  });

  it('listens from 1024 on', () => {
    expect(resolved({ ports }, 'low')).toMatchObject([{ containerPort: 8443 }]);
  });

  it('gives two ports with one target a listener each', () => {
    const twins = [
      { name: 'a', port: 80, targetPort: 'web' },
      { name: 'b', port: 81, targetPort: 'web' },
    ];
    expect(resolved({ ports: twins }, 'a', 'b').map(({ containerPort, portName }) => [containerPort, portName])).toEqual([
      [3333, 'web'],
      [3334, 'p81'],
    ]);
  });

  it('always gives distinct ports from 1024 on, with names that Kubernetes takes', () => {
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ port, targetPort: port }), { selector: (one) => one.port, minLength: 1, maxLength: 8 }),
        (many) => {
          const found = resolved({ ports: many }, ...many.map((one) => String(one.port)));
          expect(new Set(found.map(({ containerPort }) => containerPort)).size).toBe(many.length);
          expect(new Set(found.map(({ portName }) => portName)).size).toBe(many.length);
          for (const one of found) {
            expect(one.containerPort).toBeGreaterThanOrEqual(1024);
            expect(one.containerPort).toBeLessThanOrEqual(65535);
            expect(one.portName).toMatch(/^[a-z0-9-]{1,15}$/);
          }
        },
      ),
    );
  });

  it('names the ports that there are when one is unknown', () => {
    expect(() => resolved({ ports }, 'https')).toThrow(
      '--expose: expected a port of Service shop/web: 80 (http), 9090 (grpc), 443 (low), 53 (dns), 7000 (odd), received "https"',
    );
    expect(() => resolved({ ports }, 'https')).toThrow(expect.objectContaining({ code: 'unknown-port', exit: 'usage' }));
  });

  it('does not take one port twice', () => {
    expect(() => resolved({ ports }, '80', 'http')).toThrow(expect.objectContaining({ code: 'duplicate-port' }));
  });

  it.each(['UDP', 'SCTP'])('refuses %s', (protocol) => {
    const result = resolvePorts(service({ ports: [{ port: 53, protocol }] }), expose('53'), []);
    expect(result).toMatchObject({ refused: [{ code: 'port-protocol', message: expect.stringContaining(`is ${protocol}`) }] });
  });
});

describe('refuseService', () => {
  it.each([
    ['service-headless', { clusterIP: 'None' }],
    ['service-external-name', { type: 'ExternalName', externalName: 'example.org' }],
    ['service-no-selector', { selector: {} }],
    ['service-no-selector', { selector: undefined }],
  ])('refuses %s', (code, spec) => {
    expect(refuseService(service(spec), ['tcp'])).toMatchObject([{ code, instead: expect.any(String) }]);
  });

  it('lets an ordinary Service pass, and asks for a tunnel that carries TCP', () => {
    expect(refuseService(service({ clusterIP: '10.0.0.1' }), ['tcp'])).toEqual([]);
    expect(refuseService(service({}), ['udp'])).toMatchObject([{ code: 'tunnel-protocol' }]);
  });
});
