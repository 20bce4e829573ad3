import { type Cluster, ClusterError, isRecord, type KubeObject, metaOf, type ObjectRef } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { runCommand } from './support/run-command.js';
import { NAMESPACE, sandboxBindings, state, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';
import { twoVersions } from './support/two-versions.js';

const RULES: ObjectRef = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: NAMESPACE, name: 'tomcat' };
const LEASE: ObjectRef = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: NAMESPACE, name: 'heddle-tomcat.8080' };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await tomcatSandbox(twoVersions);
  expect((await run('split', 'tomcat', 'v1=90', 'v2=10', '--yes')).code).toBe(0);
});
afterEach(() => sandbox.stop());

const run = (...line: string[]) => runCommand(['route', ...line], sandboxBindings(sandbox));
const json = async (...line: string[]) => JSON.parse((await run(...line, '-o', 'json')).stdout);
const listed = async () => {
  const list = await json('list');
  expectShape('route-list', list);
  return list;
};

/** What lint says of standing routes, and how it exits. */
async function linted(): Promise<readonly [number, readonly Readonly<Record<string, unknown>>[]]> {
  const { code, stdout } = await runCommand(['lint', '-o', 'json'], sandboxBindings(sandbox));
  const findings: Readonly<Record<string, unknown>>[] = JSON.parse(stdout).findings;
  return [code, findings.filter((one) => ['rule-edited', 'rule-missing', 'port-uncovered'].includes(String(one.code)))];
}

type HttpRule = Readonly<Record<string, unknown>>;
const isOurs = ({ name }: HttpRule) => String(name).startsWith('heddle/');

/** What somebody with an editor does to the rules, in order. */
async function edit(change: (rules: readonly HttpRule[]) => readonly HttpRule[]): Promise<void> {
  const cluster = sandbox.cluster('colleague');
  const object: KubeObject = (await cluster.get(RULES)) ?? {};
  const spec = isRecord(object.spec) ? object.spec : {};
  await cluster.replace({ ...object, spec: { ...spec, http: change((Array.isArray(spec.http) ? spec.http : []) as readonly HttpRule[]) } });
}

async function remove(ref: ObjectRef): Promise<void> {
  const cluster = sandbox.cluster('colleague');
  const { uid, resourceVersion } = metaOf(await cluster.get(ref));
  await cluster.delete(ref, { uid: uid ?? '', resourceVersion: resourceVersion ?? '' });
}

