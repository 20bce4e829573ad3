import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bufferTerminal } from './support/buffer-terminal.js';
import { runCommand, startCommand } from './support/run-command.js';
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

const run = (...line: string[]) => runCommand(line, sandboxBindings(sandbox));
const split = (...more: string[]) => run('route', 'split', 'tomcat', 'v1=90', 'v2=10', ...more);

describe('route split', () => {
  it('shows the whole plan with --dry-run, and does nothing', async () => {
    const { code, stdout } = await split('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('Plan for mesh-demo/tomcat:8080: v1 90 %, v2 10 % (standing route split)');
    expect(stdout).toMatch(/v2 +subset v2 \(pods with version=v2\)/);
    expect(stdout).toMatch(/gateway in istio-system .*port 80 +everyone who calls mesh-demo\/tomcat:8080 +v1 100 % +v1 90 %, v2 10 %/);
    expect(stdout).toContain('name: heddle/route/mesh-demo/tomcat.8080/0');
    expect(await state(sandbox)).toEqual(before);
  });

  it('has a plan and a result of a published shape', async () => {
    const planned = await split('--dry-run', '-o', 'json');
    expectShape('route-change', JSON.parse(planned.stdout));
    expect(JSON.parse(planned.stdout)).toMatchObject({
      outcome: 'planned',
      plans: [
        {
          outcome: 'planned',
          id: 'tomcat.8080',
          ports: [8080],
          routes: [{ name: 'split', change: 'added', is: { does: 'v1 90 %, v2 10 %' } }],
        },
      ],
    });
    const written = await split('--yes', '-o', 'json');
    expectShape('route-change', JSON.parse(written.stdout));
    expect(JSON.parse(written.stdout)).toMatchObject({ outcome: 'done', plans: [{ outcome: 'written' }] });
    const again = JSON.parse((await split('-o', 'json')).stdout);
    expectShape('route-change', again);
    expect(again).toMatchObject({
      outcome: 'unchanged',
      plans: [{ routes: [{ change: 'kept', was: { to: [{ weight: 90 }, { weight: 10 }] } }] }],
    });
  });

  it('says how to take it back on the very cluster that was named', async () => {
    const written = await split('--yes', '--context', 'sandbox');
    expect(written.stdout).toContain('Take it back: heddle route clear tomcat -n mesh-demo --context sandbox\n');
    expect((await split('--yes')).stdout).toMatch(/Take it back: heddle route clear tomcat -n mesh-demo$/m);
  });

  it('wants consent: without a terminal and --yes it says so, changes nothing and ends with 2', async () => {
    const { code, stderr } = await split();
    expect(code).toBe(2);
    expect(stderr).toMatch(/everyone who calls mesh-demo\/tomcat:8080: .* → v1 90 %, v2 10 %.*that wants consent/i);
    expect(stderr).toContain('--yes');
    expect(await state(sandbox)).toEqual(before);
  });

  it.each([
    ['y', 0],
    ['n', 2],
  ])('asks at a terminal: %s', async (answer, code) => {
    const terminal = bufferTerminal({ stdinTTY: true, stderrTTY: true, answers: [answer] });
    const { result } = startCommand(['route', 'split', 'tomcat', 'v1=90', 'v2=10'], sandboxBindings(sandbox), terminal);
    expect((await result).code).toBe(code);
    expect(terminal.stderr.text()).toMatch(
      /Everyone who calls mesh-demo\/tomcat:8080: tomcat 100 % → v1 90 %, v2 10 %; .*Go on\? \[y\/N\]/,
    );
    expect((await state(sandbox)).ours.length > 0).toBe(code === 0);
  });

  it.each([
    [['v1=90'], /sums to 90/, 'v1=90 v2=10'],
    [['v1=9', 'v2=1'], /sums to 10/, 'Did you mean v1=90 v2=10?'],
    [['v1=50', 'v1=50'], /each version once/, ''],
    [['v1'], /expected VERSION=PERCENT/, ''],
    [['v1=100', '--name', 'No!'], /--name: expected/, ''],
  ])('%j is bad input', async (words, message, next) => {
    const { code, stderr } = await run('route', 'split', 'tomcat', ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(next);
  });

  it('says what versions there are, and ends with 3', async () => {
    const { code, stdout } = await run('route', 'split', 'tomcat', 'v9=100', '-o', 'json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'unknown-version', message: expect.stringContaining('there is v1, v2') });
  });
});

describe('route pin', () => {
  it('is the split of everything to one version, under the same name', async () => {
    const planned = await run('route', 'pin', 'tomcat', 'v1', '--dry-run', '-o', 'json');
    expectShape('route-change', JSON.parse(planned.stdout));
    expect(JSON.parse(planned.stdout)).toMatchObject({
      plans: [{ routes: [{ name: 'split', is: { match: [], to: [{ version: 'v1', weight: 100 }] } }] }],
    });
    expect((await run('route', 'pin', 'tomcat', 'v1', '--yes')).code).toBe(0);
    expect(JSON.parse((await run('route', 'split', 'tomcat', 'v1=100', '-o', 'json')).stdout)).toMatchObject({ outcome: 'unchanged' });
    expect((await run('route', 'clear', 'tomcat', '--yes')).code).toBe(0);
    expect(await state(sandbox)).toEqual(before);
  });

  it('takes shares too, wants consent, and names the versions that there are', async () => {
    const shares = await run('route', 'pin', 'tomcat', 'v1=60', 'v2=40', '--dry-run');
    expect(shares.stdout).toContain('v1 60 %, v2 40 %');
    expect((await run('route', 'pin', 'tomcat', 'v1')).code).toBe(2);
    expect(await run('route', 'pin', 'tomcat', 'v1', 'v2')).toMatchObject({ code: 2, stderr: expect.stringContaining('VERSION=PERCENT') });
    expect(await run('route', 'pin', 'tomcat', 'v9')).toMatchObject({ code: 3, stderr: expect.stringContaining('there is v1, v2') });
    expect(await state(sandbox)).toEqual(before);
  });
});

describe('a standing route', () => {
  it('is none of the dead, though its process is gone, and no session', async () => {
    await split('--yes');
    const list = await run('sessions', 'list', '-o', 'json');
    expect(JSON.parse(list.stdout).sessions).toMatchObject([
      { id: 'tomcat.8080', kind: 'route', requests: 'every request: v1 90 %, v2 10 %', abandoned: false, expired: false },
    ]);
    expectShape('session-list', JSON.parse(list.stdout));
    expect((await run('clean')).stdout).toContain('Kept standing route tomcat.8080 in mesh-demo: a standing route never expires');
    const stop = await run('sessions', 'stop', 'tomcat.8080');
    expect(stop).toMatchObject({ code: 3, stderr: expect.stringContaining('heddle route clear tomcat -n mesh-demo') });
    for (const more of [[], ['--force', '--yes']]) {
      const recover = await run('sessions', 'recover', 'tomcat.8080', ...more);
      expect(recover).toMatchObject({ code: 3, stderr: expect.stringContaining('these are standing routes of tomcat') });
    }
    const doctor = await run('doctor');
    expect(doctor.stdout).toMatch(/^ok +Sessions +none running in mesh-demo$/m);
    expect(doctor.stdout).toMatch(/^ok +Standing routes +1 in mesh-demo$/m);
    expect((await run('route', 'show', 'tomcat')).stdout).toMatch(
      /every request +v1 of tomcat\S+ 90 %, v2 of +standing route in .*\n +tomcat\S+ 10 %$/m,
    );
  });

  it('is taken back by route clear, which asks too, byte for byte', async () => {
    await split('--yes');
    expect((await run('route', 'clear', 'tomcat')).code).toBe(2);
    const planned = await run('route', 'clear', 'tomcat', '--dry-run', '-o', 'json');
    expectShape('route-change', JSON.parse(planned.stdout));
    const { code, stdout } = await run('route', 'clear', 'tomcat', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('mesh-demo/tomcat:8080: standing route split is taken back\n');
    expect(await state(sandbox)).toEqual(before);
    const again = await run('route', 'clear', 'tomcat', '--yes');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('mesh-demo/tomcat has no standing route.') });
  });

  it('whose record was deleted is found by clean, and cleared all the same', async () => {
    for (const line of [['clean'], ['route', 'clear', 'tomcat', '--yes']]) {
      await split('--yes');
      const cluster = sandbox.cluster('admin');
      const [lease] = await cluster.list({ group: 'coordination.k8s.io', kind: 'Lease', namespace: NAMESPACE });
      const { uid, resourceVersion } = (lease?.metadata ?? {}) as { uid: string; resourceVersion: string };
      const ref = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: NAMESPACE, name: 'heddle-tomcat.8080' };
      await cluster.delete(ref, { uid, resourceVersion });
      expect((await run('sessions', 'list')).stderr).toContain('route/mesh-demo/tomcat.8080');
      expect((await run('route', 'list')).stderr).toMatch(
        /record is gone \(route\/mesh-demo\/tomcat\.8080\)\. Remove them: heddle clean -n mesh-demo$/m,
      );
      expect((await run(...line)).code).toBe(0);
      expect(await state(sandbox)).toEqual(before);
    }
  });
});
