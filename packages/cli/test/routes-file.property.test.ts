import { parseRoutesFile } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookinfoBindings, bookinfoSandbox, routesText, written } from './support/bookinfo.js';
import { runCommand } from './support/run-command.js';
import { type TextFiles, textFiles } from './support/text-files.js';

const RUNS = Number(process.env.HEDDLE_RUNS ?? 5);

let sandbox: Sandbox;
let files: TextFiles;
beforeAll(async () => {
  sandbox = await bookinfoSandbox();
  files = textFiles();
});
afterAll(async () => {
  files.remove();
  await sandbox.stop();
});

const run = (...line: string[]) => runCommand(line, bookinfoBindings(sandbox));

/** By file, so that two of them never want one name; each route in two states. */
const POOL = {
  one: [
    ['{service: reviews, split: {v1: 90, v3: 10}}', '{service: reviews, split: {v1: 50, v3: 50}}'],
    [
      '{service: ratings, match: {headers: {end-user: jason}}, fault: {abort: 503}}',
      '{service: ratings, match: {headers: {end-user: jason}}, fault: {delay: 1s}}',
    ],
  ],
  two: [
    ['{service: reviews, match: {headers: {x-dev: alice}}, to: v2}', '{service: reviews, match: {headers: {x-dev: alice}}, to: v3}'],
    ['{service: reviews, mirror: {to: v2}}', '{service: reviews, mirror: {to: v3, percent: 10}}'],
  ],
} as const;
type FileName = keyof typeof POOL;

const state = fc.constantFrom(undefined, 0, 1);
const step = fc.record({ name: fc.constantFrom<FileName>('one', 'two'), states: fc.tuple(state, state) });

const textOf = ({ name, states }: { readonly name: FileName; readonly states: readonly (number | undefined)[] }) => {
  const routes = states.flatMap((which, index) => (which === undefined ? [] : [POOL[name][index]?.[which]]));
  return routesText(routes.length === 0 ? ' []\n' : routes.map((route) => `- ${route}\n`).join(''), name);
};

/** The standing routes as `route list` tells them, without who made them and when. */
async function standing(): Promise<readonly string[]> {
  const { routes } = JSON.parse((await run('route', 'list', '-o', 'json')).stdout) as { routes: readonly Record<string, unknown>[] };
  return routes.map(({ service, name, file, requests, does }) => [service, name, file, requests, does].join(' | ')).sort();
}

test('whatever is applied in whatever order: each file has just its routes, nothing else changes, and at the end nothing is left', async () => {
  const clean = (await written(sandbox)).map((line) => line.replace(/ \S+$/, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      await run('route', 'match', 'reviews', '--header', 'x-qa', '--to', 'v3', '--name', 'by-hand', '--yes');
      const last = new Map<FileName, string>();
      for (const one of steps) {
        last.set(one.name, textOf(one));
        const path = files.write('routes.yaml', textOf(one));
        expect(await run('route', 'apply', '-f', path, '--yes')).toMatchObject({ code: 0 });
        const before = await written(sandbox);
        expect((await run('route', 'diff', '-f', path)).code).toBe(0);
        expect((await run('route', 'apply', '-f', path)).code).toBe(0);
        expect(await written(sandbox)).toEqual(before);
      }
      const wanted = [...last].flatMap(([name, text]) => {
        const { file } = parseRoutesFile(load(text));
        return (file?.routes ?? []).map((route) => `${route.service} | ${route.name} | ${name}`);
      });
      const found = (await standing()).map((line) => line.split(' | ').slice(0, 3).join(' | '));
      expect(found).toEqual([...wanted, 'reviews | by-hand | '].sort());
      for (const name of last.keys()) await run('route', 'apply', '-f', files.write('none.yaml', routesText(' []\n', name)), '--yes');
      expect(await standing()).toEqual([expect.stringContaining('by-hand')]);
      await run('route', 'clear', 'reviews', '--yes');
      expect((await written(sandbox)).map((line) => line.replace(/ \S+$/, ''))).toEqual(clean);
    }),
    { numRuns: RUNS },
  );
}, 300_000);
