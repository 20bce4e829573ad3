import { metaOf, refOf } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { ask, localApplication, until } from './support/laptop.js';
import { runCommand, startCommand } from './support/run-command.js';
import { sandboxBindings, state, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';

let sandbox: Sandbox;
let laptop: Awaited<ReturnType<typeof localApplication>>;
let before: Awaited<ReturnType<typeof state>>;

/** A session whose process died while it was up: none of its requests is answered any more. */
beforeEach(async () => {
  sandbox = await tomcatSandbox();
  before = await state(sandbox);
  laptop = await localApplication();
  const { terminal } = startCommand(
    ['mesh', 'tomcat', '--expose', `${laptop.port}:8080`, '--header', 'x-dev=alice'],
    sandboxBindings(sandbox),
  );
  await until('the session is up', () => terminal.stdout.text().includes('now reach'));
  sandbox.faults.crash('alice', 1);
});
afterEach(async () => {
  await laptop.close();
  await sandbox.stop();
});

const gone = (is: boolean) => [...sandboxBindings(sandbox, 'bob'), bind(TOKENS.isGone, () => is)];
const run = (line: readonly string[], processGone = true) => runCommand(line, gone(processGone));

/** A pod that was deleted takes its time to end. */
async function expectAsBefore(): Promise<void> {
  await until('the pod is gone', async () => (await state(sandbox)).ours.length === 0);
  expect(await state(sandbox)).toEqual(before);
}

async function idOf(): Promise<string> {
  const { stdout } = await run(['sessions', 'list', '-o', 'json']);
  return (JSON.parse(stdout) as { sessions: { id: string }[] }).sessions[0]?.id ?? '';
}

describe('after a crash', () => {
  it('sessions list shows the dead session and how to clean up', async () => {
    const id = await idOf();
    const { stdout } = await run(['sessions', 'list']);
    expect(stdout).toMatch(
      new RegExp(`\n${id} .*active, process gone +x-dev = alice\n\nClean up after the dead: heddle sessions recover ${id} -n mesh-demo\n$`),
    );
    const stop = await run(['sessions', 'stop', id]);
    expect(stop).toMatchObject({ code: 3, stderr: expect.stringContaining(`heddle sessions recover ${id} -n mesh-demo`) });
  });

  it('with the record deleted too, sessions list and doctor say that rules are left, and how to remove them', async () => {
    const id = await idOf();
    const cluster = sandbox.cluster('admin');
    const [lease] = await cluster.list({ group: 'coordination.k8s.io', kind: 'Lease', namespace: 'mesh-demo' });
    const { uid = '', resourceVersion = '' } = metaOf(lease);
    await cluster.delete(refOf(lease), { uid, resourceVersion });
    const said = new RegExp(`session/mesh-demo/${id}\\).*heddle clean -n mesh-demo`, 's');
    const list = await run(['sessions', 'list']);
    expect(list).toMatchObject({ code: 0, stderr: expect.stringMatching(said) });
    expect((await run(['doctor'])).stdout).toMatch(said);
    expect((await run(['clean'])).code).toBe(0);
    await expectAsBefore();
    expect((await run(['sessions', 'list'])).stderr).toBe('');
  });

  it('clean --dry-run says what it would do, and does nothing', async () => {
    const id = await idOf();
    const during = await state(sandbox);
    const { code, stdout } = await run(['clean', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Would end session ${id} in mesh-demo: `));
    expect(stdout).toContain('VirtualService mesh-demo/tomcat (remove rules from it)');
    expect(await state(sandbox)).toEqual(during);
  });

  it('clean removes everything, and a second time finds nothing', async () => {
    const { code, stdout } = await run(['clean', '-A', '-o', 'json']);
    expect(code).toBe(0);
    const report: unknown = JSON.parse(stdout);
    expectShape('clean', report);
    expect(report).toMatchObject({ sessions: [{ namespace: 'mesh-demo' }], left: [] });
    await expectAsBefore();
    expect(await ask(sandbox.gatewayUrl, { host: 'tomcat.mesh.com', 'x-dev': 'alice' })).toBe('200 Apache Tomcat/7.0.109');
    expect((await run(['clean', '-A'])).stdout).toBe('Nothing to clean up.\n');
  });

  it('recover finishes one session', async () => {
    const { code, stdout } = await run(['sessions', 'recover', await idOf()]);
    expect(code).toBe(0);
    expect(stdout).toContain('Ended session');
    await expectAsBefore();
  });

  it('a session that may live is kept, and named', async () => {
    const id = await idOf();
    const during = await state(sandbox);
    const { code, stdout } = await run(['clean'], false);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Nothing to clean up\\.\nKept session ${id} in mesh-demo: `));
    expect(await state(sandbox)).toEqual(during);
    expect((await run(['sessions', 'recover', id, '--force', '--yes'], false)).code).toBe(0);
    await expectAsBefore();
  });

  it('what cannot be removed is listed, with exit code 5', async () => {
    const allow = sandbox.faults.deny(
      ({ resource, verb }, client) => client === 'bob' && resource === 'virtualservices' && verb === 'update',
    );
    const { code, stdout, stderr } = await run(['clean']);
    allow();
    expect(code).toBe(5);
    expect(stdout).toContain('Left: ');
    expect(stderr).toMatch(
      /^Error: Something is left in the cluster: .*\n {2}next: Remove what stands in the way, then try again: heddle clean -n mesh-demo\n {2}code: partly-undone \(exit 5\)\n$/,
    );
    expect((await run(['clean'])).code).toBe(0);
    await expectAsBefore();
  });
});
