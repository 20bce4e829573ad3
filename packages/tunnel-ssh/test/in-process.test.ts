import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { podContextOf } from '@heddle/conformance';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { credentialsOf } from '../src/credentials.js';
import { agent as inProcessAgent } from '../src/in-process/index.js';
import { tunnel as provider } from '../src/index.js';
import { KeyAgent } from '../src/key-agent.js';
import { echo } from './loopback.js';
import { startPod, type TestPod } from './pod.js';

const PORTS = [
  { name: 'http', port: 8080 },
  { name: 'admin', port: 9090 },
];
const to = () => ({ host: '127.0.0.1', port: 1 });

/** A plain SSH client with the session's key, for what the provider never asks. */
async function client(pod: TestPod): Promise<ssh2.Client & AsyncDisposable> {
  const plain = new ssh2.Client();
  plain.on('error', () => {});
  const method: ssh2.AgentAuthMethod = { type: 'agent', username: 'heddle', agent: new KeyAgent(credentialsOf(pod.agent.credentials)) };
  plain.connect({ sock: await pod.dial(pod.agent.port, new AbortController().signal), username: 'heddle', authHandler: [method] });
  await once(plain, 'ready');
  return Object.assign(plain, {
    [Symbol.asyncDispose]: async () => {
      plain.end();
      await once(plain, 'close');
    },
  });
}

const forwardIn = (plain: ssh2.Client, address: string, port: number) =>
  new Promise<boolean>((resolve) => plain.forwardIn(address, port, (error) => resolve(error === undefined)));

describe('whose pod it is', () => {
  test('not one without the container, and not one without the Secret', async () => {
    const agent = await provider.agent({ image: 'x', secretName: 'x', ports: PORTS, permitOpen: [] });
    const context = podContextOf(agent);
    expect(await inProcessAgent({ ...context, pod: { spec: { containers: [{ name: 'app' }] } } })).toBeUndefined();
    expect(await inProcessAgent({ ...context, pod: {} })).toBeUndefined();
    expect(await inProcessAgent({ ...context, secrets: { other: { token: Buffer.from('x') } } })).toBeUndefined();
    const process = await inProcessAgent(context);
    expect(process?.ready()).toBe(false);
    await process?.stop();
  });
});

describe('ports', () => {
  test('ready when each one listens, and not before or after', async () => {
    await using pod = await startPod({ ports: PORTS });
    const changes: boolean[] = [];
    pod.process.onReadyChange(() => changes.push(pod.process.ready()));
    await expect(pod.process.connect(8080)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const half = await pod.connect([{ port: 8080, to }]);
    expect(pod.process.ready()).toBe(false);
    await half[Symbol.asyncDispose]();
    const whole = await pod.connect(PORTS.map(({ port }) => ({ port, to })));
    expect(pod.process.ready()).toBe(true);
    await whole[Symbol.asyncDispose]();
    await expect.poll(() => pod.process.ready()).toBe(false);
    expect(changes.at(-1)).toBe(false);
    expect(changes).toContain(true);
  });

  test('a forward to loopback is allowed and reaches nobody, as with sshd', async () => {
    await using pod = await startPod({ ports: PORTS });
    await using plain = await client(pod);
    expect(await forwardIn(plain, '127.0.0.1', 8080)).toBe(true);
    await expect(pod.process.connect(8080)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await forwardIn(plain, '0.0.0.0', 9090)).toBe(true);
    expect(await forwardIn(plain, '', 9090)).toBe(false);
    expect(await forwardIn(plain, '', 9999)).toBe(false);
    expect(await forwardIn(plain, '', 0)).toBe(false);
  });

  test('a forward that is taken back frees its port', async () => {
    await using pod = await startPod({ ports: PORTS });
    await using plain = await client(pod);
    expect(await forwardIn(plain, '', 8080)).toBe(true);
    await new Promise<void>((resolve, reject) => plain.unforwardIn('', 8080, (error) => (error === undefined ? resolve() : reject(error))));
    await expect(pod.process.connect(8080)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await forwardIn(plain, '', 8080)).toBe(true);
  });

  test('nothing listens after the pod has stopped', async () => {
    const pod = await startPod({ ports: PORTS });
    const tunnel = await pod.connect([{ port: 8080, to }]);
    await pod.process.stop();
    expect(await tunnel.closed).toMatchObject({ why: 'lost' });
    await expect(pod.process.connect(pod.agent.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('connections out of the pod', () => {
  test('reach the permitted pair only, and the failure of that one', async () => {
    await using app = await echo();
    await using other = await echo();
    const pair = { host: app.host, port: app.port };
    await using pod = await startPod({ ports: PORTS, permitOpen: [pair, { host: '127.0.0.1', port: 1 }] });
    await using tunnel = await pod.connect([{ port: 8080, to }]);
    if (tunnel.open === undefined) throw new Error('no way out');
    const stream = await tunnel.open(pair.host, pair.port);
    stream.end('out and back');
    expect(await text(stream)).toBe('out and back');
    await expect(tunnel.open(other.host, other.port)).rejects.toThrow(`does not connect to ${other.host}:${other.port}`);
    await expect(tunnel.open('localhost', pair.port)).rejects.toThrow('does not connect');
    await expect(tunnel.open('127.0.0.1', 1)).rejects.toThrow('does not connect');
  });
});

describe('what else a client may do', () => {
  test('every command is the one program', async () => {
    await using pod = await startPod({ ports: PORTS });
    const tunnel = await pod.connect([{ port: 8080, to }]);
    await using plain = await client(pod);
    const code = await new Promise((resolve, reject) => {
      plain.exec('id', (error, channel) => {
        if (error !== undefined) reject(error);
        else channel.on('close', resolve).resume();
      });
    });
    expect(code).toBe(0);
    expect(await tunnel.closed).toMatchObject({ why: 'lost' });
  });

  test('no password, no other user', async () => {
    await using pod = await startPod({ ports: PORTS });
    const agent = new KeyAgent(credentialsOf(pod.agent.credentials));
    const attempts: ssh2.ConnectConfig[] = [
      { username: 'heddle', password: 'x' },
      { username: 'root', agent },
    ];
    for (const attempt of attempts) {
      const plain = new ssh2.Client();
      const failed = once(plain, 'ready');
      plain.connect({ ...attempt, sock: await pod.dial(pod.agent.port, new AbortController().signal) });
      await expect(failed).rejects.toMatchObject({ level: 'client-authentication' });
    }
  });
});
