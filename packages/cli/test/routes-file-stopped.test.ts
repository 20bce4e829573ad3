import { type Cluster, ClusterError, metaOf } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { bookinfoBindings, bookinfoSandbox, routesText, written } from './support/bookinfo.js';
import { runCommand } from './support/run-command.js';
import { type FakeControl, fakeControl } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';
import { type TextFiles, textFiles } from './support/text-files.js';

let sandbox: Sandbox;
let files: TextFiles;

beforeEach(async () => {
  sandbox = await bookinfoSandbox();
  files = textFiles();
});
afterEach(async () => {
  files.remove();
  await sandbox.stop();
});

const SPLIT = '- {service: reviews, split: {v1: 90, v3: 10}}\n';
const SLOW = '- {service: ratings, fault: {delay: 7s}}\n';

const run = (user: string, ...line: string[]) => runCommand(line, bookinfoBindings(sandbox, user));
const demo = (routes: string) => files.write('demo.yaml', routesText(routes));
const apply = (user: string, routes: string) => run(user, 'route', 'apply', '-f', demo(routes), '--yes', '-o', 'json');

describe('a signal', () => {
  /** Calls back once, when an object has been written that is of that kind and says something. */
  function applying(control: FakeControl, kind: string, says: RegExp, then: () => void) {
    const cluster = sandbox.cluster('alice');
    let due = true;
    const watched: Cluster = {
      ...cluster,
      replace: async (object) => {
        const made = await cluster.replace(object);
        if (due && object.kind === kind && says.test(JSON.stringify(object))) {
          due = false;
          then();
        }
        return made;
      },
    };
    const bindings = [...bookinfoBindings(sandbox), bind(TOKENS.connectCluster, async () => watched), bind(TOKENS.control, control)];
    return runCommand(['route', 'apply', '-f', demo(SPLIT + SLOW), '--yes', '-o', 'json'], bindings);
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('%s between two services leaves the second, and the command goes on', async (signal) => {
    const control = fakeControl();
    const { code, stderr, stdout } = await applying(control, 'Lease', /heddle-reviews.*state\W+active/, () => control.send(signal));
    expect(stderr).toContain(`${signal}: stopping.`);
    expect(stderr).toContain('written before that: bookinfo/reviews:9080; not written: bookinfo/ratings:9080');
    expect({ code, exits: control.exits }).toEqual({ code: 5, exits: [] });
    expectShape('route-apply', JSON.parse(stdout));
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unfinished', plans: [{ outcome: 'written' }, { outcome: 'planned' }] });
    const again = JSON.parse((await apply('alice', SPLIT + SLOW)).stdout);
    expect(again).toMatchObject({ outcome: 'done', plans: [{ outcome: 'unchanged' }, { outcome: 'written' }] });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s while the first is written takes that back, nothing stands, and shells see the signal', async (signal, expected) => {
    const versions = (lines: readonly string[]) => lines.map((line) => line.replace(/ \d+$/, ''));
    const before = versions(await written(sandbox));
    const control = fakeControl();
    const { code, stderr } = await applying(control, 'VirtualService', /heddle\/route/, () => control.send(signal));
    expect(stderr).toContain(`${signal} came before the routes were written.`);
    expect(stderr).toContain(`code: interrupted (exit ${expected})`);
    expect(code).toBe(expected);
    expect(versions(await written(sandbox))).toEqual(before);
  });

  it('that comes twice ends heddle at once', async () => {
    const control = fakeControl();
    await applying(control, 'VirtualService', /heddle\/route/, () => {
      control.send('SIGINT');
      control.send('SIGINT');
    });
    expect(control.exits).toEqual([5]);
  });
});

describe('rights', () => {
  const READ = ['get', 'list', 'watch'];
  const mayRead = () =>
    sandbox.faults.deny(({ verb, group }, client) => client === 'ci' && group !== 'authorization.k8s.io' && !READ.includes(verb));

  it('to read are enough for diff, also of what is to be taken back', async () => {
    await apply('alice', SLOW);
    mayRead();
    const diff = await run('ci', 'route', 'diff', '-f', demo(SPLIT), '-o', 'json');
    expect({ code: diff.code, stderr: diff.stderr }).toEqual({ code: 6, stderr: '' });
    expect(JSON.parse(diff.stdout).plans).toMatchObject([{ service: 'reviews' }, { service: 'ratings' }]);
    expect(await run('ci', 'route', 'apply', '-f', demo(SPLIT), '--yes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('You may not create, update, delete leases'),
    });
  });

  it.each([
    ['written', SPLIT, SPLIT + SLOW],
    ['taken back', SLOW, SPLIT],
  ])('that are missing for a service that is to be %s keep all from being written', async (_, before, wanted) => {
    await apply('alice', before);
    const stood = await written(sandbox);
    sandbox.faults.deny(({ resource, verb }, client) => client === 'ci' && resource === 'virtualservices' && verb === 'update');
    const { code, stderr } = await apply('ci', wanted);
    expect(code).toBe(3);
    expect(stderr).toContain('You may not update virtualservices');
    expect(await written(sandbox)).toEqual(stood);
  });
});

describe('a Service that is gone', () => {
  const remove = async () => {
    const cluster = sandbox.cluster('admin');
    const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'bookinfo', name: 'ratings' };
    const service = await cluster.get(ref);
    if (service === undefined) throw new Error('there is no such Service');
    const { uid = '', resourceVersion = '' } = metaOf(service);
    await cluster.delete(ref, { uid, resourceVersion });
  };

  it('from the file too is taken back; in the file it is told with its place', async () => {
    await apply('alice', SPLIT + SLOW);
    await remove();
    const still = await run('alice', 'route', 'diff', '-f', demo(SPLIT + SLOW));
    expect(still).toMatchObject({ code: 2, stderr: expect.stringMatching(/demo\.yaml:6: There is no Service ratings/) });
    const gone = await apply('alice', SPLIT);
    expect({ code: gone.code, stderr: gone.stderr.split('\n')[0] }).toMatchObject({ code: 0 });
    expect(JSON.parse(gone.stdout)).toMatchObject({ outcome: 'done', plans: [{ outcome: 'unchanged' }, { outcome: 'cleared' }] });
    expect(JSON.parse((await run('alice', 'route', 'list', '-o', 'json')).stdout).routes).toHaveLength(1);
  });
});

