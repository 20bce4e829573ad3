import { expect, it } from 'vitest';
import { KUBERNETES_KINDS, READ_VERBS, servedVersions, WRITE_VERBS } from './kinds.js';

const route = { group: 'mesh.example', kind: 'Route', plural: 'routes', namespaced: true };
const KINDS = [{ ...route, versions: ['v1', 'v1beta1'], verbs: WRITE_VERBS }, ...KUBERNETES_KINDS];

it('each kind is read in the first of its versions that the cluster serves', () => {
  const served = [
    { ...route, versions: ['v1alpha1', 'v1beta1', 'v1'] },
    { ...route, group: '', kind: 'Service', plural: 'services', versions: ['v1'] },
    { ...route, group: 'serving.example', kind: 'Pod', plural: 'pods', versions: ['v1'] },
  ];
  expect(servedVersions(KINDS, served)).toEqual({ Route: 'mesh.example/v1', Service: 'v1' });
  expect(servedVersions(KINDS, [{ ...route, versions: ['v1beta1'] }])).toEqual({ Route: 'mesh.example/v1beta1' });
  expect(servedVersions(KINDS, [{ ...route, versions: ['v2'] }])).toEqual({});
});

it('of Kubernetes itself an adapter only reads', () => {
  expect(KUBERNETES_KINDS.map(({ kind, namespaced, verbs }) => [kind, namespaced, verbs])).toEqual([
    ['Service', true, READ_VERBS],
    ['Pod', true, READ_VERBS],
    ['Namespace', false, READ_VERBS],
  ]);
});
