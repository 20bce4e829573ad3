import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCase, runCase } from '@heddle/conformance';
import type { MeshAdapter } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, read } from '../repository/sources.js';

/** Below the root, so that heddle's packages are found from there; git leaves it out. */
const FOLDER = join(ROOT, '.vitest/docs');
const MOST_LINES = 55;

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
`;

/** A session and its end, beside a user's rule, by core's planner with both of its checks. */
const SESSION = {
  id: 'smallest',
  title: 'a session beside a rule of a user, and its end',
  objects: `${['cart', 'cart-canary', 'heddle-cart-a1'].map(pod).join('---')}---
apiVersion: mesh.example/v1
kind: HeaderRoute
metadata: {name: canary}
spec: {service: cart, header: x-canary, value: 'yes', to: cart-canary}
`,
  steps: [
    { change: { session: 'a1', header: ['x-dev=alice'] } },
    {
      requests: [
        { url: '/', headers: { 'x-dev': 'alice' }, reaches: { 'heddle-cart-a1': 1 } },
        { url: '/', headers: { 'x-canary': 'yes' }, reaches: { 'cart-canary': 1 } },
        { url: '/', reaches: { cart: 1 } },
      ],
    },
    { change: { session: 'a1', header: ['x-dev=alice', 'x-env=test'] }, refused: ['one-header'] },
    { change: { session: 'a1', header: ['x-dev=~a.*'] }, refused: ['match.header.regex'] },
    { remove: 'a1' },
    { unchanged: 'start' },
  ],
};

describe('the smallest adapter of docs/writing-an-adapter.md', () => {
  const [, code = ''] = /<!-- example: smallest\.ts -->\n```ts\n([\s\S]*?)```/.exec(read('docs/writing-an-adapter.md')) ?? [];
  beforeAll(() => {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'smallest.ts'), code);
    const options = { composite: false, declaration: false, noEmit: true, customConditions: ['heddle-source'] };
    writeFileSync(
      join(FOLDER, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions: options, files: ['smallest.ts'] }),
    );
  });
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it('is as short as the page says', () => {
    expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeGreaterThan(20);
    expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(MOST_LINES);
  });

  it('compiles, under the strict options', { timeout: 60_000 }, () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(execFileSync(process.execPath, [tsc, '-p', FOLDER], { encoding: 'utf8' })).toBe('');
  });

  it('runs: core plans, checks and undoes with it', async () => {
    const { adapter } = (await import(join(FOLDER, 'smallest.ts'))) as { adapter: MeshAdapter };
    const result = await runCase(adapter, parseCase(SESSION, 'smallest'), { env: { served: {}, settings: {} } });
    expect(result).toMatchObject({ outcome: 'pass', failures: [] });
  });

  it('has the members that the contract table explains, all of them', async () => {
    const { adapter } = (await import(join(FOLDER, 'smallest.ts'))) as { adapter: MeshAdapter };
    const [, table = ''] = /## The contract\n([\s\S]*?)\n### /.exec(read('docs/writing-an-adapter.md')) ?? [];
    const explained = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
      // A question mark is behind what an adapter need not have.
      [...cell.matchAll(/`(\w+)(\?)?/g)].flatMap(([, name, optional]) => (optional === undefined ? [name] : [])),
    );
    const members = Object.keys(adapter).filter((name) => !['$$type', 'apiVersion'].includes(name));
    expect(explained.sort()).toEqual(members.sort());
  });
});
