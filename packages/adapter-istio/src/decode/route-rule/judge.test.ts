import type { KubeObject, MeshEnvironment } from '@heddle/core';
import { describe, expect, test } from 'vitest';
import { destinationRule, takeover, env as today, virtualService } from '../../../test/support/objects.js';
import {
  allV1,
  ask,
  base,
  decoded,
  fromFile,
  host,
  OLD,
  observed,
  onlyTable,
  problems,
  reviews,
  shares,
} from '../../../test/support/route-rules.js';
import { encode } from '../../encode/encode.js';

describe('whether it has a say', () => {
  const worth = (objects: readonly KubeObject[], env?: MeshEnvironment) =>
    problems(objects, env).filter((problem) => problem.startsWith('legacy-route-rule:'));

  test('in files about nothing newer, and in an old mesh, it is read as it was then', () => {
    expect(worth([allV1])).toEqual([expect.stringMatching(/RouteRule shop\/reviews-default is read as .*an Istio of today ignores it/)]);
    expect(shares(onlyTable([allV1, destinationRule('reviews', 'reviews')], OLD))).toEqual({ v1: 1 });
  });

  test('from 1.0 on it is ignored', () => {
    expect(worth([allV1], today)).toEqual([
      'legacy-route-rule: RouteRule shop/reviews-default is ignored: no Istio since 1.0 honours RouteRules, and here is 1.31.1',
    ]);
    expect(shares(onlyTable([allV1], today))).toEqual({ all: 1 });
  });

  test.each([
    ['DestinationRule', [fromFile(destinationRule('reviews', 'reviews'))]],
    ['VirtualService', [fromFile(virtualService('reviews', { hosts: ['reviews'], gateways: ['front'], http: [] }))]],
  ])('a %s for the host, in files, says that the mesh is one of today', (kind, objects) => {
    expect(worth([allV1, ...objects])).toEqual([expect.stringMatching(`is ignored: ${kind} shop/reviews is about ${host}`)]);
    expect(shares(onlyTable([allV1, ...objects]))).toEqual({ all: 1 });
  });

  test('a VirtualService counts before it in an old mesh too, and both are named', () => {
    const newer = virtualService('reviews', { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'ratings' } }] }] });
    expect(worth([allV1, newer], OLD)).toEqual([expect.stringMatching(/RouteRule shop\/reviews-default .*VirtualService shop\/reviews/)]);
    expect(ask(onlyTable([allV1, newer], OLD)).outcomes.map(({ host: at }) => at)).toEqual(['ratings.shop.svc.cluster.local']);
  });

  test('a cluster that serves RouteRules and no VirtualServices is old, another of unknown version is not', () => {
    const stored = { ...allV1, metadata: { ...(allV1.metadata as object), uid: 'u' } };
    const served = { RouteRule: 'config.istio.io/v1alpha2' };
    expect(shares(onlyTable([stored], { served, settings: {} }))).toEqual({ v1: 1 });
    expect(shares(onlyTable([stored], { served: { ...served, VirtualService: 'x/v1' }, settings: {} }))).toEqual({ all: 1 });
  });

  test('nothing is written beside rules that decide', () => {
    const change = takeover({ kind: 'session', namespace: 'shop', id: 't1' }, {}, reviews.services);
    const planned = encode(change, observed([...base, allV1], OLD), OLD);
    expect('refused' in planned ? planned.refused.map(({ code }) => code) : planned).toContain('legacy-route-rule');
  });

  test('the other kinds of that time are named, as information', () => {
    const other = (kind: string, spec: Record<string, unknown>): KubeObject => ({
      apiVersion: 'config.istio.io/v1alpha2',
      kind,
      metadata: { name: 'x', namespace: 'shop' },
      spec,
    });
    const objects = [
      other('DestinationPolicy', { destination: { name: 'reviews' } }),
      { ...other('DestinationPolicy', { destination: { name: 'elsewhere' } }), metadata: { name: 'y', namespace: 'shop' } },
      other('EgressRule', { destination: { service: '*.example.com' } }),
    ];
    expect(
      decoded(objects)
        .problems.filter(({ severity }) => severity === 'info')
        .map(({ ref }) => ref?.kind),
    ).toEqual(['DestinationPolicy', 'EgressRule']);
  });
});
