import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import AdapterVerify from '../src/commands/adapter/verify.js';
import { kitFile } from '../src/stage/kit-files.js';

/** The command, on a copy of the tiny adapter's package. */
describe('heddle adapter verify', () => {
  let dir: string;
  let out: string;
  let err: string;
  const config = Config.load({ root: kitFile('.') });

  beforeEach(() => {
    dir = join(mkdtempSync(join(tmpdir(), 'heddle-verify-')), 'tiny');
    cpSync(fileURLToPath(new URL('./tiny-adapter', import.meta.url)), dir, { recursive: true });
    [out, err] = ['', ''];
  });
  afterEach(() => rmSync(join(dir, '..'), { recursive: true }));

  async function verify(...args: string[]): Promise<number> {
    const log = vi.spyOn(AdapterVerify.prototype, 'log').mockImplementation((text) => {
      out += `${text}\n`;
    });
    const logToStderr = vi.spyOn(AdapterVerify.prototype, 'logToStderr').mockImplementation((text) => {
      err += `${text}\n`;
    });
    const before = process.exitCode;
    process.exitCode = 0;
    try {
      await AdapterVerify.run([dir, ...args], await config);
      return Number(process.exitCode);
    } finally {
      process.exitCode = before;
      log.mockRestore();
      logToStderr.mockRestore();
    }
  }
  const file = (name: string) => readFileSync(join(dir, name), 'utf8');

  it('passes what is right, and writes no report that would hide a whole one', async () => {
    expect(await verify('--only', 'world.plain')).toBe(0);
    expect(out).toContain('heddle-adapter-tiny 1.2.3: Tiny mesh (tiny)');
    expect(out).toMatch(/core +pass: 1 passed, 0 failed, 0 skipped/);
    expect(existsSync(join(dir, 'heddle-conformance.json'))).toBe(false);
  });

  it('fails what is not there or does not work, case by case, and says where the report is', async () => {
    expect(await verify('--level', 'core')).toBe(6);
    expect(out).toContain('FAIL world.two-rules: ');
    expect(out).toContain('there is no worlds/two-rules.yaml');
    expect(out).toContain('FAIL no-rule (19): ');
    expect(out).toContain('this mesh is only read');
    expect(err).toContain(join(dir, 'heddle-conformance.json'));
    expect(JSON.parse(file('heddle-conformance.json'))).toMatchObject({
      implementation: { package: 'heddle-adapter-tiny', version: '1.2.3', adapter: { id: 'tiny' } },
      levels: { core: { result: 'fail' }, extended: { result: 'not run' } },
      reproduce: 'heddle adapter verify . --level core',
    });
    expect(file('heddle-conformance.md')).toContain('# Conformance of Tiny mesh');
  });

  it('prints the report itself, and writes it where it is told to', async () => {
    expect(await verify('--only', '19', '-o', 'json', '--report', join(dir, 'r.json'), '--report-md', join(dir, 'r.md'))).toBe(6);
    expect(out).toBe(file('r.json'));
    expect(JSON.parse(out)).toMatchObject({ numbers: [{ number: 19, status: 'fail' }] });
    expect(file('r.md')).toContain('--only 19');
  });

  it('knows no case of that name', async () => {
    await expect(verify('--only', 'dance')).rejects.toMatchObject({ code: 'unknown-case', message: expect.stringContaining('dance') });
  });
});
