import { describe, expect, it } from 'vitest';
import {
  applyPlan,
  ClusterError,
  foreignEdits,
  type KubeObject,
  type MeshAdapter,
  metaOf,
  type ObjectEdit,
  planChange,
  refOf,
} from '../src/index.js';
import { listMesh } from './list-mesh.js';
import { GROUP, KIND, type ListRule, listRoute, ownedIn, rulesOf, serviceAndPod } from './list-mesh-object.js';
import { createRig, edit, header, listOf, planOf, removal, sessionChange, write } from './list-mesh-rig.js';

const toTomcat = { to: [{ service: 'tomcat', weight: 1 }] };
const users = listRoute('users', 'tomcat', [{ name: 'rest', note: 'kept', ...toTomcat }]);
const objects = [users, ...serviceAndPod('shadow-a1'), ...serviceAndPod('shadow-b2')];
const change = sessionChange('a1');
const quick = { pause: async () => {} };

const withRules = (object: KubeObject, rules: readonly ListRule[]): KubeObject => ({
  ...object,
  spec: { ...(object.spec as object), rules },
});
const annotated = (n: number) => (object: KubeObject) => ({
  ...object,
  metadata: { ...(object.metadata as object), annotations: { touched: `${n}` } },
});

describe('applyPlan', () => {
  it('writes, and returns the rules as read back', async () => {
    const mesh = createRig(objects).context();
    const { edits, owned, rounds } = await write(mesh, change);
    expect([edits.length, rounds]).toEqual([1, 1]);
    const live = await listOf(mesh, 'users');
    expect(owned).toEqual(ownedIn(live));
    expect(owned).toMatchObject([{ owner: change.owner, ref: { name: 'users' }, pointer: '/spec/rules/0' }]);
    expect(metaOf(edits[0]?.stored).resourceVersion).toBe(metaOf(live).resourceVersion);
    const undone = await write(mesh, removal(change));
    expect(undone.owned).toEqual([]);
    expect((await listOf(mesh, 'users')).spec).toEqual(users.spec);
  });

  it('tells the rules that stand already when there is nothing to write', async () => {
    const mesh = createRig(objects).context();
    const { owned } = await write(mesh, change);
    expect(await write(mesh, change)).toEqual({ edits: [], owned, rounds: 1 });
  });

  it('adds versions before rules and removes them after, and gives proxies time in between', async () => {
    const rig = createRig([...objects, ...['x', 'y', 'z'].map((name) => listRoute(name, name, []))]);
    const mesh = rig.context();
    const plan = await planOf(mesh, change);
    const edits = await Promise.all(
      (['remove', 'rules', 'add'] as const).map(async (stage, index) => {
        const body = await listOf(mesh, ['x', 'y', 'z'][index] ?? '');
        const { uid = '', resourceVersion = '' } = metaOf(body);
        return {
          ref: { apiVersion: `${GROUP}/v1`, kind: KIND, namespace: 'shop', name: metaOf(body).name },
          stage,
          why: 'test',
          op: 'replace' as const,
          body: annotated(index)(body),
          uid,
          resourceVersion,
        };
      }),
    );
    const order: string[] = [];
    const settle = async () => void order.push('settled');
    const after = async ({ stage }: ObjectEdit) => void order.push(stage);
    await applyPlan(mesh, { ...plan, edits }, { replan: () => planChange(mesh, change), settle, after });
    expect(order).toEqual(['add', 'settled', 'rules', 'settled', 'remove']);
  });

  it('writes an object for the second time where the first left it, once proxies have heard of that', async () => {
    const mesh = createRig(objects).context();
    const plan = await planOf(mesh, change);
    const { uid = '', resourceVersion = '' } = metaOf(await listOf(mesh, 'users'));
    const at = (stage: 'rules' | 'remove', body: KubeObject) =>
      ({ ref: refOf(users), stage, why: 'test', op: 'replace', body, uid, resourceVersion }) as const;
    const edits = [at('rules', annotated(1)(users)), at('remove', users)];
    const order: string[] = [];
    const { rounds } = await applyPlan(
      mesh,
      { ...plan, edits },
      {
        replan: () => planChange(mesh, change),
        settle: async () => void order.push('settled'),
        after: async ({ stage }, stored) => void order.push(`${stage} ${metaOf(stored).annotations.touched ?? 'untouched'}`),
      },
    );
    expect([order, rounds]).toEqual([['rules 1', 'settled', 'remove untouched'], 1]);
  });

  it('plans again when the object changed, keeping what the colleague did', async () => {
    const rig = createRig(objects);
    const [mesh, colleague] = [rig.context(), rig.context(listMesh, 'colleague')];
    let touched = 0;
    const { rounds, edits } = await write(mesh, change, {
      ...quick,
      before: async () => (touched++ === 0 ? edit(colleague, 'users', annotated(1)) : undefined),
    });
    expect([rounds, edits.length]).toEqual([2, 1]);
    expect(metaOf(await listOf(mesh, 'users')).annotations).toEqual({ touched: '1' });
  });

  it('two that create the same object end with both in it', async () => {
    const rig = createRig(objects.filter((object) => object !== users));
    const [a, b] = [rig.context(listMesh, 'a'), rig.context(listMesh, 'b')];
    const second = sessionChange('b2', header('x-dev', 'bob'));
    const { rounds } = await write(a, change, {
      ...quick,
      before: async (planned) => (planned.op === 'create' ? void (await write(b, second)) : undefined),
    });
    expect(rounds).toBe(2);
    expect(ownedIn(await listOf(a, 'heddle-tomcat')).map(({ owner }) => owner.id)).toEqual(['a1', 'b2']);
    await write(a, removal(change));
    await write(b, removal(second));
    await expect(listOf(a, 'heddle-tomcat')).rejects.toThrow('no ListRoute');
  });

  it('stops after some rounds, naming who keeps changing the object', async () => {
    const rig = createRig(objects);
    const [mesh, storm] = [rig.context(), rig.context(listMesh, 'storm')];
    let rounds = 0;
    const failing = write(mesh, change, {
      ...quick,
      maxRounds: 4,
      before: async () => edit(storm, 'users', annotated(++rounds), 'argocd-controller'),
    });
    await expect(failing).rejects.toMatchObject({
      code: 'object-contended',
      exit: 'cluster',
      message:
        'ListRoute shop/users kept changing while it was to be written, 4 times: last by "argocd-controller" at 2026-01-02T00:00:00Z (Update)',
    });
    expect(rounds).toBe(4);
    expect(
      rig.faults.requests.filter(({ verb, client, dryRun }) => verb === 'update' && client === 'test' && dryRun !== true),
    ).toHaveLength(4);
  });

  it('goes on where it was: what was written is not written again', async () => {
    const rig = createRig([
      ...objects,
      listRoute('others', 'other', [{ to: [{ service: 'other', weight: 1 }] }]),
      ...serviceAndPod('other'),
    ]);
    const mesh = rig.context();
    const both = { ...change, services: [...change.services, { namespace: 'shop', name: 'other', port: 8080 }] };
    let touched = false;
    const { rounds, edits } = await write(mesh, both, {
      ...quick,
      before: async ({ ref }) => {
        if (ref.name === 'others' && !touched) await edit(rig.context(listMesh, 'colleague'), 'others', annotated(1));
        touched ||= ref.name === 'others';
      },
    });
    expect(rounds).toBe(2);
    expect(edits.map(({ edit: { ref } }) => ref.name)).toEqual(['users', 'others']);
  });

  it('writes again what somebody took out before it was read back, and gives up in the end', async () => {
    const rig = createRig(objects);
    const [mesh, enemy] = [rig.context(), rig.context(listMesh, 'enemy')];
    const takeOut = async () => edit(enemy, 'users', (object) => withRules(object, rulesOf(object).slice(1)), 'flagger');
    let taken = 0;
    const again = await write(mesh, change, { ...quick, after: async () => (taken++ === 0 ? takeOut() : undefined) });
    expect([again.rounds, again.owned.length]).toEqual([2, 1]);
    await write(mesh, removal(change));
    await expect(write(mesh, change, { ...quick, after: takeOut })).rejects.toMatchObject({
      code: 'object-contended',
      message: expect.stringContaining('5 times: last by "flagger"'),
    });
  });

  it('passes on why a plan made anew is refused', async () => {
    const rig = createRig(objects);
    const mesh = rig.context();
    const replan = async () => ({ refused: [{ code: 'rule-edited', message: 'somebody edited it', instead: 'look' }] });
    const failing = write(mesh, change, { ...quick, replan, before: async () => edit(rig.context(listMesh, 'x'), 'users', annotated(1)) });
    await expect(failing).rejects.toMatchObject({ code: 'rule-edited', exit: 'refused', message: 'somebody edited it', next: ['look'] });
  });

  it('stops between edits when aborted, and writes nothing when a guard objects', async () => {
    const mesh = createRig(objects).context();
    const abort = new AbortController();
    abort.abort(new Error('Ctrl-C'));
    await expect(write(mesh, change, { signal: abort.signal })).rejects.toThrow('Ctrl-C');
    await expect(write(mesh, change, { before: () => Promise.reject(new Error('lease lost')) })).rejects.toThrow('lease lost');
    expect((await listOf(mesh, 'users')).spec).toEqual(users.spec);
  });

  it('gives the deleted object to the hook, too', async () => {
    const mesh = createRig(serviceAndPod('shadow-a1')).context();
    await write(mesh, change);
    const seen: string[] = [];
    await write(mesh, removal(change), { after: async ({ op }, stored) => void seen.push(`${op} ${metaOf(stored).name}`) });
    expect(seen).toEqual(['delete heddle-tomcat']);
  });

  it('stops when the mesh itself says no', async () => {
    const choosy: MeshAdapter = {
      ...listMesh,
      accepted: (_, live) => ({ state: live === undefined ? 'unknown' : 'rejected', message: 'no such backend' }),
    };
    await expect(write(createRig(objects).context(choosy), change)).rejects.toMatchObject({
      code: 'mesh-rejected',
      message: 'The mesh does not accept ListRoute shop/users as written: no such backend',
    });
  });
});

