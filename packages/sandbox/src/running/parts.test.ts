import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadParts, type Package } from './parts.js';

describe('loadParts', () => {
  let root: string;
  let packages: readonly Package[];

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'heddle-parts-'));
    const files = {
      'mesh/adapter.mjs': "export const adapter = { id: 'toy' };",
      'mesh/scenarios.mjs': "export const scenarios = [{ id: 'one' }, { id: 'two' }];",
      'tunnel/agent.mjs': "export const agent = 'the agent';",
      'broken/adapter.mjs': "throw new Error('must not be imported');",
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const broken = { id: 'broken', module: './adapter.mjs', scenarios: './adapter.mjs' };
    packages = [
      { root: join(root, 'none'), pjson: { name: 'none' } },
      { root: join(root, 'bare'), pjson: { heddle: { adapters: [{ id: 'bare', module: './x.mjs' }] } } },
      { root: join(root, 'mesh'), pjson: { heddle: { adapters: [{ id: 'toy', module: './adapter.mjs', scenarios: './scenarios.mjs' }] } } },
      { root: join(root, 'broken'), pjson: { heddle: { adapters: [broken] } } },
      { root: join(root, 'tunnel'), pjson: { heddle: { tunnels: [{ id: 'ssh', inProcessAgent: './agent.mjs' }, { id: 'other' }] } } },
    ];
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('imports what was chosen and nothing else, the first where nothing was named', async () => {
    expect(await loadParts(packages, { mesh: 'toy', scenario: 'two' })).toEqual({
      adapter: { id: 'toy' },
      scenario: { id: 'two' },
      agents: ['the agent'],
    });
    expect((await loadParts(packages)).scenario).toEqual({ id: 'one' });
  });

  it('finds the mesh that has the scenario', async () => {
    const other = {
      root: join(root, 'other'),
      pjson: { heddle: { adapters: [{ id: 'other', module: './a.mjs', scenarios: './a.mjs' }] } },
    };
    mkdirSync(other.root, { recursive: true });
    writeFileSync(join(other.root, 'a.mjs'), "export const adapter = { id: 'other' }; export const scenarios = [{ id: 'three' }];");
    const before = [
      { root: join(root, 'broken'), pjson: { heddle: { adapters: [{ id: 'b', module: './adapter.mjs', scenarios: './adapter.mjs' }] } } },
    ];
    expect(await loadParts([...before, ...packages, other], { scenario: 'three' })).toMatchObject({ adapter: { id: 'other' } });
    expect(await loadParts([...before, ...packages, other], { scenario: 'two' })).toMatchObject({ adapter: { id: 'toy' } });
  });

  it('names what there is when asked for something else', async () => {
    await expect(loadParts(packages, { mesh: 'bare' })).rejects.toMatchObject({
      code: 'sandbox-mesh-unknown',
      exit: 'usage',
      message: "There is no mesh 'bare' for the sandbox; there is: toy, broken.",
      next: ['Choose one: heddle sandbox start --mesh toy', 'Choose one: heddle sandbox start --mesh broken'],
    });
    await expect(loadParts(packages, { mesh: 'toy', scenario: 'three' })).rejects.toMatchObject({ code: 'sandbox-scenario-unknown' });
    await expect(loadParts([])).rejects.toThrow('there is: none.');
  });

  it('does without a tunnel whose agent cannot be loaded, and says so', async () => {
    const odd = { root: join(root, 'odd'), pjson: { heddle: { tunnels: [{ id: 'odd', inProcessAgent: './nothing.mjs' }] } } };
    const warnings: string[] = [];
    const parts = await loadParts([...packages, odd], { warn: (message) => warnings.push(message) });
    expect(parts.agents).toEqual(['the agent']);
    expect(warnings).toEqual([expect.stringMatching(/^The tunnel odd is not there in this sandbox: its agent cannot be loaded: /)]);
  });
});
