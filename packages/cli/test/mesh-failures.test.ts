import type { Sandbox } from '@heddle/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { localApplication, until } from './support/laptop.js';
import { type CommandResult, runCommand, startCommand } from './support/run-command.js';
import { fakeControl, sandboxBindings, state, tomcatSandbox } from './support/sandbox-world.js';

let sandbox: Sandbox;
let laptop: Awaited<ReturnType<typeof localApplication>>;
let before: Awaited<ReturnType<typeof state>>;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
  before = await state(sandbox);
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  laptop = await localApplication();
});
afterEach(async () => {
  await laptop.close();
  expect(await state(sandbox)).toEqual(before);
});

const mesh = (...line: string[]) => runCommand(['mesh', ...line], sandboxBindings(sandbox));
const tomcat = (...line: string[]) => mesh('tomcat', '--expose', `${laptop.port}:8080`, ...line);

/** One sentence, something to do next, the code with its documented exit code; and nothing on stdout. */
function expectFailure(result: CommandResult, exit: number, code: string, sentence: RegExp): void {
  expect(result.stderr).toMatch(new RegExp(`code: ${code} \\(exit ${exit}\\)\\n$`));
  expect(result.code).toBe(exit);
  expect(result.stdout).toBe('');
  const error = result.stderr.split('\n').find((line) => line.startsWith('Error: ')) ?? '';
  expect(error).toMatch(sentence);
  expect(error).toMatch(/[.!?]$/);
  expect(result.stderr).toContain('\n  next: ');
}

describe('heddle mesh with bad input leaves nothing and says what to do', () => {
  it('an unknown service', async () => {
    expectFailure(await mesh('tomcta', '--expose', `${laptop.port}:8080`), 2, 'unknown-service', /tomcta.*mesh-demo/);
  });

  it('an unknown port', async () => {
    expectFailure(await mesh('tomcat', '--expose', `${laptop.port}:9999`), 2, 'unknown-port', /9999/);
  });

  it('a malformed --expose', async () => {
    expectFailure(await mesh('tomcat', '--expose', 'eighty'), 2, 'expose-invalid', /--expose: expected .* received eighty/);
  });

  it('no --expose', async () => {
    expectFailure(await mesh('tomcat'), 2, 'usage', /The flag --expose is missing/);
  });

  it('a malformed match', async () => {
    expectFailure(await tomcat('--header', 'x-dev=~(unclosed'), 2, 'bad-match', /--header x-dev/);
  });

  it('an unknown adapter', async () => {
    expectFailure(await tomcat('--mesh', 'felt'), 2, 'unknown-adapter', /no adapter felt; installed: istio/);
  });

  it('an unknown context', async () => {
    expectFailure(await tomcat('--context', 'nope'), 2, 'unknown-context', /no context nope.* it has sandbox/);
  });

  it('nothing listening locally', async () => {
    const { port } = laptop;
    await laptop.close();
    expectFailure(
      await mesh('tomcat', '--expose', `${port}:8080`),
      2,
      'local-port-closed',
      new RegExp(`Nothing listens on localhost:${port}`),
    );
    laptop = await localApplication();
  });

  it('a port that something listens on already, with a command', async () => {
    expectFailure(await tomcat('--', 'true'), 2, 'local-port-in-use', /listens on localhost:\d+ already/);
  });

  it('missing rights', async () => {
    const allow = sandbox.faults.deny(
      ({ resource, verb }, client) => client === 'alice' && resource === 'virtualservices' && verb === 'update',
    );
    expectFailure(await tomcat(), 3, 'missing-rights', /may not update virtualservices/);
    allow();
  });

  it('an image that cannot be pulled', async () => {
    expectFailure(await tomcat('--image', 'registry.invalid/agent:1'), 4, 'image-pull', /registry\.invalid\/agent:1/);
  });
});

describe('heddle mesh with a command', () => {
  const server = (then: string) =>
    `require('node:http').createServer((q, s) => s.end('child')).listen(Number(process.argv[1]), '127.0.0.1', () => { ${then} });`;
  const withCommand = async (script: string) => {
    const { port } = laptop;
    await laptop.close();
    const result = await mesh('tomcat', '--expose', `${port}:8080`, '--', process.execPath, '-e', script, String(port));
    laptop = await localApplication();
    return result;
  };

  it('runs the session as long as the command runs, and passes its exit code on', async () => {
    const { code, stdout, stderr } = await withCommand(server('setTimeout(() => process.exit(7), 1500)'));
    expect(stdout).toContain('now reach');
    expect(stderr).toContain('The command ended with code 7; ending the session.');
    expect(stderr).toContain('Session ended; nothing of it is left in the cluster.');
    expect(code).toBe(7);
  });

  it('ends with 0 when the command does', async () => {
    expect((await withCommand(server('setTimeout(() => process.exit(0), 1500)'))).code).toBe(0);
  });

  it('ends with 0 on Ctrl-C, although the command then dies of it', async () => {
    const { port } = laptop;
    await laptop.close();
    const control = fakeControl();
    const line = ['mesh', 'tomcat', '--expose', `${port}:8080`, '--', process.execPath, '-e', server(''), String(port)];
    const { terminal, result } = startCommand(line, [...sandboxBindings(sandbox), bind(TOKENS.control, control)]);
    await until('the session is up', () => terminal.stdout.text().includes('now reach'));
    control.send('SIGINT');
    const { code, stderr } = await result;
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('The command ended');
    laptop = await localApplication();
  });

  it('changes nothing when the command ends before it listens, and passes its exit code on', async () => {
    const result = await withCommand('process.exit(3)');
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('ended with code 3 before it listened');
    expect(result.stderr).toContain('code: command-not-listening');
  });

  it('that does not exist changes nothing', async () => {
    const { port } = laptop;
    await laptop.close();
    expectFailure(
      await mesh('tomcat', '--expose', `${port}:8080`, '--', 'heddle-no-such-program'),
      2,
      'command-not-started',
      /there is no such program/,
    );
    laptop = await localApplication();
  });
});
