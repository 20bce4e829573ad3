import { isRecord, type KubeObject } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './support/run-command.js';
import { NAMESPACE, sandboxBindings, state, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';
import { twoVersions } from './support/two-versions.js';

let sandbox: Sandbox;
let before: Awaited<ReturnType<typeof state>>;

beforeEach(async () => {
  sandbox = await tomcatSandbox(twoVersions);
  before = await state(sandbox);
});
afterEach(() => sandbox.stop());

const run = (...line: string[]) => runCommand(['route', ...line], sandboxBindings(sandbox));
const as = (user: string, ...line: string[]) => runCommand(['route', ...line], sandboxBindings(sandbox, user));
const json = async (...line: string[]) => JSON.parse((await run(...line, '-o', 'json')).stdout);
const listed = async () => ((await json('list')).routes as { name: string }[]).map(({ name }) => name);

describe('route match', () => {
  it('plans a route for some requests, and says whose change', async () => {
    const { code, stdout } = await run('match', 'tomcat', '--header', 'end-user=jason', '--to', 'v2', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'Plan for mesh-demo/tomcat:8080: v2 100 % (standing route end-user-jason, for requests with end-user = jason)',
    );
    expect(stdout).toMatch(/^ {2}\+ +end-user-jason +end-user = jason +v2 100 %$/m);
    expect(stdout).toMatch(/pods in the mesh, port 8080 +end-user = jason +tomcat 100 % +v2 100 %/);
    expect(stdout).toMatch(/^\+ .*exact: jason$/m);
    expect(await state(sandbox)).toEqual(before);
  });

  it('writes it, changes it by the same command, and makes another beside it for another match', async () => {
    const jason = ['match', 'tomcat', '--header', 'end-user=jason', '--yes'];
    const { stdout } = await run(...jason, '--to', 'v2');
    expect(stdout).toContain('mesh-demo/tomcat:8080: v2 100 % (standing route end-user-jason, for requests with end-user = jason)\n');
    expect(stdout).toMatch(/Take it back: heddle route clear tomcat -n mesh-demo$/m);
    expect((await run(...jason, '--to', 'v2')).stdout).toContain('end-user = jason), as it was already');
    const changed = await json(...jason, '--to', 'v1=50,v2=50');
    expectShape('route-change', changed);
    expect(changed).toMatchObject({
      plans: [{ routes: [{ name: 'end-user-jason', change: 'changed', was: {}, is: { does: 'v1 50 %, v2 50 %' } }] }],
    });
    const other = await run('match', 'tomcat', '--path', '^=/api', '--method', '=GET', '--to', 'v2', '--name', 'api', '--yes');
    expect(other.stdout).toMatch(/Take it back: heddle route clear tomcat --name api -n mesh-demo$/m);
    expect(await listed()).toEqual(['api', 'end-user-jason']);
  });

  it('takes a query parameter', async () => {
    const planned = await json('match', 'tomcat', '--query', 'beta=1', '--to', 'v2', '--dry-run');
    expect(planned).toMatchObject({ plans: [{ routes: [{ is: { match: [{ query: [{ name: 'beta', is: { exact: '1' } }] }] } }] }] });
    expect(planned.plans[0].effects[0].requests).toBe('requests with query beta = 1');
  });

  it.each([
    [[], /at least one of them, received none/, 'heddle route split tomcat VERSION=100'],
    [['--header', '=x'], /--header: expected a header name/, ''],
    [['--header', 'a=b', '--to', 'v1=20'], /expected VERSION=PERCENT, a whole number of percent, received v2/, ''],
    [['--header', 'a=b', '--name', 'a'.repeat(41)], /--name: expected at most 40/, ''],
  ])('%j is bad input', async (words, message, next) => {
    const { code, stderr } = await run('match', 'tomcat', '--to', 'v2', ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(next);
  });
});

describe('route mirror', () => {
  it('says in plain words what is copied where', async () => {
    await run('split', 'tomcat', 'v1=100', '--yes');
    const { stdout } = await run('mirror', 'tomcat', '--to', 'v2', '--percent', '12.5', '--dry-run');
    expect(stdout).toMatch(/pods in the mesh, port 8080 +everyone who calls \S+ +v1 100 % +v1 100 %, also copied to\n +v2 \(12\.5 %\)/);
    expect(stdout).toMatch(/^ {2}\+ +mirror +every request +also copied to v2 \(12\.5 %\)$/m);
    expect(stdout).toMatch(/^ +split +every request +v1 100 %$/m);
    const asked = await run('mirror', 'tomcat', '--to', 'v2');
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('v1 100 % → v1 100 %, also copied to v2 (100 %)') });
    expect((await run('mirror', 'tomcat', '--to', 'v2', '--yes')).code).toBe(0);
    const shown = await json('show', 'tomcat');
    expectShape('route-show', shown);
    expect(shown.tables[0].rules[0]).toMatchObject({ mirrors: [{ percent: 100 }], owner: 'route/mesh-demo/tomcat.8080' });
  });

  it.each(['0', '101', 'all', '0.00001', '-5'])('--percent %s is bad input', async (percent) => {
    const { code, stderr } = await run('mirror', 'tomcat', '--to', 'v2', `--percent=${percent}`);
    expect(code).toBe(2);
    expect(stderr).toContain('--percent: expected a percentage above 0, up to 100');
  });
});

