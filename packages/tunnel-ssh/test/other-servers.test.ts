import { duplexPair } from 'node:stream';
import type { Agent } from '@heddle/core';
import ssh2 from 'ssh2';
import { afterEach, expect, test, vi } from 'vitest';
import { tunnel as provider } from '../src/index.js';
import { silent } from './pod.js';

const forwards = [{ port: 8080, to: () => ({ host: '127.0.0.1', port: 1 }) }];
const options = () => ({ signal: new AbortController().signal, log: silent });

afterEach(() => {
  vi.useRealTimers();
});

const agentOf = () => provider.agent({ image: 'x', secretName: 'x', ports: [{ name: 'http', port: 8080 }], permitOpen: [] });

/** Connects to a server with the right host key that lets everybody in and does the rest its own way. */
function connect(agent: Agent, config: Partial<ssh2.ServerConfig>, onClient: (client: ssh2.Connection) => void = () => {}) {
  const hostKeys = [Buffer.from(agent.secretData.host_key ?? '', 'base64')];
  const server = new ssh2.Server({ ...config, hostKeys }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (attempt) => attempt.accept());
    onClient(client);
  });
  const dial = async () => {
    const [ours, theirs] = duplexPair();
    server.injectSocket(theirs as never);
    return ours;
  };
  return provider.connect(dial, agent, forwards, options());
}

const onExec = (answer: (run: () => ssh2.ServerChannel, refuse: () => void) => void) => (client: ssh2.Connection) =>
  client.on('session', (accept) => accept().on('exec', (run, refuse) => answer(run, refuse ?? (() => {}))));

test('no algorithm in common: tunnel-refused', async () => {
  const attempt = connect(await agentOf(), { algorithms: { cipher: ['chacha20-poly1305@openssh.com'] } });
  await expect(attempt).rejects.toMatchObject({ code: 'tunnel-refused', message: expect.stringContaining('no algorithm in common') });
});

test('the program is not run: tunnel-refused', async () => {
  const attempt = connect(
    await agentOf(),
    {},
    onExec((_run, refuse) => refuse()),
  );
  await expect(attempt).rejects.toMatchObject({ code: 'tunnel-refused' });
});

test('the program fails: an error that may pass', async () => {
  const fail = onExec((run) => {
    const channel = run();
    channel.stderr.write('other connections do not end\n');
    channel.exit(1);
    channel.end();
  });
  const error = await connect(await agentOf(), {}, fail).catch((error) => error);
  expect(error.message).toBe('the agent could not end older connections (exit code 1)');
  expect(error).not.toHaveProperty('$$type');
});

test.for(['exec', 'forward'] as const)('a connection lost at %s is not taken for a refusal', async (when) => {
  const attempt = connect(await agentOf(), {}, (client) => {
    const run = (accept: () => ssh2.ServerChannel) => {
      if (when === 'exec') client.end();
      else {
        const channel = accept();
        channel.exit(0);
        channel.end();
      }
    };
    client.on('session', (accept) => accept().on('exec', run));
    client.on('request', () => client.end());
  });
  const error = await attempt.catch((error) => error);
  expect(error.message).toBe('the connection to the agent was lost');
  expect(error).not.toHaveProperty('$$type');
});

test('a server that answers nothing but pings is given up in the end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  const attempt = connect(
    await agentOf(),
    {},
    onExec(() => {}),
  ).catch((error) => error);
  for (let second = 0; second < 31; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await attempt).message).toBe('the agent was not ready within 30 s');
});
