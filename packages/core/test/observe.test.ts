import { describe, expect, it } from 'vitest';
import {
  ClusterError,
  decodeTarget,
  detectMeshes,
  type MeshAdapter,
  objectsOf,
  observe,
  planChange,
  queryKey,
  unreadReason,
} from '../src/index.js';
import { listEnv, listMesh } from './list-mesh.js';
import { GROUP, KIND, listRoute, serviceAndPod } from './list-mesh-object.js';
import { createRig, planOf, sessionChange } from './list-mesh-rig.js';

const toTomcat = { to: [{ service: 'tomcat', weight: 1 }] };
const users = listRoute('users', 'tomcat', [toTomcat]);
const target = { services: [{ namespace: 'shop', name: 'tomcat', port: 8080 }] };

describe('observe', () => {
  it('asks again for what the first round shows, each query once', async () => {
    const rig = createRig([users]);
    const following: MeshAdapter = {
      ...listMesh,
      reads: (wanted, seen, env) => [
        ...listMesh.reads(wanted, seen, env),
        ...objectsOf(seen, GROUP, KIND).map(() => ({ group: '', kind: 'Namespace', name: 'shop' })),
      ],
    };
    const seen = await observe(rig.context(following), target);
    expect(objectsOf(seen, '', 'Namespace')).toHaveLength(1);
    expect(rig.faults.requests.map(({ resource }) => resource).sort()).toEqual(['listroutes', 'namespaces', 'pods', 'services']);
  });

  it('keeps why something was not read', async () => {
    const rig = createRig([users]);
    rig.faults.deny(({ resource }) => resource === 'pods');
    const missing = { group: 'none.test', kind: 'Nothing', namespace: 'shop' };
    const seen = await observe(rig.context({ ...listMesh, reads: (...args) => [...listMesh.reads(...args), missing] }), target);
    expect(unreadReason(seen, { group: '', kind: 'Pod', namespace: 'shop' })).toBe('forbidden');
    expect(seen.get(queryKey(missing))).toEqual({ unread: 'no such kind' });
  });

  it('throws what else the cluster says', async () => {
    const rig = createRig([users]);
    rig.faults.add(({ resource }) => {
      if (resource === 'pods') throw new ClusterError({ reason: 'Unreachable', status: 0, message: 'connection refused' });
    });
    await expect(observe(rig.context(), target)).rejects.toMatchObject({ code: 'cluster-unreachable' });
  });
});

describe('decodeTarget', () => {
  it('gives the tables of today', async () => {
    const { decoded } = await decodeTarget(createRig([users]).context(), target);
    expect(decoded.tables).toMatchObject([{ port: 8080, rules: [{ owner: 'foreign' }] }]);
  });
});

describe('detectMeshes', () => {
  it('gives every mesh that is there, with one discovery', async () => {
    const rig = createRig([]);
    const absent: MeshAdapter = { ...listMesh, id: 'absent', detect: () => undefined };
    const found = await detectMeshes(rig.cluster(), [absent, listMesh]);
    expect(found).toEqual([{ adapter: listMesh, detection: { environment: listEnv, because: `kind ${KIND} is served` } }]);
    expect(rig.faults.requests).toHaveLength(1);
  });
});

describe('what an adapter cannot read', () => {
  const other = { namespace: 'shop', name: 'other', port: 8080 };
  const objects = [
    users,
    listRoute('others', 'other', [{ to: [{ service: 'other', weight: 1 }] }]),
    ...serviceAndPod('other'),
    ...serviceAndPod('shadow-a1'),
  ];
  const withGap = (name: string | undefined): MeshAdapter => ({
    ...listMesh,
    affects: () => ({ services: [other] }),
    decode: (wanted, seen, env) => {
      const ref = name === undefined ? {} : { ref: { apiVersion: `${GROUP}/v1`, kind: KIND, namespace: 'shop', name } };
      const gaps = wanted.services.some((service) => service.name === 'other')
        ? [{ feature: 'delegate', message: 'a delegate is not read', ...ref }]
        : [];
      return { ...listMesh.decode(wanted, seen, env), gaps };
    },
  });

  it('is a note beside the change’s own services', async () => {
    const { notes } = await planOf(createRig(objects).context(withGap('others')), sessionChange('a1'));
    expect(notes).toEqual([
      { code: 'delegate', message: 'Not checked: a delegate is not read', ref: expect.objectContaining({ name: 'others' }) },
    ]);
  });

  it.each(['users', undefined])('refuses in an object that the plan edits, or anywhere (%s)', async (name) => {
    const planning = await planChange(createRig(objects).context(withGap(name)), sessionChange('a1'));
    expect(planning).toMatchObject({ refused: [{ code: 'delegate', message: 'a delegate is not read' }] });
  });

  it('is looked for anew in what the edits lead to', async () => {
    const rig = createRig(objects);
    const curious: MeshAdapter = {
      ...listMesh,
      reads: (wanted, seen, env) => [
        ...listMesh.reads(wanted, seen, env),
        ...(JSON.stringify(objectsOf(seen, GROUP, KIND)).includes('shadow-a1') ? [{ group: '', kind: 'Service', name: 'shadow-a1' }] : []),
      ],
    };
    const { seen } = await planOf(rig.context(curious), sessionChange('a1'));
    expect(seen.has(queryKey({ group: '', kind: 'Service', name: 'shadow-a1' }))).toBe(true);
  });
});
