import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { besides } from './besides.js';

const MESH = 'kuma.io/mesh';
const core = (kind: string, name: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...metadata },
});
const mesh = (name: string): KubeObject => ({ apiVersion: 'kuma.io/v1alpha1', kind: 'Mesh', metadata: { name } });
const route = (of: string): KubeObject => ({
  apiVersion: 'kuma.io/v1alpha1',
  kind: 'MeshHTTPRoute',
  metadata: { name: `${of}-route`, namespace: 'shop', labels: { [MESH]: of } },
  spec: { to: [] },
});
const told = (...objects: readonly KubeObject[]) => besides(objects).map(({ code, message }) => `${code} ${message}`);

describe('rules of several Meshes', () => {
  const money = core('Namespace', 'money', { annotations: { [MESH]: 'pay' } });
  const knowsNone = 'the other mesh knows no Meshes, so the rules of Mesh';

  it('are for callers as far as Namespaces and labels show them, and say so by Mesh', () => {
    expect(told(mesh('default'), mesh('pay'), money, route('default'), route('pay'))).toEqual([
      `view.mesh Mesh default: ${knowsNone} default become rules for all callers but those in money or with a label kuma.io/mesh of another Mesh`,
      `view.mesh Mesh pay: ${knowsNone} pay become rules for callers in money or with the label kuma.io/mesh: pay, and no others`,
    ]);
  });

  it('are nothing lost where a dump shows all Namespaces, but good to know', () => {
    const dumped = (name: string, more: object = {}) => core('Namespace', name, { uid: `u-${name}`, ...more });
    const shown = [
      dumped('shop'),
      dumped('kube-system'),
      dumped('money', { labels: { [MESH]: 'pay' } }),
      mesh('default'),
      mesh('pay'),
      route('pay'),
    ];
    expect(besides(shown)).toMatchObject([{ code: 'view.mesh', severity: 'info', message: expect.stringContaining('callers in money') }]);
    expect(besides(shown.slice(1))[0]?.severity).toBeUndefined();
    expect(besides(shown.filter(({ metadata }) => (metadata as { name: string }).name !== 'kube-system'))[0]?.severity).toBeUndefined();
  });

  it('are told where the route is, if the Mesh is not among the objects', () => {
    expect(told(money, route('pay'))).toEqual([
      `view.mesh MeshHTTPRoute shop/pay-route: ${knowsNone} pay become rules for callers in money or with the label kuma.io/mesh: pay, and no others`,
    ]);
  });

  it('are nothing to say where there is one Mesh, or no rule', () => {
    expect(told(mesh('default'), core('Namespace', 'shop'), route('default'))).toEqual([]);
    expect(told(mesh('default'), mesh('pay'), money)).toEqual([]);
  });
});

it('a Pod that an annotation puts into another Mesh than its labels say is named, once for its workload', () => {
  const of = (name: string, metadata: object) =>
    core('Pod', name, { namespace: 'shop', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' }], ...metadata });
  const annotations = { [MESH]: 'pay' };
  const losses = besides([
    ...[of('web-a', { annotations }), of('web-b', { annotations }), of('other', { labels: { [MESH]: 'pay' } })],
    ...[mesh('default'), mesh('pay'), route('default')],
  ]);
  expect(losses.map(({ ref }) => `${ref?.kind} ${ref?.name}`)).toEqual(['Mesh default', 'Pod web-a']);
  expect(losses[1]?.message).toContain('an annotation puts it into Mesh pay');
});
