import { BugError } from '@heddle/core';
import type { Sandbox } from '@heddle/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
});
afterAll(() => sandbox.stop());

const HERE = ['-n', 'mesh-demo', '--context', 'sandbox'];

describe('what to run next', () => {
  const line = ['mesh', 'tomcat', '--expose', '1:8080', '--header', 'x-dev=alice', '--realise', 'subset', '--dry-run', ...HERE];

  it('is for the same cluster where a plan is refused', async () => {
    const { code, stderr } = await runCommand(line, sandboxBindings(sandbox));
    expect(code).toBe(3);
    expect(stderr).toMatch(/: heddle route pin tomcat v1 -n mesh-demo --context sandbox(;|\n)/);
  });

  it('is so in JSON too', async () => {
    const { stdout } = await runCommand([...line, '-o', 'json'], sandboxBindings(sandbox));
    const { error } = JSON.parse(stdout);
    expect(error.next.join()).toContain('heddle route pin tomcat v1 -n mesh-demo --context sandbox');
    expect(error.refusals[0].instead).toContain('heddle route pin tomcat v1 -n mesh-demo --context sandbox');
  });

  it('is so after a bug', async () => {
    const broken = async () => Promise.reject(new BugError('an invariant does not hold'));
    const { code, stderr } = await runCommand(
      ['sessions', 'list', ...HERE],
      [...sandboxBindings(sandbox), bind(TOKENS.connectCluster, broken)],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('heddle clean --dry-run -n mesh-demo --context sandbox\n');
  });

  it('names no cluster where none was named', async () => {
    const { stderr } = await runCommand(line.slice(0, -HERE.length), sandboxBindings(sandbox));
    expect(stderr).toMatch(/: heddle route pin tomcat v1 -n mesh-demo(;|\n)/);
  });
});
