import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNewAdapterService } from '../../packages/cli/src/services/new-adapter/new-adapter.js';
import { readTemplate } from '../../packages/cli/src/services/new-adapter/template.js';
import { ROOT } from '../repository/sources.js';
import { npm } from './registry.js';

/** Below the root, where heddle's packages and the tools are found without installing anything. */
const FOLDER = join(ROOT, '.vitest/new-adapter');

describe('a project that heddle adapter new makes', { timeout: 120_000 }, () => {
  let project: string;

  beforeAll(async () => {
    await rm(FOLDER, { recursive: true, force: true });
    await mkdir(FOLDER, { recursive: true });
    const service = createNewAdapterService({ cwd: FOLDER, catalogue: { parts: [], problems: [] }, readTemplate });
    project = service.create({ name: 'consul' }).folder;
  });
  afterAll(() => rm(FOLDER, { recursive: true, force: true }));

  const tool = (path: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
      cwd: project,
      env: { PATH: process.env.PATH ?? '', NO_COLOR: '1' },
      maxBuffer: 16 * 1024 * 1024,
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );

  it('has a lock file that npm ci takes', async () => {
    const said = await npm(['ci', '--dry-run', '--offline', '--ignore-scripts', '--no-audit'], project);
    expect(said).toMatch(/added \d+ packages/);
  });

  it('compiles, tests included', async () => {
    expect(await tool('typescript/bin/tsc')).toEqual({ code: 0, stdout: '' });
    expect(existsSync(join(project, 'dist/index.js'))).toBe(true);
    expect(await tool('typescript/bin/tsc', '-p', 'tsconfig.test.json')).toEqual({ code: 0, stdout: '' });
  });

  it('passes its tests, the conformance kit among them', async () => {
    const { code, stdout } = await tool('vitest/vitest.mjs', 'run', '--root', project);
    expect(stdout).toMatch(/Tests\s+\d+ passed/);
    expect({ code, failed: /(\d+) failed/.exec(stdout)?.[0] }).toEqual({ code: 0, failed: undefined });
  });
});
