import type { Sandbox } from '@heddle/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Binding, bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { ask, localApplication, until } from './support/laptop.js';
import { type CommandResult, type RunningCommand, runCommand, startCommand } from './support/run-command.js';
import { fakeControl, sandboxBindings, state, tomcatSandbox } from './support/sandbox-world.js';
import { expectShape } from './support/schemas.js';

const TOMCAT = '200 Apache Tomcat/7.0.109';

let sandbox: Sandbox;
let laptop: Awaited<ReturnType<typeof localApplication>>;
beforeAll(async () => {
  sandbox = await tomcatSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  laptop = await localApplication();
});
afterEach(() => laptop.close());

const gateway = (headers: Readonly<Record<string, string>> = {}) => ask(sandbox.gatewayUrl, { host: 'tomcat.mesh.com', ...headers });
const inMesh = (headers: Readonly<Record<string, string>> = {}) => ask(sandbox.clientUrl, { host: 'tomcat:8080', ...headers });
const expose = () => ['--expose', `${laptop.port}:8080`];
const read = (...line: string[]) => runCommand(line, sandboxBindings(sandbox));

interface Session extends RunningCommand {
  stop(): Promise<CommandResult>;
}

async function session(line: readonly string[], bindings: readonly Binding[] = []): Promise<Session> {
  const control = fakeControl();
  const running = startCommand(
    ['mesh', 'tomcat', ...expose(), ...line],
    [...sandboxBindings(sandbox), bind(TOKENS.control, control), ...bindings],
  );
  let ended: CommandResult | undefined;
  void running.result.then((result) => {
    ended = result;
  });
  await until(
    'the session is active or over',
    () => ended !== undefined || /now reach|"event":"active"/.test(running.terminal.stdout.text()),
  );
  if (ended !== undefined) throw new Error(`the session ended: ${JSON.stringify(ended, undefined, 2)}`);
  return {
    ...running,
    stop: () => {
      control.send('SIGINT');
      return running.result;
    },
  };
}