describe('what a webhook or a schema does to a write', () => {
  const pruned = (fields: readonly string[]) => ({ pruned: [{ group: GROUP, kind: KIND, fields }] });

  it('refuses before the first write what would be lost', async () => {
    const mesh = createRig(objects, pruned(['spec.rules.*.headers'])).context();
    await expect(write(mesh, change)).rejects.toMatchObject({
      code: 'fields-lost',
      exit: 'refused',
      message:
        'ListRoute shop/users would lose fields when written, removed by its schema or a webhook: /spec/rules/0/headers ([{"name":"x-dev","is":{"exact":"alice"}}] removed)',
    });
    expect((await listOf(mesh, 'users')).spec).toEqual(users.spec);
  });

  it('sees what is lost where dry runs are not supported', async () => {
    const rig = createRig(objects, pruned(['spec.rules.*.headers']));
    rig.faults.add(({ dryRun }) => {
      if (dryRun === true)
        throw new ClusterError({
          reason: 'BadRequest',
          status: 400,
          message: 'admission webhook "w.example.test" does not support dry run',
        });
    });
    const said: string[] = [];
    await expect(write(rig.context(), change, { onProgress: (message) => void said.push(message) })).rejects.toMatchObject({
      code: 'fields-lost',
      message: expect.stringMatching(/^ListRoute shop\/users lost fields/),
    });
    expect(said[0]).toMatch(/does not support dry runs/);
  });

  it('repeats the words of a webhook that refuses', async () => {
    const rig = createRig(objects);
    rig.faults.add(({ verb }) => {
      if (verb === 'update')
        throw new ClusterError({
          reason: 'BadRequest',
          status: 400,
          message: 'admission webhook "rev.mesh.test" denied the request: 2 errors:\n\t* weights must be 100\n',
        });
    });
    await expect(write(rig.context(), change)).rejects.toMatchObject({
      code: 'webhook-refused',
      message: 'ListRoute shop/users was refused by webhook rev.mesh.test: 2 errors: * weights must be 100',
    });
  });

  it('says when the webhook is down', async () => {
    const rig = createRig(objects);
    rig.faults.add(({ verb }) => {
      if (verb === 'update')
        throw new ClusterError({
          reason: 'InternalError',
          status: 500,
          message: 'Internal error occurred: failed calling webhook "rev.mesh.test": no endpoints',
        });
    });
    await expect(write(rig.context(), change)).rejects.toMatchObject({
      code: 'webhook-unreachable',
      exit: 'cluster',
      message: expect.stringContaining('rev.mesh.test'),
    });
  });
});

describe('foreignEdits', () => {
  it('tells edited from missing and from what is as recorded', async () => {
    const mesh = createRig(objects).context();
    const { owned } = await write(mesh, change);
    expect(foreignEdits(owned, owned)).toEqual({ edited: [], missing: [] });
    await edit(mesh, 'users', (object) =>
      withRules(
        object,
        rulesOf(object).map((rule, index) => (index === 0 ? { ...rule, timeoutMs: 1 } : rule)),
      ),
    );
    const [found] = ownedIn(await listOf(mesh, 'users'));
    expect(foreignEdits(owned, found === undefined ? [] : [found])).toEqual({ edited: [{ found, recorded: owned }], missing: [] });
    expect(foreignEdits(owned, [])).toEqual({ edited: [], missing: owned });
    expect(foreignEdits([], owned)).toEqual({ edited: [], missing: [] });
  });
});
