import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../model/object.js';
import { refuseBehind, unrouted } from './behind-service.js';
import { resolvePorts } from './ports.js';

const service = (spec: Record<string, unknown>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'cart' },
  spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
});

function codes(spec: Record<string, unknown>): readonly string[] {
  const object = service(spec);
  const resolved = resolvePorts(object, [{ port: '80', local: { host: '127.0.0.1', port: 3000 } }], []);
  return 'ports' in resolved ? refuseBehind(object, resolved.ports).map(({ code }) => code) : ['ports'];
}

describe('a shadow among the pods of a Service', () => {
  it('fits a Service that only the cluster reaches, by number or by name', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ ports: [{ name: 'http', port: 80, targetPort: 'web' }] })).toEqual([]);
  });

  it.each(['NodePort', 'LoadBalancer'])('is refused for a %s, where others come past the rules', (type) => {
    expect(codes({ type })).toEqual(['shadow-leak']);
  });

  it('is refused for external addresses', () => {
    expect(codes({ externalIPs: ['192.0.2.1'] })).toEqual(['shadow-leak']);
  });

  it('is refused where the pods listen on a port that the agent cannot have', () => {
    expect(codes({ ports: [{ name: 'http', port: 80 }] })).toEqual(['shadow-port']);
    expect(codes({ ports: [{ name: 'http', port: 80, targetPort: 81 }] })).toEqual(['shadow-port']);
  });

  it('is said to be in reach of callers without a proxy', () => {
    expect(unrouted(service({})).message).toContain('Service shop/cart');
  });
});