describe('heddle mesh', () => {
  it('takes the requests that match, says how to send one, and puts everything back on Ctrl-C', async () => {
    const before = await state(sandbox);
    const { terminal, stop } = await session(['--header', 'x-dev=alice']);
    expect(await gateway({ 'x-dev': 'alice' })).toBe('200 laptop /');
    expect(await inMesh({ 'x-dev': 'alice' })).toBe('200 laptop /');
    expect([await gateway(), await inMesh()]).toEqual([TOMCAT, TOMCAT]);
    expect(terminal.stdout.text()).toMatch(
      new RegExp(
        [
          `^Requests to tomcat\\.mesh-demo with x-dev = alice now reach 127\\.0\\.0\\.1:${laptop.port}\\.`,
          "  try it   curl -H 'x-dev: alice' http://tomcat\\.mesh-demo:8080/ .*",
          "           curl -H 'x-dev: alice' http://tomcat\\.mesh\\.com/ .*",
          '  proof    pods in the mesh: proved',
          '           gateway .*: written, not proved \\(.*\\)',
          '  end it   Ctrl-C, or: heddle sessions stop \\w+ -n mesh-demo\n$',
        ].join('\n'),
      ),
    );
    const { code, stderr } = await stop();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /provisioning: .*\n[\s\S]*ready: .*\nrouting: [\s\S]*active: [\s\S]*draining: [\s\S]*Session ended; nothing of it is left in the cluster\.\n$/,
    );
    expect(stderr).not.toContain('\u001b');
    expect(stderr).not.toContain('\r');
    expect(await state(sandbox)).toEqual(before);
    expect(await gateway({ 'x-dev': 'alice' })).toBe(TOMCAT);
  });

  it('makes a header of its own, whose curl line works, and says that it must be passed on', async () => {
    const { terminal, stop } = await session([]);
    const [, name = '', value = ''] = /curl -H '([\w-]+): (\w+)'/.exec(terminal.stdout.text()) ?? [];
    expect(name).toBe('x-heddle');
    expect(await gateway({ [name]: value })).toBe('200 laptop /');
    expect(await gateway({ [name]: 'other' })).toBe(TOMCAT);
    expect(terminal.stdout.text()).toContain('callers in between must pass this header on');
    expect((await stop()).code).toBe(0);
  });

  it('prints one JSON event per line with -o json', async () => {
    const { stop } = await session(['--header', 'x-dev=json', '-o', 'json']);
    const { stdout, code } = await stop();
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    for (const event of events) expectShape('mesh-event', event);
    const kinds = [...new Set(events.map(({ event }) => event))];
    expect(kinds).toEqual(expect.arrayContaining(['planned', 'state', 'progress', 'proof', 'active', 'end']));
    expect(events.at(-1)).toEqual({ event: 'end', why: 'interrupted', left: [] });
  });

  it('--dry-run shows the plan and changes nothing', async () => {
    const before = await state(sandbox);
    const { code, stdout, stderr } = await read('mesh', 'tomcat', '--expose', '1:8080', '--header', 'x-dev=alice', '--dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of [
      'Plan for mesh-demo/tomcat: requests with x-dev = alice',
      'Who is affected',
      '--- live VirtualService mesh-demo/tomcat',
      '+++ planned VirtualService',
      'Routes before',
      'Routes after',
      'Checks',
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toMatch(/\n\+ +x-dev:\n\+ +exact: alice\n/);
    expect(await state(sandbox)).toEqual(before);
  });

  it('--dry-run has a stable JSON shape, with no key in it', async () => {
    const { code, stdout } = await read('mesh', 'tomcat', '--expose', '1:8080', '--header', 'x-dev=alice', '--dry-run', '-o', 'json');
    expect(code).toBe(0);
    const plan: unknown = JSON.parse(stdout);
    expectShape('mesh-plan', plan);
    expect(plan).toMatchObject({
      session: { service: 'tomcat', requests: 'x-dev = alice' },
      objects: expect.arrayContaining([expect.objectContaining({ action: 'replace' })]),
    });
    expect(stdout).not.toMatch(/PRIVATE KEY|ssh-ed25519 AAAA/);
  });

  it('is listed by sessions list, ended by sessions stop, and refuses an overlap by naming its holder', async () => {
    const { result, terminal } = await session(['--header', 'x-dev=alice']);
    const [, id = ''] = /heddle sessions stop (\w+)/.exec(terminal.stdout.text()) ?? [];
    const listed = await read('sessions', 'list', '-o', 'json');
    expectShape('session-list', JSON.parse(listed.stdout));
    expect(JSON.parse(listed.stdout).sessions).toMatchObject([
      { id, service: 'tomcat', requests: 'x-dev = alice', state: 'active', expired: false, abandoned: false },
    ]);
    expect((await read('sessions', 'list')).stdout).toMatch(
      new RegExp(`^ID .*\n${id} +mesh-demo +tomcat:8080 +\\S+@\\S+ +active +x-dev = alice\n`),
    );

    const second = await read('mesh', 'tomcat', ...expose(), '--header', 'x-dev=alice');
    expect(second.code).toBe(3);
    expect(second.stderr).toContain(id);
    expect(second.stderr).toContain('code: overlap (exit 3)');

    const live = await read('sessions', 'recover', id);
    expect(live).toMatchObject({ code: 3, stderr: expect.stringContaining('code: session-live (exit 3)') });

    const stopped = await read('sessions', 'stop', id, '-o', 'json');
    expect(stopped.code).toBe(0);
    expectShape('session-stop', JSON.parse(stopped.stdout));
    const { code, stderr } = await result;
    expect(code).toBe(0);
    expect(stderr).toContain('Session ended on request; nothing of it is left in the cluster.');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s before it is up puts everything back, and shells see the signal', async (signal, expected) => {
    const before = await state(sandbox);
    const control = fakeControl();
    const line = ['mesh', 'tomcat', ...expose(), '--header', 'x-dev=alice'];
    const { terminal, result } = startCommand(line, [...sandboxBindings(sandbox), bind(TOKENS.control, control)]);
    await until('the shadow is being started', () => terminal.stderr.text().includes('provisioning:'));
    control.send(signal);
    const { code, stderr } = await result;
    expect(code, stderr).toBe(expected);
    expect(stderr).toContain('nothing of it is left in the cluster');
    expect(await state(sandbox)).toEqual(before);
  });

  it('a second Ctrl-C says what may be left and how to clean up, and exits with 5', async () => {
    const control = fakeControl();
    const { terminal, stop } = await session(['--header', 'x-dev=twice'], [bind(TOKENS.control, control)]);
    const release = sandbox.faults.add(({ verb, client }) =>
      verb === 'delete' && client === 'alice' ? new Promise((resolve) => setTimeout(resolve, 300)) : undefined,
    );
    control.send('SIGINT');
    control.send('SIGINT');
    expect(control.exits).toEqual([5]);
    expect(terminal.stderr.text()).toMatch(
      /Session \w+ of tomcat was left while \w+: .*may still be there\.\nClean up: heddle sessions recover \w+ -n mesh-demo\n/,
    );
    release();
    expect((await stop()).code).toBe(0);
  });

  it('puts everything back when heddle itself has a bug, and says so with exit code 1', async () => {
    const before = await state(sandbox);
    const control = fakeControl();
    const { result } = await session(['--header', 'x-dev=bug'], [bind(TOKENS.control, control)]);
    control.crash(new TypeError('x is not a function'));
    const { code, stderr } = await result;
    expect(code).toBe(1);
    expect(stderr).toContain('(x is not a function): putting everything back.');
    expect(stderr).toContain('Session ended; nothing of it is left in the cluster.');
    expect(stderr).toContain('heddle doctor --bundle');
    await until('the pod is gone', async () => (await state(sandbox)).ours.length === 0);
    expect(await state(sandbox)).toEqual(before);
  });

  it('asks for consent when a match takes everybody’s requests', async () => {
    const refused = await read('mesh', 'tomcat', ...expose(), '--path', '^=/api');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /Error: Every request with .* goes to this machine, whoever sends it: that wants consent, and there is no terminal/,
    );
    expect(refused.stderr).toContain('code: consent-needed (exit 2)');
    expect((await state(sandbox)).ours).toEqual([]);
    const { stop } = await session(['--path', '^=/api', '--yes']);
    expect((await stop()).code).toBe(0);
  });
});
