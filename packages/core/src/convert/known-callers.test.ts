import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../model/object.js';
import type { View } from '../model/view.js';
import { knownCallers, shownNamespaces } from './known-callers.js';

const object = (kind: string, name: string, namespace?: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, uid: `${kind}-${name}`, ...(namespace === undefined ? {} : { namespace }), ...more },
  ...(kind === 'Service' ? { spec: { selector: { app: name } } } : {}),
});
const written = (one: KubeObject): KubeObject => ({ ...one, metadata: { ...(one.metadata as object), uid: undefined } });
const system = object('Namespace', 'kube-system');
const dump = [
  system,
  object('Namespace', 'shop'),
  object('Service', 'web', 'shop'),
  object('Pod', 'web-0', 'shop', { labels: { app: 'web' } }),
];

const inMesh = (clients: Extract<View, { plane: 'mesh' }>['clients'], ...except: readonly object[]): View => ({
  plane: 'mesh',
  clients,
  ...(except.length === 0 ? {} : { except }),
});
const ALL = inMesh({});
const ELSEWHERE = inMesh({}, { namespaces: ['shop'] });
const LABELLED = inMesh({ labels: { tier: 'edge' } });
const may = (objects: readonly KubeObject[], view: View, hasProxy = true) => knownCallers(objects, () => hasProxy).mayCall([ALL, view]);

describe('callers', () => {
  it('of a dump with its Namespaces and Pods are these Pods', () => {
    expect([ALL, ELSEWHERE, LABELLED].map((view) => may(dump, view))).toEqual([true, false, false]);
    expect(may([...dump, object('Pod', 'edge-0', 'shop', { labels: { tier: 'edge' } })], LABELLED)).toBe(true);
    expect(may(dump, ALL, false)).toBe(false);
  });

  it.each<[string, readonly KubeObject[]]>([
    ['no Namespace', dump.slice(2)],
    ['one Namespace of several', dump.slice(1)],
    ['no Pod', dump.slice(0, 3)],
    ['an object of a namespace that is not there', [...dump, object('Service', 'pay', 'money')]],
    ['Namespaces that somebody wrote', dump.map((one) => (one.kind === 'Namespace' ? written(one) : one))],
    ['Pods that somebody wrote, or that are assumed', dump.map((one) => (one.kind === 'Pod' ? written(one) : one))],
  ])('may be anybody where there is %s', (_, objects) => {
    expect([ALL, ELSEWHERE, LABELLED].map((view) => may(objects, view))).toEqual([true, true, true]);
  });

  it('may be in a namespace whose Services should have Pods, and in no empty one', () => {
    const money = [...dump, object('Namespace', 'money')];
    const there = [inMesh({ namespaces: ['money'] }), inMesh({ namespaces: ['money'], labels: { tier: 'edge' } }), ELSEWHERE];
    expect(there.map((view) => may(money, view))).toEqual([false, false, false]);
    const serving = [...money, object('Service', 'pay', 'money')];
    expect(there.map((view) => may(serving, view))).toEqual([true, true, true]);
    expect(may(serving, inMesh({}, { namespaces: ['shop', 'money'] }))).toBe(false);
  });
});

it('namespaces are known where the dump has what every cluster has', () => {
  expect(shownNamespaces(dump)).toEqual(new Set(['kube-system', 'shop']));
  expect(shownNamespaces(dump.slice(1))).toBeUndefined();
});