describe('an API server that goes away', () => {
  it('after the first service ends with 5, and the same command goes on', async () => {
    let gone = false;
    const stop = sandbox.faults.add(({ verb, resource, name, body }, phase) => {
      const own = name ?? (body?.metadata as { readonly name?: string } | undefined)?.name;
      gone ||= phase === 'before' && verb === 'create' && resource === 'leases' && own === 'heddle-ratings.9080';
      if (gone) throw new ClusterError({ reason: 'Unreachable', status: 0, message: 'connect ECONNREFUSED' });
    });
    const { code, stderr } = await apply('alice', SPLIT + SLOW);
    expect(stderr).toContain('written before that: bookinfo/reviews:9080; not written: bookinfo/ratings:9080');
    expect(code).toBe(5);
    stop();
    expect(JSON.parse((await apply('alice', SPLIT + SLOW)).stdout)).toMatchObject({ outcome: 'done' });
  });
});

it('applied by two at once stands once, as the file says', async () => {
  const results = await Promise.all(['alice', 'ci'].map((user) => apply(user, SPLIT + SLOW)));
  expect(results.some(({ code }) => code === 0)).toBe(true);
  for (const { code, stderr } of results.filter((result) => result.code !== 0)) {
    expect([3, 5]).toContain(code);
    expect(stderr).toMatch(/route-busy|plan-changed|right now|have changed since/);
  }
  expect(JSON.parse((await apply('alice', SPLIT + SLOW)).stdout)).toMatchObject({ outcome: 'unchanged' });
});
