import { describe, expect, it } from 'vitest';
import { type Change, type MeshAdapter, type Planning, planChange } from '../src/index.js';
import { listMesh, MESH_VIEW } from './list-mesh.js';
import { type ListRule, listRoute, rulesOf, serviceAndPod } from './list-mesh-object.js';
import { alice, createRig, header, planOf, removal, sessionChange, write } from './list-mesh-rig.js';

const toTomcat = { to: [{ service: 'tomcat', weight: 1 }] };
const userRules = [
  {
    name: 'api',
    path: { kind: 'segmentPrefix' as const, value: '/api' },
    rewrite: '/v1',
    timeoutMs: 500,
    corsPolicy: { any: ['thing'] },
    ...toTomcat,
  },
  { path: { kind: 'exact' as const, value: '/other' }, to: [{ service: 'other', weight: 1 }] },
  { ...toTomcat, mirror: 'other' },
];
const users = listRoute('users', 'tomcat', userRules, { edge: true, unknown: { stays: true } });
const shadow = serviceAndPod('shadow-a1');

describe('planChange', () => {
  it('plans a takeover beside the rules of users', async () => {
    const { context } = createRig([users, ...serviceAndPod('other')]);
    const plan = await planOf(context(), sessionChange('a1'), { assume: shadow });
    expect(plan.edits).toMatchObject([{ op: 'replace', stage: 'rules', ref: { kind: 'ListRoute', name: 'users' } }]);
    expect(plan.diffs[0]?.after).toMatchObject({
      spec: {
        unknown: { stays: true },
        rules: [
          { rewrite: '/v1', corsPolicy: { any: ['thing'] }, headers: [{ name: 'x-dev' }] },
          userRules[0],
          userRules[1],
          { headers: [{ name: 'x-dev' }], to: [{ service: 'shadow-a1' }] },
          userRules[2],
        ],
      },
    });
    const lines = plan.effects.map(({ view, port, requests, before, after }) => `${view.plane} ${port}: ${requests}: ${before} → ${after}`);
    expect(lines).toEqual([
      'mesh 8080: requests with path ^= /api (by segments) and x-dev = alice: tomcat 100 % → shadow 100 %',
      'mesh 8080: requests with x-dev = alice: tomcat 100 %, also copied to other (100 %) → shadow 100 %',
      'gateway 80: requests with path ^= /api (by segments) and x-dev = alice: tomcat 100 % → shadow 100 %',
      'gateway 80: requests with x-dev = alice: tomcat 100 %, also copied to other (100 %) → shadow 100 %',
    ]);
    expect(plan.checks).toMatchObject({ foreignRules: 3, unwitnessed: [] });
    expect(plan.checks.witnesses).toBeGreaterThan(50);
    expect(plan.notes).toEqual([]);
  });

  it('encodes once where what the edits touch besides brings nothing new to look at, and reads the gaps only if there are any', async () => {
    const counts = { affects: 0, encode: 0, decode: 0 };
    const counting: MeshAdapter = {
      ...listMesh,
      affects(change) {
        counts.affects += 1;
        return { services: [...change.services, { namespace: 'shop', name: 'other', port: 8080 }] };
      },
      encode(change, seen, env) {
        counts.encode += 1;
        return listMesh.encode(change, seen, env);
      },
      decode(target, seen, env) {
        counts.decode += 1;
        return listMesh.decode(target, seen, env);
      },
    };
    const { context } = createRig([users, ...serviceAndPod('other')]);
    const planning = await planChange({ ...context(), adapter: counting }, sessionChange('a1'), { assume: shadow });
    expect(planning).toMatchObject({ plan: { edits: [{ op: 'replace' }] } });
    expect(counts).toEqual({ affects: 1, encode: 1, decode: 2 });
  });

  it('says what becomes of which requests', async () => {
    const { context } = createRig([listRoute('users', 'tomcat', [toTomcat])]);
    const { effects } = await planOf(context(), sessionChange('a1'), { assume: shadow });
    expect(effects).toEqual([
      { view: MESH_VIEW, port: 8080, requests: 'requests with x-dev = alice', before: 'tomcat 100 %', after: 'shadow 100 %' },
    ]);
  });

  it('replaces an implicit route by an object of its own, and takes it away again', async () => {
    const mesh = createRig(shadow).context();
    const plan = await planOf(mesh, sessionChange('a1'));
    expect(plan.edits).toMatchObject([{ op: 'create', ref: { name: 'heddle-tomcat' } }]);
    await write(mesh, sessionChange('a1'));
    const undo = await planOf(mesh, removal(sessionChange('a1')));
    expect(undo.edits).toMatchObject([{ op: 'delete', uid: expect.stringMatching(/./) }]);
    expect(undo.effects).toMatchObject([{ before: 'shadow 100 %', after: 'tomcat 100 %' }]);
  });

  it('goes away though a user made an object for the service meanwhile, and says that it counts from then on', async () => {
    const mesh = createRig([...shadow, ...serviceAndPod('other')]).context();
    await write(mesh, sessionChange('a1'));
    await mesh.cluster.create(listRoute('later', 'tomcat', [{ to: [{ service: 'other', weight: 1 }] }]));
    const plan = await planOf(mesh, removal(sessionChange('a1')));
    expect(plan.edits).toMatchObject([{ op: 'delete', ref: { name: 'heddle-tomcat' } }]);
    expect(plan.notes).toMatchObject([
      {
        code: 'uncovered',
        message: expect.stringMatching(/^Rules of others count again once ours are gone: .*before tomcat 100 %, after other 100 %/),
      },
    ]);
    expect(plan.effects).toMatchObject([
      { requests: 'requests with x-dev = alice', before: 'shadow 100 %', after: 'other 100 %' },
      { requests: 'everyone else who calls shop/tomcat:8080', before: 'tomcat 100 %', after: 'other 100 %' },
    ]);
  });

  it('takes what no rule of the mesh matches, and leaves that of the gateway', async () => {
    const [api] = userRules;
    const mesh = createRig([listRoute('users', 'tomcat', api === undefined ? [] : [api], { edge: true }), ...shadow]).context();
    const { effects } = await planOf(mesh, sessionChange('a1'));
    expect(effects.map(({ view, requests, before, after }) => `${view.plane}: ${requests}: ${before} → ${after}`)).toEqual([
      'mesh: requests with path ^= /api (by segments) and x-dev = alice: tomcat 100 % → shadow 100 %',
      'mesh: requests with x-dev = alice: 404 → shadow 100 %',
      'gateway: requests with x-dev = alice: tomcat 100 % → shadow 100 %',
    ]);
  });

  it('has nothing to do where everything is as it should be, and still checks it', async () => {
    const rig = createRig([users, ...shadow, ...serviceAndPod('other')]);
    const mesh = rig.context();
    await write(mesh, sessionChange('a1'));
    const again = await planOf(mesh, sessionChange('a1'));
    expect([again.edits, again.effects]).toEqual([[], []]);
    expect(again.checks.witnesses).toBeGreaterThan(50);
    const idle: MeshAdapter = { ...listMesh, encode: () => ({ ok: [], notes: [] }) };
    expect(messages(await planChange(rig.context(idle), sessionChange('b1', header('x-dev', 'bob'))))).toMatch(
      /GET http:\/\/tomcat\S+ with x-dev: bob, from pods in the mesh, is one of the requests that are declared, but .* shadow gets 0 % instead of 100 %/,
    );
  });

  it('refuses what the mesh did not declare, naming it and what would work', async () => {
    const { context } = createRig([]);
    const match = { query: [{ name: 'v', is: { exact: '2' } }], method: { exact: 'GET' } };
    expect(await planChange(context(), sessionChange('a1', match))).toEqual({
      refused: [
        { code: 'match.method', message: 'List mesh 1.0 cannot do matches on the method (match.method is not declared)' },
        {
          code: 'match.query',
          message: 'List mesh 1.0 cannot do matches on query parameters (match.query): its rules do not look at the query',
          instead: 'match on a header',
        },
      ],
    });
  });

  it('refuses where it may not read, but removes rules all the same', async () => {
    const rig = createRig([users, ...shadow, ...serviceAndPod('other')]);
    rig.faults.deny(({ resource }) => resource === 'pods');
    expect(await planChange(rig.context(), sessionChange('a1'))).toEqual({
      refused: [{ code: 'unread', message: 'Pod: forbidden', instead: expect.any(String) }],
    });
    const undo = await planOf(rig.context(), removal(sessionChange('a1')));
    expect(undo.notes).toEqual([{ code: 'unread', message: 'Not checked: Pod: forbidden' }]);
  });

  it('passes on what the adapter refuses', async () => {
    const refusing: MeshAdapter = { ...listMesh, encode: () => ({ refused: [{ code: 'too-many-rules', message: 'no room' }] }) };
    const planning = await planChange(createRig([]).context(refusing), sessionChange('a1'));
    expect(planning).toEqual({ refused: [{ code: 'too-many-rules', message: 'no room' }] });
  });

  it('stops an adapter that never has seen enough', async () => {
    let asked = 0;
    const curious: MeshAdapter = { ...listMesh, reads: () => [{ group: '', kind: 'Service', name: `service-${asked++}` }] };
    await expect(planChange(createRig([]).context(curious), sessionChange('a1'))).rejects.toThrow(
      /^adapter list asks for more to read after 5 rounds for shop\/tomcat:8080/,
    );
  });

  it('warns of user rules that rest while ours stand', async () => {
    const { context } = createRig([listRoute('users', 'tomcat', [{ headers: alice.headers ?? [], ...toTomcat }, toTomcat])]);
    const { notes } = await planOf(context(), sessionChange('a1'), { assume: shadow });
    expect(notes).toMatchObject([{ code: 'unreached', ref: { name: 'users' }, message: expect.stringContaining('x-dev = alice') }]);
  });

  it('names a few of many such rules of an object, in one note', async () => {
    const deep = ['a', 'b', 'c', 'd', 'e'].map((x) => ({
      headers: [...(alice.headers ?? []), ...(header('x-to', x).headers ?? [])],
      ...toTomcat,
    }));
    const { context } = createRig([listRoute('users', 'tomcat', [...deep, toTomcat])]);
    const { notes } = await planOf(context(), sessionChange('a1'), { assume: shadow });
    expect(notes).toMatchObject([
      {
        code: 'unreached',
        ref: { name: 'users' },
        message: expect.stringMatching(/^While ours stand, 5 rules are not reached by .*”, and 2 more$/),
      },
    ]);
  });

  it('says which conditions no request could be found for', async () => {
    const odd = { headers: [{ name: 'x-odd', is: { regex: '\\p{Greek}{300}' } }], ...toTomcat };
    const { context } = createRig([listRoute('users', 'tomcat', [odd, toTomcat])]);
    const { checks, notes } = await planOf(context(), sessionChange('a1'), { assume: shadow });
    expect(checks.unwitnessed).toEqual(['No request found that satisfies x-odd =~ \\p{Greek}{300}']);
    expect(notes).toEqual([{ code: 'unwitnessed', message: checks.unwitnessed[0] }]);
  });
});

