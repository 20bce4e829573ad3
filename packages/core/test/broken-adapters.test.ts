import { describe, expect, it } from 'vitest';
import { type Change, type KubeObject, type MeshAdapter, type ObjectEdit, type Planning, planChange } from '../src/index.js';
import { listMesh } from './list-mesh.js';
import { type ListRule, listRoute, rulesOf, serviceAndPod } from './list-mesh-object.js';
import { createRig, header, removal, sessionChange, write } from './list-mesh-rig.js';

const toTomcat = { to: [{ service: 'tomcat', weight: 1 }] };
const userRules: readonly ListRule[] = [
  { name: 'api', path: { kind: 'segmentPrefix', value: '/api' }, rewrite: '/v1', timeoutMs: 500, cors: 'any', ...toTomcat },
  { name: 'img', path: { kind: 'rawPrefix', value: '/img' }, to: [{ service: 'other', weight: 1 }] },
  { name: 'rest', ...toTomcat, mirror: 'other' },
];
const users = listRoute('users', 'tomcat', userRules, { edge: true, unknown: 1 });
const objects = [users, ...serviceAndPod('other'), ...serviceAndPod('shadow-a1'), ...serviceAndPod('shadow-b2')];
const change = sessionChange('a1');

const mine = (rule: ListRule) => rule.name?.startsWith('heddle/session/shop/a1/') === true;

/** The list mesh with one fault in what it writes. */
function broken(fault: (rules: readonly ListRule[], body: KubeObject) => readonly ListRule[] | KubeObject): MeshAdapter {
  const breakEdit = (edit: ObjectEdit): ObjectEdit => {
    if (edit.op === 'delete') return edit;
    const result = fault(rulesOf(edit.body), edit.body);
    return { ...edit, body: Array.isArray(result) ? withRules(edit.body, result) : (result as KubeObject) };
  };
  return {
    ...listMesh,
    encode(wanted, seen, env) {
      const encoded = listMesh.encode(wanted, seen, env);
      return 'ok' in encoded ? { ...encoded, ok: encoded.ok.map(breakEdit) } : encoded;
    },
  };
}

const withRules = (body: KubeObject, rules: readonly ListRule[]): KubeObject => ({ ...body, spec: { ...(body.spec as object), rules } });
const eachOfMine = (alter: (rule: ListRule) => ListRule) => broken((rules) => rules.map((rule) => (mine(rule) ? alter(rule) : rule)));
const eachForeign = (alter: (rule: ListRule) => ListRule) => broken((rules) => rules.map((rule) => (mine(rule) ? rule : alter(rule))));

const faults: readonly (readonly [string, MeshAdapter, RegExp])[] = [
  [
    'a rule without its condition',
    eachOfMine(({ headers: _headers, ...rule }) => rule),
    /Our rule for "path \^= \/api \(by segments\)" would match more than is declared/,
  ],
  [
    'a rule for any value',
    eachOfMine((rule) => ({ ...rule, headers: [{ name: 'x-dev', is: { present: true } }] })),
    /Our rule for ".*x-dev present" would match more/,
  ],
  [
    'a rule without the path that it copies',
    eachOfMine(({ path: _path, ...rule }) => rule),
    /GET \S+\/img with x-dev: alice, .* is none of the requests that may change, but its distribution would change/,
  ],
  [
    'a dropped foreign rule',
    broken((rules) => rules.filter(({ name }) => name !== 'img')),
    /users would change in parts that are not session\/shop\/a1's: \/spec\/rules \(3 items before, 2 after\)/,
  ],
  [
    'foreign rules in another order',
    broken((rules) => [...rules.filter(mine), ...rules.filter((rule) => !mine(rule)).reverse()]),
    /users would change in parts .*: \/spec\/rules\/0/,
  ],
  ['a changed rewrite', eachForeign((rule) => (rule.name === 'api' ? { ...rule, rewrite: '/v2' } : rule)), /\/spec\/rules\/0\/rewrite/],
  [
    'a field dropped from a foreign rule that the adapter does not know',
    eachForeign(({ cors: _cors, ...rule }) => rule),
    /\/spec\/rules\/0\/cors/,
  ],
  [
    'a field dropped beside the rules',
    broken((_, body) => ({ ...body, spec: { service: 'tomcat', edge: true, rules: rulesOf(body) } })),
    /\/spec\/unknown/,
  ],
  [
    'a foreign annotation',
    broken((_, body) => ({ ...body, metadata: { ...(body.metadata as object), annotations: { 'example.test/x': '1' } } })),
    /\/metadata\/annotations/,
  ],
  [
    'a takeover without the rewrite',
    eachOfMine(({ rewrite: _rewrite, ...rule }) => rule),
    /its path or authority would change: \{"authority":"[^"]+","path":"\/v1"\} is expected, .*"path":"\/api"\} would arrive/,
  ],
  [
    'a takeover without the timeout',
    eachOfMine(({ timeoutMs: _timeout, ...rule }) => rule),
    /is one of the requests that are declared, but its timeout would change/,
  ],
  ['a takeover that goes on mirroring', eachOfMine((rule) => ({ ...rule, mirror: 'other' })), /but it would still be mirrored/],
  [
    'a takeover of half the requests',
    eachOfMine((rule) => ({ ...rule, to: [...rule.to, { service: 'tomcat', weight: 100 }] })),
    /tomcat\.shop\.svc\.cluster\.local is no declared destination, shadow gets 50 % instead of 100 %/,
  ],
  [
    'a takeover to nowhere',
    eachOfMine((rule) => ({ ...rule, to: [{ service: 'shadow-a2', weight: 1 }] })),
    /shadow-a2\S+ is no declared destination/,
  ],
  [
    'a takeover of one rule only',
    broken((rules) => rules.filter((rule) => !mine(rule) || rule.path !== undefined)),
    /GET http:\/\/tomcat\S+\/ with x-dev: alice, from pods in the mesh, is one of the requests that are declared, but .*shadow gets 0 %/,
  ],
  ['a takeover in one view only', broken((_, body) => ({ ...body, spec: { ...(body.spec as object), edge: false } })), /\/spec\/edge/],
];

