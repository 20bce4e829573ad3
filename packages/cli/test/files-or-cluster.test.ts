import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from './support/run-command.js';
import { sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';

afterEach(() => vi.unstubAllEnvs());

const LINES = [['explain', 'http://reviews:9080/'], ['lint'], ['route', 'show', 'reviews'], ['test', 'cases.yaml']];

describe('files beside a cluster', () => {
  it.each(LINES.map((line) => [line.join(' '), line] as const))('%s takes one of them', async (_, line) => {
    for (const flag of ['--context', '--cluster', '--kubeconfig']) {
      const { code, stdout, stderr } = await runCommand([...line, '-f', 'mesh/', flag, 'x']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`Error: Give either --file (-f) or ${flag}, not both: with -f the objects come from files`);
      expect(stderr).toContain('code: usage (exit 2)');
    }
  });

  it('that a variable names is passed over', async () => {
    vi.stubEnv('HEDDLE_CONTEXT', 'x');
    expect((await runCommand(['lint', '-f', '/nowhere'])).stderr).toContain('There is no file or folder /nowhere.');
  });

  it('that a command line names counts before files that a variable names', async () => {
    vi.stubEnv('HEDDLE_FILE', '/nowhere');
    const sandbox = await tomcatSandbox();
    const { stdout, stderr } = await runCommand(['lint', '--context', 'sandbox', '-n', 'istio-system'], sandboxBindings(sandbox));
    await sandbox.stop();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Nothing wrong in \d+ objects \(cluster sandbox/);
  });
});

it('a mesh that no adapter is for is told without what only a cluster could do', async () => {
  const { code, stderr } = await runCommand(['route', 'render', '-f', 'routes.yaml', '--mesh', 'istoi']);
  expect(code).toBe(2);
  expect(stderr).not.toContain('--mesh auto');
});