describe('route list tells what others did to the rules', () => {
  it('nothing: they stand', async () => {
    expect((await listed()).routes).toMatchObject([{ state: 'stands' }]);
    const { stdout } = await run('list');
    expect(stdout).toMatch(/ stands\n$/);
    expect((await linted())[1]).toEqual([]);
  });

  it('edited by hand: where, and that they have to be taken out first', async () => {
    await edit((rules) => rules.map((rule) => (isOurs(rule) ? { ...rule, timeout: '1s' } : rule)));
    expect((await listed()).routes).toMatchObject([{ state: 'edited', edited: [{ ref: RULES, pointer: '/spec/http/0' }] }]);
    const { stdout } = await run('list');
    expect(stdout).toMatch(/ edited by hand$/m);
    expect(stdout).toContain('\n  /spec/http/0 of VirtualService mesh-demo/tomcat\n  heddle route refresh tomcat -n mesh-demo\n');
    expect((await run('refresh', 'tomcat', '--yes')).stderr).toContain(
      'Put the rule back as it was, or take it out of VirtualService mesh-demo/tomcat by hand',
    );
    expect((await run('show', 'tomcat')).stdout).toContain('Somebody edited a rule of standing route split of mesh-demo/tomcat by hand');
    expect((await runCommand(['doctor'], sandboxBindings(sandbox))).stdout).toMatch(
      /^warning +Standing routes +rules were edited by hand: split of tomcat\n.*heddle route list -n mesh-demo$/m,
    );
    expect(await linted()).toEqual([
      6,
      [
        {
          code: 'rule-edited',
          severity: 'warning',
          message: expect.stringContaining('Somebody edited a rule of standing route split of mesh-demo/tomcat by hand'),
          ref: RULES,
          pointer: '/spec/http/0',
          fix: expect.stringMatching(/heddle route refresh tomcat -n mesh-demo$/),
        },
      ],
    ]);
    await edit((rules) => rules.filter((rule) => !isOurs(rule)));
    expect((await run('refresh', 'tomcat', '--yes')).code).toBe(0);
    expect((await listed()).routes).toMatchObject([{ state: 'stands' }]);
  });

  it('gone with the object that was written anew: refresh brings them back as they were', async () => {
    const before = await state(sandbox);
    await edit((rules) => rules.filter((rule) => !isOurs(rule)));
    const { routes } = await listed();
    expect(routes).toMatchObject([{ state: 'missing', missing: [{ ref: RULES }] }]);
    const count: number = routes[0].missing[0].rules;
    const { stdout } = await run('list');
    expect(stdout).toMatch(/ rules are gone$/m);
    expect(stdout).toContain(
      `\n  ${count === 1 ? '1 rule is' : `${count} rules are`} gone from VirtualService mesh-demo/tomcat\n  heddle route refresh tomcat -n mesh-demo\n  heddle route clear tomcat -n mesh-demo\n`,
    );
    expect((await run('show', 'tomcat')).stdout).toMatch(/of standing route split of mesh-demo\/tomcat (is|are) gone from VirtualService/);
    expect((await runCommand(['doctor'], sandboxBindings(sandbox))).stdout).toMatch(
      /^warning +Standing routes +rules are gone: split of tomcat\n.*Write them anew: heddle route refresh tomcat -n mesh-demo$/m,
    );
    expect(await linted()).toMatchObject([
      6,
      [{ code: 'rule-missing', severity: 'warning', ref: RULES, fix: 'heddle route refresh tomcat -n mesh-demo' }],
    ]);
    expect((await run('refresh', 'tomcat', '--yes')).code).toBe(0);
    expect((await listed()).routes).toMatchObject([{ state: 'stands' }]);
    expect(without(await state(sandbox))).toEqual(without(before));
  });

  it('gone with the object itself: they are taken back all the same', async () => {
    await remove(RULES);
    expect((await listed()).routes).toMatchObject([{ state: 'missing' }]);
    expect((await run('clear', 'tomcat', '--yes')).code).toBe(0);
    expect((await listed()).routes).toEqual([]);
  });

  it('left without their record: in the result too, and of one service', async () => {
    await remove(LEASE);
    expect(await listed()).toMatchObject({ routes: [], withoutRecord: [{ namespace: NAMESPACE, id: 'tomcat.8080', service: 'tomcat' }] });
    expect((await json('list', 'sleep')).withoutRecord).toEqual([]);
    expect((await run('list')).stderr).toContain('Rules of standing routes stand whose record is gone (route/mesh-demo/tomcat.8080)');
  });

  it('not at all where they may not be read: no right is needed but to read records', async () => {
    const forbidden = new ClusterError({ reason: 'Forbidden', status: 403, message: 'no' });
    const blind = async () => {
      const real = sandbox.cluster('alice');
      const list: Cluster['list'] = (query, options) =>
        query.kind === 'VirtualService' ? Promise.reject(forbidden) : real.list(query, options);
      return Object.assign(Object.create(real) as Cluster, { list });
    };
    const bindings = [...sandboxBindings(sandbox), bind(TOKENS.connectCluster, blind)];
    const { code, stdout } = await runCommand(['route', 'list'], bindings);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ not looked at$/m);
    expect(stdout).toContain('\n  heddle doctor -n mesh-demo\n');
    const result = await runCommand(['route', 'list', '-o', 'json'], bindings);
    expect(JSON.parse(result.stdout).routes).toMatchObject([{ state: 'unknown' }]);
  });
});

/** A Lease that has been held once more says so. */
function without({ ours, users }: Awaited<ReturnType<typeof state>>) {
  return { ours, users: users.filter(({ kind }) => kind !== 'Lease') };
}
