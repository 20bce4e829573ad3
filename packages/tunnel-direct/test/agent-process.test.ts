import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tunnel } from '../src/index.js';
import { silent } from './pod.js';

/** As the image starts it; `npm run build` makes it. */
const PROGRAM = fileURLToPath(new URL('../dist/agent/main.js', import.meta.url));
/** Stands for the pod's address: what listens everywhere answers here too. */
const POD = '127.0.0.2';

const listening = async (server: Server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Below those that systems give to whoever dials, so that nobody takes it meanwhile. */
async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const server = createServer().listen(port, '0.0.0.0');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Listens on a port as soon as the program has let go of it: a tunnel that has ended at this end ends a moment later at the other. */
async function squatOn(port: number): Promise<Server> {
  for (let tries = 0; ; tries++) {
    const server = createServer().listen(port, '0.0.0.0');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (tries === 250) throw error;
      await sleep(20);
    }
  }
}

const dial = async (port: number, _signal?: AbortSignal, host = '127.0.0.1'): Promise<Socket> => {
  const socket = connect({ host, port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
};

describe("the image's program, on sockets", () => {
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  let folder = '';
  let local = 0;
  let port = 0;
  let program: ChildProcess;
  let agent: Awaited<ReturnType<typeof tunnel.agent>>;
  const forwards = () => [{ port, to: () => ({ host: '127.0.0.1', port: local }) }];
  const options = () => ({ signal: new AbortController().signal, log: silent });

  beforeAll(async () => {
    local = await listening(echo);
    port = await freePort();
    const made = await tunnel.agent({
      image: 'x',
      secretName: 'x',
      ports: [{ name: 'http', port }],
      permitOpen: [{ host: '127.0.0.1', port: local }],
    });
    const settings = {
      ...JSON.parse(Buffer.from(made.secretData['settings.json'] ?? '', 'base64').toString()),
      controlPort: await freePort(),
    };
    agent = { ...made, port: settings.controlPort };
    folder = await mkdtemp(join(tmpdir(), 'heddle-agent-'));
    await writeFile(join(folder, 'token'), Buffer.from(made.secretData.token ?? '', 'base64'));
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
    program = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (program.stdout === null) throw new Error('the program has no output');
    expect(await once(createInterface(program.stdout), 'line')).toEqual([`controlled on port ${settings.controlPort}`]);
  });
  afterAll(async () => {
    program.kill('SIGKILL');
    await new Promise((resolve) => echo.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  test('is controlled from loopback only, and listens everywhere for the mesh', async () => {
    await expect(dial(agent.port, undefined, POD)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(dial(port, undefined, POD)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await using _ = await tunnel.connect(dial, agent, forwards(), options());
    const caller = await dial(port, undefined, POD);
    caller.end('to the address of the pod');
    expect(await text(caller)).toBe('to the address of the pod');
  });

  test('carries 1,000 connections at once, and connects out', async () => {
    await using open = await tunnel.connect(dial, agent, forwards(), options());
    const callers = await Promise.all(Array.from({ length: 1000 }, () => dial(port)));
    const heard = await Promise.all(
      callers.map(async (caller, index) => {
        caller.end(`${index}`);
        return await text(caller);
      }),
    );
    expect(heard).toEqual(callers.map((_, index) => `${index}`));
    expect(open.stats()[0]).toMatchObject({ total: 1000, failed: 0 });
    const out = await open.open?.('127.0.0.1', local);
    out?.end('out and back');
    expect(out === undefined ? undefined : await text(out)).toBe('out and back');
  }, 60_000);

  test('a port that another program has is refused by number', async () => {
    const squatter = await squatOn(port);
    await expect(tunnel.connect(dial, agent, forwards(), options())).rejects.toMatchObject({
      code: 'tunnel-refused',
      message: expect.stringContaining(String(port)),
    });
    await new Promise((resolve) => squatter.close(resolve));
    await using _ = await tunnel.connect(dial, agent, forwards(), options());
  });

  test('ends when it is told to, and its tunnel is lost', async () => {
    await using open = await tunnel.connect(dial, agent, forwards(), options());
    program.kill('SIGTERM');
    expect(await once(program, 'exit')).toEqual([0, null]);
    expect(await open.closed).toMatchObject({ why: 'lost', retry: true });
  });
});
