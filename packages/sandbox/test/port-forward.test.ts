import { once } from 'node:events';
import { createServer } from 'node:net';
import { duplexPair } from 'node:stream';
import type { InProcessAgent, PodProcess } from '@heddle/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSandbox, type Sandbox } from '../src/index.js';
import { ApiClient } from './api-client.js';
import { pod, toyAdapter, toyScenario } from './toy-mesh.js';

/** A pod that sends back what it gets, and ends when it gets `bye`. */
const echo: InProcessAgent = async ({ pod: object }) => {
  if ((object.metadata as { name: string }).name !== 'echo') return undefined;
  const process: PodProcess = {
    async connect(port) {
      if (port !== 7000) throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
      const [ours, theirs] = duplexPair();
      theirs.on('data', (data: Buffer) => (String(data) === 'bye' ? theirs.end() : theirs.write(data)));
      return ours;
    },
    ready: () => true,
    onReadyChange: () => {},
    stop: async () => {},
  };
  return process;
};

describe('port-forward', () => {
  let sandbox: Sandbox;
  let api: ApiClient;

  beforeAll(async () => {
    const scenario = { ...toyScenario, objects: [...toyScenario.objects, pod('echo', { app: 'echo' })] };
    sandbox = await createSandbox({ adapter: toyAdapter, scenario, agents: [echo] });
    api = new ApiClient(sandbox.kubeconfig());
  });
  afterAll(async () => await sandbox.stop());

  const open = (path: string, protocol = 'v4.channel.k8s.io', token = api.token) => {
    const url = `${api.server.replace('https', 'wss')}/api/v1/namespaces/shop/pods/${path}`;
    const socket = new WebSocket(url, protocol, { ca: api.ca, headers: { authorization: `Bearer ${token}` } });
    const received: Buffer[] = [];
    socket.on('message', (data: Buffer) => received.push(data));
    const until = async (done: () => boolean) => {
      while (!done()) await once(socket, 'message');
    };
    return { socket, received, until };
  };
  const refusal = (path: string, protocol?: string, token?: string) =>
    new Promise<{ status: number | undefined; message: string }>((resolve) => {
      const { socket } = open(path, protocol, token);
      socket.on('error', () => {});
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response
          .on('data', (data) => (text += data))
          .on('end', () => resolve({ status: response.statusCode, message: JSON.parse(text).message }));
      });
    });

  it('begins each channel with the port, then carries data both ways, and closes when the pod ends', async () => {
    const { socket, received, until } = open('echo/portforward?ports=7000');
    await once(socket, 'open');
    expect(socket.protocol).toBe('v4.channel.k8s.io');
    await until(() => received.length >= 2);
    expect(received.slice(0, 2)).toEqual([Buffer.from([0, 7000 & 255, 7000 >> 8]), Buffer.from([1, 7000 & 255, 7000 >> 8])]);
    socket.send(Buffer.from('\0hello'));
    await until(() => received.length >= 3);
    expect(String(received[2])).toBe('\0hello');
    const closed = once(socket, 'close');
    socket.send(Buffer.from('\0bye'));
    expect((await closed)[0]).toBe(1000);
  });

  it('carries more than fits at once, without losing or mixing anything', async () => {
    const { socket, received, until } = open('echo/portforward?ports=7000');
    await once(socket, 'open');
    const block = Buffer.alloc(300_000, 7);
    for (let n = 0; n < 20; n += 1) socket.send(Buffer.concat([Buffer.from([0]), block]));
    const size = () => received.slice(2).reduce((sum, data) => sum + data.length - 1, 0);
    await until(() => size() >= 20 * block.length);
    expect(size()).toBe(20 * block.length);
    expect(received.slice(2).every((data) => data[0] === 0 && data.subarray(1).every((byte) => byte === 7))).toBe(true);
    socket.close();
  });

  it('serves several ports on one socket, and says on the error channel what refuses', async () => {
    const { socket, received, until } = open('echo/portforward?ports=7000&ports=7001');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await until(() => received.length >= 5);
    expect(received[4]?.[0]).toBe(3);
    expect(String(received[4]?.subarray(1))).toBe('error forwarding port 7001 to pod: connection refused');
    expect((await closed)[0]).toBe(1000);
  });

  it('refuses other dialects, unknown pods and users', async () => {
    const dialect = {
      status: 501,
      message: 'heddle sandbox: port-forward in another way than the WebSocket protocol v4.channel.k8s.io is not implemented',
    };
    expect(await refusal('echo/portforward?ports=7000', 'v5.channel.k8s.io')).toEqual(dialect);
    expect(await refusal('nobody/portforward?ports=1')).toEqual({ status: 404, message: 'pods "nobody" not found' });
    expect(await refusal('echo/exec')).toEqual({
      status: 501,
      message: 'heddle sandbox: an upgrade of /api/v1/namespaces/shop/pods/echo/exec is not implemented',
    });
    expect(await refusal('echo/portforward?ports=7000', undefined, 'wrong')).toEqual({ status: 401, message: 'Unauthorized' });
    expect((await api.send('/api/v1/namespaces/shop/pods/echo/portforward?ports=7000')).json.message).toBe('Upgrade request required');
    const allow = sandbox.faults.deny(({ subresource }) => subresource === 'portforward');
    expect(await refusal('echo/portforward?ports=7000')).toMatchObject({ status: 403 });
    allow();
  });

  it('is the same without HTTP', async () => {
    const cluster = sandbox.cluster('me');
    const stream = await cluster.openPort({ namespace: 'shop', name: 'echo' }, 7000);
    stream.write('x');
    expect(String((await once(stream, 'data'))[0])).toBe('x');
    stream.destroy();
    await expect(cluster.openPort({ namespace: 'shop', name: 'echo' }, 7001)).rejects.toMatchObject({
      reason: 'ConnectionRefused',
      status: 0,
    });
    await expect(cluster.openPort({ namespace: 'shop', name: 'nobody' }, 7000)).rejects.toMatchObject({ reason: 'NotFound', status: 404 });
    expect(sandbox.faults.requests.at(-1)).toMatchObject({
      verb: 'create',
      resource: 'pods',
      subresource: 'portforward',
      name: 'nobody',
      client: 'me',
    });
  });

  it('leaves no listener behind', async () => {
    const other = await createSandbox({ adapter: toyAdapter, scenario: toyScenario });
    const port = Number(new URL(other.apiUrl).port);
    await other.stop();
    const probe = createServer().listen(port, '127.0.0.1');
    await once(probe, 'listening');
    probe.close();
    expect(probe.listening).toBe(false);
  });
});