describe('order of owners', () => {
  const teams = sessionChange('b2', header('x-team', 'pay'));
  const rules = [listRoute('users', 'tomcat', [toTomcat]), ...shadow, ...serviceAndPod('shadow-b2')];

  it('is the same whoever comes first', async () => {
    const lists = [];
    for (const order of [
      [sessionChange('a1'), teams],
      [teams, sessionChange('a1')],
    ]) {
      const mesh = createRig(rules).context();
      for (const change of order) await write(mesh, change);
      const [list] = await mesh.cluster.list({ group: 'mesh.example.test', kind: 'ListRoute' });
      expect((await planOf(mesh, teams)).edits).toEqual([]);
      lists.push(list?.spec);
    }
    expect(lists[0]).toEqual(lists[1]);
  });

  it('a younger session may not take requests of an older one', async () => {
    const rig = createRig(rules);
    await write(rig.context(), sessionChange('a1'));
    const pushy: MeshAdapter = { ...listMesh, encode: (change, seen, env) => inFront(listMesh.encode(change, seen, env), 'b2') };
    expect(messages(await planChange(rig.context(pushy), teams))).toMatch(
      /with (x-dev: alice, x-team: pay|x-team: pay, x-dev: alice), .* is none of the requests that may change, .*before shadow-a1 100 %, after shadow 100 %/,
    );
  });

  it('a session takes the requests of a standing route, not the other way round', async () => {
    const mesh = createRig([...rules, ...serviceAndPod('tomcat-v2')]).context();
    const split: Change = {
      ...sessionChange('split', {}),
      owner: { kind: 'route', namespace: 'shop', id: 'split' },
      versions: ['tomcat', 'tomcat-v2'].map((name) => ({ id: name, realise: 'service', service: { namespace: 'shop', name } })),
      intents: [
        {
          match: [],
          to: [
            { version: 'tomcat', weight: 9 },
            { version: 'tomcat-v2', weight: 1 },
          ],
        },
      ],
    };
    await write(mesh, sessionChange('a1'));
    const plan = await planOf(mesh, split);
    expect(plan.effects).toMatchObject([
      { requests: 'everyone who calls shop/tomcat:8080', before: 'tomcat 100 %', after: 'tomcat 90 %, tomcat-v2 10 %' },
    ]);
    const pushy: MeshAdapter = { ...listMesh, encode: (change, seen, env) => inFront(listMesh.encode(change, seen, env), 'split') };
    expect(messages(await planChange({ ...mesh, adapter: pushy }, split))).toMatch(/with x-dev: alice, .* its distribution would change/);
    await write(mesh, split);
    const { effects } = await planOf(mesh, removal(sessionChange('a1')));
    expect(effects).toMatchObject([
      { requests: 'requests with x-dev = alice', before: 'shadow 100 %', after: 'tomcat 90 %, tomcat-v2 10 %' },
    ]);
  });

  it('refuses to split onto what has no ready pod', async () => {
    const nothing = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'tomcat-v3', namespace: 'shop' },
      spec: { selector: { app: 'none' } },
    };
    const split: Change = {
      ...sessionChange('split', {}),
      owner: { kind: 'route', namespace: 'shop', id: 'split' },
      versions: [{ id: 'v3', realise: 'service', service: { namespace: 'shop', name: 'tomcat-v3' } }],
      intents: [{ match: [], to: [{ version: 'v3', weight: 1 }] }],
    };
    expect(messages(await planChange(createRig([...rules, nothing]).context(), split))).toMatch(/v3 has no ready pod/);
  });
});

/** What an adapter does that does not care who was there first. */
function inFront(encoded: ReturnType<MeshAdapter['encode']>, id: string): ReturnType<MeshAdapter['encode']> {
  if ('refused' in encoded) return encoded;
  const ok = encoded.ok.map((edit) => {
    if (edit.op !== 'replace') return edit;
    const rules = rulesOf(edit.body);
    const mine = (rule: ListRule) => rule.name?.includes(`/${id}/`) === true;
    return {
      ...edit,
      body: {
        ...edit.body,
        spec: { ...(edit.body.spec as object), rules: [...rules.filter(mine), ...rules.filter((rule) => !mine(rule))] },
      },
    };
  });
  return { ...encoded, ok };
}

const messages = (planning: Planning) => ('refused' in planning ? planning.refused.map(({ message }) => message).join('\n') : '');
