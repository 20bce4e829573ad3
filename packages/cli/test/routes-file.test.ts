import { ClusterError } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookinfoBindings, bookinfoSandbox, routesText, written } from './support/bookinfo.js';
import { bufferTerminal } from './support/buffer-terminal.js';
import { runCommand, startCommand } from './support/run-command.js';
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

const run = (...line: string[]) => runCommand(line, bookinfoBindings(sandbox));

const SPLIT = '- {service: reviews, split: {v1: 90, v3: 10}}\n';
const JASON = '- {service: reviews, match: {headers: {end-user: jason}}, to: v2}\n';
const MIRROR = '- {service: reviews, mirror: {to: v3, percent: 10}}\n';
const SLOW = '- {service: ratings, match: {headers: {end-user: jason}}, fault: {delay: 7s}}\n';

const apply = (routes: string, ...more: string[]) => run('route', 'apply', '-f', files.write('routes.yaml', routesText(routes)), ...more);
const diff = (routes: string, ...more: string[]) => run('route', 'diff', '-f', files.write('routes.yaml', routesText(routes)), ...more);
const listed = async () => {
  const { stdout } = await run('route', 'list', '-o', 'json');
  const { routes } = JSON.parse(stdout) as { routes: readonly Record<'service' | 'name' | 'file' | 'does', string | undefined>[] };
  return routes.map(({ service, name, file = '-', does }) => `${service} ${name} ${file}: ${does}`);
};