describe('route fault', () => {
  it('delays and aborts, and says so', async () => {
    const planned = await json(
      'fault',
      'tomcat',
      '--delay',
      '7s',
      '--abort',
      '503',
      '--percent',
      '5',
      '--header',
      'end-user=jason',
      '--dry-run',
    );
    expectShape('route-change', planned);
    expect(planned.plans[0].routes).toMatchObject([
      {
        name: 'fault-end-user-jason',
        is: {
          fault: { delay: { percent: 5, ms: 7_000 }, abort: { percent: 5, status: 503 } },
          does: 'delayed 7 s (5 %), aborted with 503 (5 %)',
        },
      },
    ]);
    expect(planned.plans[0].effects[0].after).toBe('tomcat 100 %, delayed 7 s (5 %), aborted with 503 (5 %)');
    expect((await run('fault', 'tomcat', '--abort', '418', '--yes')).code).toBe(0);
    expect(await listed()).toEqual(['fault']);
  });

  it.each([
    [[], '--delay, --abort: expected one of them, or both'],
    [['--delay', '7'], '--delay: expected a duration such as 7s'],
    [['--abort', '99'], '--abort: expected an HTTP status from 200 to 599'],
  ])('%j is bad input', async (words, message) => {
    const { code, stderr } = await run('fault', 'tomcat', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('route list', () => {
  it('shows what they do, whose they are and how they stand', async () => {
    expect((await run('list')).stdout).toBe('No standing routes in namespace mesh-demo.\n');
    await as('alice', 'split', 'tomcat', 'v1=90', 'v2=10', '--yes');
    await as('bob', 'match', 'tomcat', '--header', 'end-user=jason', '--to', 'v2', '--yes');
    const { stdout } = await run('list');
    expect(stdout).toMatch(/^mesh-demo\/tomcat:8080 +end-user-jason +end-user = jason +v2 100 % +\S+@\S+ +\d+s +stands$/m);
    expect(stdout).toMatch(/^mesh-demo\/tomcat:8080 +split +every request +v1 90 %, v2 10 % +\S+@\S+ +\d+s +stands$/m);
    for (const more of [[], ['-A'], ['tomcat']]) {
      const list = await json('list', ...more);
      expectShape('route-list', list);
      expect(list.routes).toHaveLength(2);
    }
    expect((await json('list', 'other')).routes).toEqual([]);
    expect(await run('list', 'tomcat:8080')).toMatchObject({ code: 2, stderr: expect.stringContaining("a Service's name alone") });
  });

  it('show, lint and doctor tell a route that is copied from a table that changed, and refresh takes the change over', async () => {
    const other = (...line: string[]) => runCommand(line, sandboxBindings(sandbox));
    const stale = async () =>
      (JSON.parse((await other('lint', '-o', 'json')).stdout).findings as { code: string }[]).filter(
        ({ code }) => code === 'copied-from-changed',
      );
    await run('split', 'tomcat', 'v1=90', 'v2=10', '--yes');
    expect(await stale()).toEqual([]);
    expect((await other('doctor')).stdout).toMatch(/^ok +Standing routes +1 in mesh-demo$/m);
    expect((await run('refresh', 'tomcat')).stdout).toContain('as it was already');
    await editTimeout('7s');
    const list = await run('list');
    expect(list.stdout).toMatch(/copied from a table that changed$/m);
    expect(list.stdout).toContain('heddle route refresh tomcat -n mesh-demo\n');
    expect((await json('list')).routes).toMatchObject([{ state: 'stale' }]);
    expect((await run('show', 'tomcat')).stdout).toContain('copied from a table that changed: heddle route refresh tomcat -n mesh-demo');
    expect(await stale()).toMatchObject([
      {
        severity: 'warning',
        message: expect.stringContaining('Standing route split of mesh-demo/tomcat is copied from a table that changed'),
        fix: 'heddle route refresh tomcat -n mesh-demo',
      },
    ]);
    expect((await other('doctor')).stdout).toMatch(
      /^warning +Standing routes +copied from a table that changed: split of tomcat\n.*: heddle route refresh tomcat -n mesh-demo$/m,
    );
    expectShape('route-show', await json('show', 'tomcat'));
    expect((await run('refresh', 'tomcat', '--dry-run')).stdout).toMatch(/^\+ +timeout: 7s$/m);
    expect((await run('refresh', 'tomcat')).code).toBe(2);
    expect((await run('refresh', 'tomcat', '--yes')).code).toBe(0);
    expect((await run('list')).stdout).toMatch(/stands$/m);
    expect(await run('refresh', 'sleep')).toMatchObject({ code: 2, stderr: expect.stringContaining('have some: tomcat') });
  });
});

describe('route clear', () => {
  beforeEach(async () => {
    await run('split', 'tomcat', 'v1=90', 'v2=10', '--yes');
    await run('mirror', 'tomcat', '--to', 'v2', '--yes');
    await run('match', 'tomcat', '--header', 'end-user=jason', '--to', 'v2', '--yes');
  });

  it('takes all back, and the plan says which', async () => {
    const planned = await run('clear', 'tomcat', '--dry-run');
    expect(planned.stdout).toContain('Plan for mesh-demo/tomcat:8080: standing routes end-user-jason, mirror, split are taken back');
    expect(planned.stdout).toMatch(/^ {2}- +mirror +every request +also copied to v2 \(100 %\)$/m);
    const { code, stdout } = await run('clear', 'tomcat', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('mesh-demo/tomcat:8080: standing routes end-user-jason, mirror, split are taken back\n');
    expect(await state(sandbox)).toEqual(before);
  });

  it('takes one back by its name, and the others stay', async () => {
    expect(await run('clear', 'tomcat', '--name', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is: end-user-jason, mirror, split'),
    });
    const { code, stdout } = await run('clear', 'tomcat', '--name', 'end-user-jason', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('mesh-demo/tomcat:8080: standing route end-user-jason is taken back\n');
    expect(await listed()).toEqual(['mirror', 'split']);
    expect(await json('clear', 'tomcat', '--yes')).toMatchObject({ outcome: 'done', plans: [{ outcome: 'cleared' }] });
    expect(await state(sandbox)).toEqual(before);
  });
});

async function editTimeout(timeout: string): Promise<void> {
  const cluster = sandbox.cluster('colleague');
  const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: NAMESPACE, name: 'tomcat' };
  const object: KubeObject = (await cluster.get(ref)) ?? {};
  const spec = isRecord(object.spec) ? object.spec : {};
  const rules = (Array.isArray(spec.http) ? spec.http : []) as readonly Readonly<Record<string, unknown>>[];
  const http = rules.map((rule) => (String(rule.name).startsWith('heddle/') ? rule : { ...rule, timeout }));
  await cluster.replace({ ...object, spec: { ...spec, http } });
}
