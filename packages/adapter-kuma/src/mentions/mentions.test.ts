import { describe, expect, it } from 'vitest';
import { mentions } from './mentions.js';

const object = (kind: string, spec: object) => ({ apiVersion: 'kuma.io/v1alpha1', kind, metadata: { namespace: 'shop', name: 'x' }, spec });

describe('what an object names', () => {
  it('a TrafficRoute: services by their tag, and versions by the tags beside it; who calls too', () => {
    const found = mentions(
      object('TrafficRoute', {
        sources: [{ match: { 'kuma.io/service': 'web_shop_svc_80' } }],
        destinations: [{ match: { 'kuma.io/service': 'backend_shop_svc_80' } }, { match: { 'kuma.io/service': '*' } }],
        conf: {
          split: [{ weight: 1, destination: { 'kuma.io/service': 'backend_shop_svc_80', version: 'v2', 'kuma.io/zone': 'z' } }],
          http: [{ destination: { 'kuma.io/service': 'other_away_svc_81' } }],
        },
      }),
    );
    expect(found).toEqual([
      { namespace: 'shop', name: 'web', port: 80 },
      { namespace: 'shop', name: 'backend', port: 80 },
      { namespace: 'shop', name: 'backend', port: 80 },
      { namespace: 'shop', name: 'backend', port: 80, version: { id: 'v2', labels: { version: 'v2' } } },
      { namespace: 'away', name: 'other', port: 81 },
    ]);
  });

  it('a MeshHTTPRoute: its targets, and its backends by tag or by name', () => {
    const backendRefs = [
      { kind: 'MeshServiceSubset', name: 'backend_shop_svc_80', tags: { version: 'v1' } },
      { kind: 'MeshService', name: 'other', namespace: 'away', port: 81 },
    ];
    const to = [{ targetRef: { kind: 'MeshService', name: 'backend' }, rules: [{ default: { backendRefs } }] }];
    expect(mentions(object('MeshHTTPRoute', { targetRef: { kind: 'MeshService', name: 'web_shop_svc_80' }, to }))).toEqual([
      { namespace: 'shop', name: 'backend' },
      { namespace: 'shop', name: 'backend', port: 80 },
      { namespace: 'shop', name: 'backend', port: 80, version: { id: 'v1', labels: { version: 'v1' } } },
      { namespace: 'away', name: 'other', port: 81 },
    ]);
  });

  it('other objects: nothing', () => {
    expect(mentions(object('MeshTimeout', { to: [{ targetRef: { kind: 'MeshService', name: 'a' } }] }))).toEqual([]);
    expect(mentions(null)).toEqual([]);
  });
});