describe('route apply', () => {
  it('makes the routes of several services, and says so for each', async () => {
    const { code, stdout, stderr } = await apply(SPLIT + JASON + MIRROR + SLOW, '--yes');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^bookinfo\/reviews:9080: written$/m);
    expect(stdout).toMatch(/^bookinfo\/ratings:9080: written$/m);
    expect(await listed()).toEqual([
      'ratings fault-end-user-jason demo: delayed 7 s (100 %)',
      'reviews end-user-jason demo: v2 100 %',
      'reviews mirror demo: also copied to v3 (10 %)',
      'reviews split demo: v1 90 %, v3 10 %',
    ]);
  });

  it('writes nothing and asks nothing when all is so already', async () => {
    await apply(SPLIT + SLOW, '--yes');
    const before = await written(sandbox);
    const again = await apply(SPLIT + SLOW);
    expect(again).toMatchObject({ code: 0, stdout: 'bookinfo/reviews:9080: as the file says\nbookinfo/ratings:9080: as the file says\n' });
    expect(await written(sandbox)).toEqual(before);
    expect(JSON.parse((await apply(SPLIT + SLOW, '-o', 'json')).stdout)).toMatchObject({ outcome: 'unchanged' });
  });

  it('takes back what has left the file, to the last', async () => {
    const clean = (await written(sandbox)).length;
    await apply(SPLIT + JASON + SLOW, '--yes');
    const fewer = await apply(SPLIT, '--yes', '-o', 'json');
    expectShape('route-apply', JSON.parse(fewer.stdout));
    expect(JSON.parse(fewer.stdout)).toMatchObject({
      outcome: 'done',
      files: [{ name: 'demo', namespace: 'bookinfo' }],
      plans: [
        {
          service: 'reviews',
          outcome: 'written',
          routes: [
            { name: 'end-user-jason', change: 'removed' },
            { name: 'split', change: 'kept' },
          ],
        },
        { service: 'ratings', outcome: 'cleared', routes: [{ name: 'fault-end-user-jason', change: 'removed' }] },
      ],
    });
    expect(await listed()).toEqual(['reviews split demo: v1 90 %, v3 10 %']);
    expect((await apply(' []\n', '--yes')).stdout).toMatch(/^bookinfo\/reviews:9080: taken back$/m);
    expect(await listed()).toEqual([]);
    expect((await written(sandbox)).length).toBe(clean);
    expect(await apply(' []\n')).toMatchObject({ code: 0, stdout: 'The file has no routes, and none stands that it had.\n' });
  });

  it('leaves routes of commands and of other files alone, and refuses their names', async () => {
    await run('route', 'mirror', 'reviews', '--to', 'v2', '--yes');
    const other = files.write('other.yaml', routesText(JASON, 'other'));
    await run('route', 'apply', '-f', other, '--yes');
    await apply(SPLIT, '--yes');
    const three = [
      'reviews end-user-jason other: v2 100 %',
      'reviews mirror -: also copied to v2 (100 %)',
      'reviews split demo: v1 90 %, v3 10 %',
    ];
    expect(await listed()).toEqual(three);

    const refused = await apply(SPLIT + JASON + MIRROR);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('The standing route end-user-jason of reviews is of the routes file other');
    expect(refused.stderr).toContain('The standing route mirror of reviews is of ');
    expect(refused.stderr).toContain('heddle route clear reviews --name mirror');
    expect(await listed()).toEqual(three);

    expect((await apply(SPLIT + JASON + MIRROR, '--force', '--yes')).code).toBe(0);
    expect(await listed()).toEqual([
      'reviews end-user-jason demo: v2 100 %',
      'reviews mirror demo: also copied to v3 (10 %)',
      'reviews split demo: v1 90 %, v3 10 %',
    ]);
  });

  it('plans all before it writes any: a mistake in one service leaves the others alone', async () => {
    const before = await written(sandbox);
    const unknown = await apply(`${SPLIT}- {service: rating, to: v1}\n`, '--yes');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/routes\.yaml:6: .*rating/);
    const version = await apply(`${SPLIT}- {service: ratings, to: v7}\n`, '--yes');
    expect(version.code).toBe(3);
    expect(version.stderr).toContain('bookinfo/ratings has no version v7');
    expect(await written(sandbox)).toEqual(before);
  });

  it('shows one plan with --dry-run, and asks once for all services', async () => {
    const before = await written(sandbox);
    const { stdout } = await apply(SPLIT + SLOW, '--dry-run');
    expect(stdout).toContain('Plan for bookinfo/reviews:9080: v1 90 %, v3 10 % (standing route split)');
    expect(stdout).toContain('Plan for bookinfo/ratings:9080: delayed 7 s (100 %) (standing route fault-end-user-jason');
    expect(stdout).toContain('name: heddle/route/bookinfo/reviews.9080/0');
    const terminal = bufferTerminal({ stdinTTY: true, stderrTTY: true, answers: ['n', 'y'] });
    const { result } = startCommand(
      ['route', 'apply', '-f', files.write('r.yaml', routesText(SPLIT + SLOW))],
      bookinfoBindings(sandbox),
      terminal,
    );
    expect(await result).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Routes of bookinfo\/reviews:9080, bookinfo\/ratings:9080 change as said above\. Go on\? \[y\/N\]/),
    });
    expect(await written(sandbox)).toEqual(before);
  });

  it('wants consent where nobody can be asked', async () => {
    const before = await written(sandbox);
    expect(await apply(SPLIT)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await written(sandbox)).toEqual(before);
  });

  it('reads standard input, and several files', async () => {
    const jason = files.write('jason.yaml', routesText(JASON, 'jason'));
    const line = ['route', 'apply', '-f', jason, '-f', files.write('slow.yaml', routesText(SLOW, 'slow')), '--yes'];
    expect((await run(...line)).code).toBe(0);
    expect(await listed()).toEqual(['ratings fault-end-user-jason slow: delayed 7 s (100 %)', 'reviews end-user-jason jason: v2 100 %']);
  });
});