describe('the checks of a plan catch', () => {
  it.each(faults)('%s', async (_, adapter, message) => {
    const planning = await planChange(createRig(objects).context(adapter), change);
    expect(messages(planning)).toMatch(message);
    expect('refused' in planning && new Set(planning.refused.map(({ code }) => code))).toEqual(new Set(['effect-check-failed']));
  });

  it('nothing where nothing is wrong', async () => {
    expect(messages(await planChange(createRig(objects).context(broken((rules) => rules)), change))).toBe('');
  });

  it('rules for clients that the change does not mean', async () => {
    const meshOnly: Change = { ...change, views: [{ plane: 'mesh', clients: {} }] };
    expect(messages(await planChange(createRig(objects).context(), meshOnly))).toMatch(
      /GET http:\/\/tomcat\.example\.test\/\S* with x-dev: alice, from gateway in edge \(app=edge\), is none of the requests that may change/,
    );
  });

  it('the deletion of an object that is not ours', async () => {
    const rig = createRig(objects);
    const adapter: MeshAdapter = {
      ...listMesh,
      encode: () => ({
        ok: [
          {
            ref: { apiVersion: 'mesh.example.test/v1', kind: 'ListRoute', namespace: 'shop', name: 'users' },
            stage: 'remove',
            why: 'x',
            op: 'delete',
            uid: 'u',
            resourceVersion: '1',
          },
        ],
        notes: [],
      }),
    };
    expect(messages(await planChange(rig.context(adapter), removal(change)))).toMatch(
      /ListRoute shop\/users would be deleted, but is not heddle's/,
    );
  });

  it("a change of a colleague's rules", async () => {
    const rig = createRig(objects);
    await write(rig.context(), sessionChange('b2', header('x-dev', 'bob')));
    const adapter = broken((rules) => rules.filter((rule) => rule.name?.includes('/b2/') !== true));
    expect(messages(await planChange(rig.context(adapter), change))).toMatch(/\/spec\/rules \(5 items before, 3 after\)/);
  });

  it('an undo that restores what was there at the start', async () => {
    const rig = createRig(objects);
    const mesh = rig.context();
    const [snapshot] = await mesh.cluster.list({ group: 'mesh.example.test', kind: 'ListRoute' });
    await write(mesh, change);
    const [current = {}] = await mesh.cluster.list({ group: 'mesh.example.test', kind: 'ListRoute' });
    await mesh.cluster.replace(
      withRules(
        current,
        rulesOf(current).map((rule) => (rule.name === 'api' ? { ...rule, rewrite: '/v3' } : rule)),
      ),
    );
    const restoring = broken((_, body) => withRules(body, rulesOf(snapshot)));
    expect(messages(await planChange(rig.context(restoring), removal(change)))).toMatch(
      /users would change in parts .*: \/spec\/rules\/0\/rewrite/,
    );
    expect(messages(await planChange(mesh, removal(change)))).toBe('');
  });

  it('an undo that leaves a rule behind', async () => {
    const rig = createRig(objects);
    await write(rig.context(), change);
    const lazy: MeshAdapter = { ...listMesh, encode: () => ({ ok: [], notes: [] }) };
    const refused = messages(await planChange(rig.context(lazy), removal(change)));
    expect(refused).toMatch(/Our rule for "x-dev = alice" would still be there/);
    expect(refused).toMatch(/with x-dev: alice, .* is none of the requests that may change, .*before tomcat 100 %.*, after shadow 100 %/);
  });
});

const messages = (planning: Planning) => ('refused' in planning ? planning.refused.map(({ message }) => message).join('\n') : '');
