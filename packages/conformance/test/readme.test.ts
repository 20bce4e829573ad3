import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCases, loadNumbers, loadWorldDefinitions } from '../src/index.js';
import { kitFile } from '../src/stage/kit-files.js';

const readme = readFileSync(kitFile('README.md'), 'utf8');

it('lists every world with its sentence and its mutations', async () => {
  const rows = (await loadWorldDefinitions()).map(({ name, title, optional, feature, mutations }) => {
    const kind = feature === undefined ? (optional ? ' (optional)' : '') : ` (capability \`${feature}\`)`;
    const changes = Object.entries(mutations).map(([mutation, one]) => `\`${mutation}\` (${one.optional ? 'optional: ' : ''}${one.title})`);
    return `| \`${name}\`${kind} | ${title}${changes.length === 0 ? '' : `. Mutations: ${changes.join(', ')}`} |`;
  });
  expect(readme).toContain(['| world | what it is |', '|---|---|', ...rows].join('\n'));
});

it("has a case of the kit's own or a mesh for every number, and each case's id once", async () => {
  const cases = await loadCases(kitFile('cases'), (name) => ({ world: { name, objects: [], mutations: {} } }));
  const covered = new Set(cases.map(({ number }) => number));
  const numbers = await loadNumbers();
  expect(numbers.map(({ number }) => number)).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));
  expect(numbers.filter(({ number, mesh }) => !covered.has(number) && mesh === undefined)).toEqual([]);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(cases.every(({ id, level }) => /^[a-z0-9.-]+$/.test(id) && ['core', 'extended'].includes(level))).toBe(true);
});