describe('a service that cannot be written', () => {
  /** The API server fails whenever the record is to be made; returns the end of that. */
  const failing = (lease: string) =>
    sandbox.faults.add(({ verb, resource, name, body }, phase) => {
      const { name: own } = (body?.metadata ?? {}) as { readonly name?: string };
      if (phase === 'before' && verb === 'create' && resource === 'leases' && (name ?? own) === lease) {
        throw new ClusterError({ reason: 'InternalError', status: 500, message: 'the disk is full' });
      }
    });

  it('says what stands and what not, ends with 5, and the same command goes on', async () => {
    const stop = failing('heddle-ratings.9080');
    const first = await apply(SPLIT + SLOW, '--yes', '-o', 'json');
    expect(first.code).toBe(5);
    expect(first.stderr).toContain('written before that: bookinfo/reviews:9080; not written: bookinfo/ratings:9080');
    expect(first.stderr).toContain('run the same command again');
    expectShape('route-apply', JSON.parse(first.stdout));
    expect(JSON.parse(first.stdout)).toMatchObject({ outcome: 'unfinished', plans: [{ outcome: 'written' }, { outcome: 'planned' }] });
    stop();
    const again = await apply(SPLIT + SLOW, '--yes', '-o', 'json');
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'done', plans: [{ outcome: 'unchanged' }, { outcome: 'written' }] });
  });

  it('is the failure itself where nothing has been written', async () => {
    failing('heddle-reviews.9080');
    const { code, stdout } = await apply(SPLIT + SLOW, '--yes');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  });
});

describe('route diff', () => {
  it('ends with 6 when something would change, and with 0 when not; it writes nothing', async () => {
    const before = await written(sandbox);
    const first = await diff(SPLIT + SLOW);
    expect(first).toMatchObject({ code: 6, stdout: expect.stringContaining('Plan for bookinfo/reviews:9080') });
    expect(await written(sandbox)).toEqual(before);
    await apply(SPLIT + SLOW, '--yes');
    expect(await diff(SPLIT + SLOW)).toMatchObject({ code: 0 });
    const left = await diff(SPLIT, '-o', 'json');
    expect(left.code).toBe(6);
    expectShape('route-apply', JSON.parse(left.stdout));
    expect(JSON.parse(left.stdout)).toMatchObject({
      outcome: 'planned',
      plans: [{ outcome: 'unchanged' }, { service: 'ratings', outcome: 'planned' }],
    });
  });

  it('sees what somebody changed by command', async () => {
    await apply(SPLIT, '--yes');
    await run('route', 'split', 'reviews', 'v1=50', 'v3=50', '--yes');
    expect((await diff(SPLIT)).code).toBe(6);
    expect((await apply(SPLIT, '--yes')).stdout).toMatch(/^ +~ +split +every request +v1 90 %, v3 10 % \(was v1 50 %, v3 50 %\)$/m);
    expect((await diff(SPLIT)).code).toBe(0);
  });
});

describe('what is wrong with a file is told with its place', () => {
  const of = (text: string, ...more: string[]) => run('route', 'diff', '-f', files.write('routes.yaml', text), ...more);

  it.each([
    [
      'a mistyped key',
      routesText('- {service: reviews, splt: {v1: 100}}\n'),
      /routes\.yaml:5: routes\[0\]\.splt: expected one of the keys .*received splt.*Did you mean split\?/s,
    ],
    [
      'several',
      routesText('- {service: a b, to: v1}\n- {service: reviews, to: 1}\n'),
      /:5: routes\[0\]\.service.*Also wrong: .*:6: routes\[1\]\.to: expected a text in quotes: '1'/s,
    ],
    [
      'another kind of document',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n',
      /:1: apiVersion: expected heddle\.dev\/v1, received 'v1'/,
    ],
    ['no document', '# nothing\n', /There is no routes file in .*routes\.yaml/],
    [
      'a name twice',
      `${routesText(SPLIT)}---\n${routesText(SLOW)}`,
      /:9: metadata\.name: expected a name that no other file of namespace bookinfo has, received demo, as in .*:3/,
    ],
    [
      'one port in two ways',
      routesText('- {service: reviews, to: v1}\n- {service: reviews:9080, mirror: {to: v2}}\n'),
      /:6: routes\[1\]\.service: expected port 9080 written in one way, reviews as in .*:5, received reviews:9080/,
    ],
  ])('%s', async (_, text, message) => {
    const { code, stderr } = await of(text);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('two namespaces', async () => {
    const text = routesText(SPLIT).replace('{name: demo}', '{name: demo, namespace: bookinfo}');
    expect((await of(text)).code).toBe(6);
    expect(await of(text, '-n', 'shop')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected shop, which -n or HEDDLE_NAMESPACE asks for, received bookinfo'),
    });
  });
});
