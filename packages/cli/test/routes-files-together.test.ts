import type { Sandbox } from '@heddle/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookinfoBindings, bookinfoSandbox, routesText, written } from './support/bookinfo.js';
import { runCommand } from './support/run-command.js';
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
const file = (name: string, routes: string) => files.write(`${name}.yaml`, routesText(routes, name));
const listed = async () => {
  const { routes } = JSON.parse((await run('route', 'list', '-o', 'json')).stdout) as { routes: readonly Record<string, string>[] };
  return routes.map((route) => `${route.service} ${route.name} ${route.file ?? '-'}`);
};

const SPLIT = '- {service: reviews, split: {v1: 90, v3: 10}}\n';
const SLOW = '- {service: ratings, fault: {delay: 7s}}\n';

describe('files that claim one service', () => {
  it.each([
    ['by one name', '- {service: reviews, to: v2}\n', 'other.yaml:5: routes[0].name: expected a name that no other route of reviews has'],
    [
      'for the same requests',
      '- {service: reviews, name: theirs, to: v2}\n',
      'other.yaml:5: routes[0]: expected requests that are left for it, received only such as split takes',
    ],
  ])('%s are told with both places, and nothing is written', async (_, routes, message) => {
    const before = await written(sandbox);
    const { code, stderr } = await run('route', 'apply', '-f', file('demo', SPLIT), '-f', file('other', routes), '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\(\S+demo\.yaml:5\)/);
    expect(await written(sandbox)).toEqual(before);
  });

  it('may do so for other requests, or in another way', async () => {
    const other = '- {service: reviews, match: {headers: {end-user: jason}}, to: v2}\n- {service: reviews, mirror: {to: v3}}\n';
    expect((await run('route', 'apply', '-f', file('demo', SPLIT), '-f', file('other', other), '--yes')).code).toBe(0);
    expect(await listed()).toEqual(['reviews end-user-jason other', 'reviews mirror other', 'reviews split demo']);
  });
});

describe('a route that another file has now', () => {
  beforeEach(async () => {
    await run('route', 'apply', '-f', file('demo', SPLIT + SLOW), '--yes');
  });

  it('is refused where that file alone is applied, and told how it moves', async () => {
    const { code, stderr } = await run('route', 'diff', '-f', file('new', SPLIT));
    expect(code).toBe(3);
    expect(stderr).toContain(
      'apply both files at once if the route has moved (or, if demo is gone, heddle route clear --kept-by demo -n bookinfo)',
    );
  });

  it('moves where both are applied, without a moment when it does not stand', async () => {
    const objects = (await written(sandbox)).filter((line) => line.startsWith('VirtualService'));
    const { code, stdout } = await run('route', 'apply', '-f', file('demo', SLOW), '-f', file('new', SPLIT), '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/~ +split +every request +v1 90 %, v3 10 % \(was in file demo\)/);
    expect(await listed()).toEqual(['ratings fault demo', 'reviews split new']);
    expect((await written(sandbox)).filter((line) => line.startsWith('VirtualService'))).toEqual(objects);
  });

  it('comes to a file of another name from an empty one of the old, which takes the rest back', async () => {
    expect((await run('route', 'apply', '-f', file('demo', ' []\n'), '-f', file('new', SPLIT), '--yes')).code).toBe(0);
    expect(await listed()).toEqual(['reviews split new']);
  });
});

describe('a route made by command under another name that wants the same', () => {
  beforeEach(async () => {
    await run('route', 'split', 'reviews', 'v1=80', 'v2=20', '--name', 'canary', '--yes');
  });

  it('is refused, and its maker named', async () => {
    const { code, stderr } = await run('route', 'diff', '-f', file('demo', SPLIT));
    expect(code).toBe(3);
    expect(stderr).toMatch(/The standing route canary of reviews is of .*; beside it split would never count/);
    expect(stderr).toContain('heddle route clear reviews --name canary -n bookinfo');
  });

  it('gives way with --force', async () => {
    const { code, stdout } = await run('route', 'apply', '-f', file('demo', SPLIT), '--force', '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/- +canary/);
    expect(await listed()).toEqual(['reviews split demo']);
  });
});

it('shows of a route that means other requests now which these were', async () => {
  const named = (match: string) => `- {service: ratings, name: slow, match: {path: {prefix: ${match}}}, fault: {delay: 7s}}\n`;
  await run('route', 'apply', '-f', file('demo', named('/ratings')), '--yes');
  const { code, stdout } = await run('route', 'diff', '-f', file('demo', named('/health')));
  expect(code).toBe(6);
  expect(stdout).toMatch(/~ +slow +.*\/health.*\(now for .*\/ratings/s);
});

it('a plan that says no says of which service, and where that is', async () => {
  const { code, stderr } = await run('route', 'diff', '-f', file('demo', SPLIT), '-f', file('other', '- {service: ratings, to: v7}\n'));
  expect(code).toBe(3);
  expect(stderr).toMatch(/other\.yaml:5: bookinfo\/ratings has no version v7/);
});
