import type { Sandbox } from '@heddle/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bind } from '../src/composition-root.js';
import { TOKENS } from '../src/tokens.js';
import { ask, localApplication, until } from './support/laptop.js';
import { runCommand, startCommand } from './support/run-command.js';
import { fakeControl, sandboxBindings, tomcatSandbox } from './support/sandbox-world.js';

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

const gateway = (headers = {}) => ask(sandbox.gatewayUrl, { host: 'tomcat.mesh.com', ...headers });

describe('heddle mesh', () => {
  it('takes the requests that match, says how to send one, and puts everything back on Ctrl-C', async () => {
    const control = fakeControl();
    const bindings = [...sandboxBindings(sandbox), bind(TOKENS.control, control)];
    const { terminal, result } = startCommand(['mesh', 'tomcat', '--expose', `${laptop.port}:8080`, '--header', 'x-dev=alice'], bindings);
    await until('the session is up', () => {
      if (terminal.stdout.text().includes('now reach')) return true;
      return false;
    }).catch((e) => {
      console.log(terminal.stderr.text());
      throw e;
    });
    expect(await gateway({ 'x-dev': 'alice' })).toBe('200 laptop /');
    expect(await gateway()).toBe('200 Apache Tomcat/7.0.109');
    console.log(terminal.stdout.text(), terminal.stderr.text());
    control.send('SIGINT');
    console.log(await result);
  });
});
