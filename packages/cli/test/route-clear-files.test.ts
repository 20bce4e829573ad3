import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookinfoBindings, bookinfoSandbox, routesText, written } from './support/bookinfo.js';
import { runCommand } from './support/run-command.js';
import { expectShape } from './support/schemas.js';
import { type TextFiles, textFiles } from './support/text-files.js';

const SPLIT = '- {service: reviews, split: {v1: 90, v3: 10}}\n';
const SLOW = '- {service: ratings, fault: {delay: 7s}}\n';

let sandbox: Sandbox;
let files: TextFiles;
let clean: number;

const run = (...line: string[]) => runCommand(line, bookinfoBindings(sandbox));
const clear = (...more: string[]) => run('route', 'clear', ...more);
const file = (routes: string) => files.write('demo.yaml', routesText(routes));
const listed = async () => {
  const { routes } = JSON.parse((await run('route', 'list', '-o', 'json')).stdout) as { routes: readonly Record<string, string>[] };
  return routes.map((route) => `${route.service} ${route.name} ${route.file ?? '-'}`);
};

beforeEach(async () => {
  sandbox = await bookinfoSandbox();
  files = textFiles();
  clean = (await written(sandbox)).length;
  expect((await run('route', 'apply', '-f', file(SPLIT + SLOW), '--yes')).code).toBe(0);
  expect((await run('route', 'match', 'reviews', '--header', 'end-user=bob', '--to', 'v2', '--yes')).code).toBe(0);
});
afterEach(async () => {
  files.remove();
  await sandbox.stop();
});

describe.each([
  ['of a file', () => ['-f', file(' []')]],
  ['of a file that is gone', () => ['--kept-by', 'demo']],
])('route clear %s', (_, which) => {
  it('shows what it would take back, and takes nothing', async () => {
    const before = await written(sandbox);
    const { code, stdout } = await clear(...which(), '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('Plan for bookinfo/ratings:9080: standing route fault is taken back');
    expect(stdout).toMatch(/^ {2}- +split +every request +v1 90 %, v3 10 %$/m);
    const planned = JSON.parse((await clear(...which(), '--dry-run', '-o', 'json')).stdout);
    expectShape('route-change', planned);
    expect(planned).toMatchObject({ outcome: 'planned', files: [{ name: 'demo', namespace: 'bookinfo' }] });
    expect(await clear(...which())).toMatchObject({ code: 2, stderr: expect.stringContaining('Routes of bookinfo/ratings:9080, ') });
    expect(await written(sandbox)).toEqual(before);
  });

  it('takes all of its routes back, and leaves those of others', async () => {
    const done = JSON.parse((await clear(...which(), '--yes', '-o', 'json')).stdout);
    expectShape('route-change', done);
    expect(done).toMatchObject({ outcome: 'done', plans: [{ outcome: 'cleared' }, { outcome: 'written' }] });
    expect(await listed()).toEqual(['reviews end-user-bob -']);
    expect(await clear(...which(), '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/No standing route in namespace bookinfo is kept by the routes file demo\.\n.*No file keeps any there/),
    });
    expect((await clear('reviews', '--yes')).code).toBe(0);
    expect(await written(sandbox)).toHaveLength(clean);
  });
});

describe('route clear', () => {
  it('of an unknown file names those that keep some', async () => {
    const { code, stderr } = await clear('--kept-by', 'dem', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean demo?');
    expect(stderr).toContain('Files that keep some there: demo');
  });

  it.each([
    [[], 'SERVICE, -f, --kept-by: expected one of them, received none'],
    [['reviews', '--kept-by', 'demo'], 'expected one of them, received SERVICE and --kept-by'],
    [['--kept-by', 'demo', '--name', 'split'], '--name: expected a route of a SERVICE, received split beside --kept-by'],
    [['--kept-by', 'routing/demo.yaml'], '--kept-by: expected a name for the file'],
  ])('%j is bad input', async (words, message) => {
    const { code, stderr } = await clear(...words, '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(await listed()).toHaveLength(3);
  });
});
