import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
});
afterAll(() => sandbox.stop());

const run = (...line: string[]) => runCommand(line, sandboxBindings(sandbox));

describe('commands that only read', () => {
  it('route show', async () => {
    const r = await run('route', 'show', 'tomcat');
    console.log(r.stdout, r.stderr);
    expect(r.code).toBe(0);
  });
});
