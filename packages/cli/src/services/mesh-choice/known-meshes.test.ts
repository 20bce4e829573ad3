import { expect, it } from 'vitest';
import { KNOWN_MESHES, knownMeshesIn } from './known-meshes.js';

const served = (...groups: string[]) =>
  groups.map((group) => ({ group, versions: ['v1'], kind: 'Thing', plural: 'things', namespaced: true }));
const titles = (...groups: string[]) => knownMeshesIn(served(...groups), []).map(({ mesh }) => mesh.title);

it('knows a mesh by its groups and by those below them, and by no other', () => {
  expect(titles('policy.linkerd.io', 'split.smi-spec.io', 'apps')).toEqual(['Linkerd', 'Service Mesh Interface']);
  expect(titles('notlinkerd.io', 'cilium.io.example.com', '')).toEqual([]);
  expect(knownMeshesIn(served('cilium.io', 'cilium.io'), [])).toEqual([
    { mesh: expect.objectContaining({ title: 'Cilium' }), groups: ['cilium.io'] },
  ]);
});

it('leaves to an installed adapter what it is for', () => {
  const kinds = [{ group: 'linkerd.io', kind: 'Thing', plural: 'things', namespaced: true, versions: ['v1'], verbs: [] }];
  expect(knownMeshesIn(served('linkerd.io', 'consul.hashicorp.com'), [{ kinds }]).map(({ mesh }) => mesh.title)).toEqual(['Consul']);
});

it('has each group once', () => {
  const groups = KNOWN_MESHES.flatMap((mesh) => mesh.groups);
  expect(new Set(groups).size).toBe(groups.length);
});
