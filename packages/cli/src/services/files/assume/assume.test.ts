import { adapter as istio } from '@heddle/adapter-istio';
import { type KubeObject, metaOf } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { assumed } from './assume.js';

const service = (name: string, selector: object = { app: name }, ports: readonly object[] = [{ port: 80 }]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name },
  spec: { selector, ports },
});
const deployment = (name: string, more: object = {}, kind = 'Deployment', apiVersion = 'apps/v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { namespace: 'shop', name },
  spec: { template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main' }] } }, ...more },
});
const mesh = (kind: string, name: string, spec: object): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { namespace: 'shop', name },
  spec,
});
const RULE = mesh('DestinationRule', 'reviews', {
  host: 'reviews',
  subsets: [
    { name: 'v1', labels: { version: 'v1' } },
    { name: 'v2', labels: { version: 'v2' } },
  ],
});
const names = (objects: readonly KubeObject[]) =>
  objects.map((object) => `${object.kind} ${metaOf(object).namespace}/${metaOf(object).name}`);
const assume = (objects: readonly KubeObject[], wanted: Parameters<typeof assumed>[2] = {}) => assumed(objects, [istio], wanted);

describe('workloads', () => {
  it('stand for ready pods with their labels, as many as they say', () => {
    const { objects, notes } = assume([service('web'), deployment('web', { replicas: 2 }), deployment('off', { replicas: 0 })]);
    expect(names(objects)).toEqual(['Pod shop/web-0', 'Pod shop/web-1']);
    expect(objects[0]).toMatchObject({ metadata: { labels: { app: 'web' } }, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
    expect(notes).toEqual(['Ready pods are assumed for Deployment shop/web (2), Deployment shop/off (0).']);
  });

  it('of any kind that makes pods count; jobs do not serve', () => {
    const kinds = [
      deployment('a', {}, 'Rollout', 'argoproj.io/v1alpha1'),
      deployment('b', {}, 'StatefulSet'),
      deployment('c', {}, 'Job', 'batch/v1'),
    ];
    expect(names(assume([service('x'), ...kinds]).objects)).toEqual(['Pod shop/a-0', 'Pod shop/b-0']);
  });

  it('get none where some of their pods are there, ready or not', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'web-x', labels: { app: 'web', more: '1' } } };
    expect(assume([service('web'), deployment('web'), pod])).toEqual({ objects: [], notes: [] });
  });

  it('count once where a ReplicaSet stands beside its Deployment', () => {
    const replicaSet = deployment('web-6d4', {}, 'ReplicaSet');
    const owned = {
      ...replicaSet,
      metadata: { ...metaOf(replicaSet), ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }] },
    };
    expect(names(assume([service('web'), deployment('web'), owned]).objects)).toEqual(['Pod shop/web-0']);
  });
});

describe('without any pod and workload', () => {
  it('each Service has ready pods, one for each version that the mesh names', () => {
    const { objects, notes } = assume([
      service('reviews'),
      service('ratings', { app: 'ratings' }, [{ port: 80, targetPort: 'web' }]),
      RULE,
    ]);
    expect(names(objects)).toEqual(['Pod shop/reviews-v1-assumed', 'Pod shop/reviews-v2-assumed', 'Pod shop/ratings-assumed']);
    expect(objects[0]).toMatchObject({ metadata: { labels: { app: 'reviews', version: 'v1' } } });
    expect(objects[2]).toMatchObject({ spec: { containers: [{ ports: [{ name: 'web', containerPort: 80 }] }] } });
    expect(notes).toEqual([
      expect.stringMatching(/^No Pod and no workload is in the files: ready pods are assumed \(shop\/reviews-v1-assumed, /),
    ]);
  });

  it('a Service for one version brings the pod, and the one for all has it too', () => {
    const split = [service('web', { app: 'web' }), service('web-v1', { app: 'web', version: 'v1' })];
    expect(names(assume(split).objects)).toEqual(['Pod shop/web-v1-assumed']);
  });

  it('a Service without a selector gets none', () => {
    expect(assume([service('outside', {})]).objects).toEqual([]);
  });
});

describe('Services', () => {
  const ROUTE = mesh('VirtualService', 'reviews', {
    hosts: ['reviews'],
    http: [
      {
        route: [{ destination: { host: 'reviews', port: { number: 9080 } } }, { destination: { host: 'ratings.shop.svc.cluster.local' } }],
      },
    ],
  });

  it('that the mesh names are made up where there is none, with the port that is asked for', () => {
    const { objects, notes } = assume([ROUTE, RULE], { port: 8080 });
    const services = objects.filter(({ kind }) => kind === 'Service');
    expect(names(services)).toEqual(['Service shop/reviews', 'Service shop/ratings']);
    expect(services.map(({ spec }) => (spec as { ports: { port: number }[] }).ports.map(({ port }) => port))).toEqual([
      [9080, 8080],
      [8080],
    ]);
    expect(notes[0]).toBe(
      "No Service is in the files: HTTP Services that the mesh's objects name are assumed (shop/reviews:9080,8080, shop/ratings:8080).",
    );
  });

  it('are not where some are there: then one is missing', () => {
    expect(names(assume([ROUTE, service('reviews')]).objects)).toEqual(['Pod shop/reviews-assumed']);
  });
});

describe('proxies of gateways', () => {
  const GATEWAY = mesh('Gateway', 'front', { selector: { istio: 'ingressgateway' }, servers: [] });

  it('are assumed where they are asked for and none is there', () => {
    const { objects, notes } = assume([service('web'), deployment('web'), GATEWAY], { gateways: true });
    expect(names(objects)).toEqual(['Pod shop/web-0', 'Pod istio-system/ingressgateway-assumed']);
    expect(notes[1]).toBe('No proxy of the gateways is in the files: it is assumed (istio-system/ingressgateway-assumed).');
    expect(names(assume([service('web'), deployment('web'), GATEWAY]).objects)).toEqual(['Pod shop/web-0']);
  });

  it('of a Deployment in the files are those', () => {
    const proxies = deployment('edge', { template: { metadata: { labels: { istio: 'ingressgateway' } }, spec: { containers: [] } } });
    expect(names(assume([service('web'), proxies, GATEWAY], { gateways: true }).objects)).toEqual(['Pod shop/edge-0']);
  });
});
