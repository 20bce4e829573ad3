import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startChild } from '../child.js';
import { systemClock } from '../clock.js';
import { probePort, requireFree, requireListening } from '../local-port.js';
import { createLocalCommand } from './local-command.js';

async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const exposed = (port: number, host = 'localhost') => [{ port: '80', local: { host, port } }];

function command(script: string, port: number) {
  const said: string[] = [];
  const local = createLocalCommand({
    command: [process.execPath, '-e', script, String(port)],
    ports: exposed(port),
    startChild,
    stdout: 'stderr',
    probe: probePort,
    clock: systemClock(),
    say: (message) => said.push(message),
  });
  return { local, said };
}

const SERVER = `const s = require('node:net').createServer(() => {}); setTimeout(() => s.listen(Number(process.argv[1]), '127.0.0.1'), 300);`;

describe('the command after --', () => {
  it('is waited for until it listens, and its exit code is known', async () => {
    const port = await freePort();
    const { local, said } = command(`${SERVER} setTimeout(() => process.exit(7), 1500);`, port);
    expect(await local.start(new AbortController().signal)).toBe(true);
    expect(said[0]).toMatch(/^Started .* waiting until it listens on localhost:\d+\.$/);
    expect(await local.ended).toEqual({ code: 7 });
    expect(local.ownEnd).toEqual({ code: 7 });
  });

  it('that ends before it listens is an error with its code', async () => {
    const { local } = command('process.exit(3)', await freePort());
    await expect(local.start(new AbortController().signal)).rejects.toMatchObject({
      code: 'command-not-listening',
      message: expect.stringContaining('ended with code 3'),
    });
  });

  it('that does not exist is an error', async () => {
    const local = createLocalCommand({
      command: ['heddle-no-such-program'],
      ports: exposed(1),
      startChild,
      stdout: 'stderr',
      probe: probePort,
      clock: systemClock(),
      say: () => undefined,
    });
    await expect(local.start(new AbortController().signal)).rejects.toMatchObject({
      code: 'command-not-started',
      message: expect.stringContaining('there is no such program'),
    });
  });

  it('is ended by stop, which is no end of its own; waiting ends when asked to', async () => {
    const { local } = command('setInterval(() => {}, 1000)', await freePort());
    const abort = new AbortController();
    const started = local.start(abort.signal);
    setTimeout(() => abort.abort(), 300);
    expect(await started).toBe(false);
    await local.stop();
    expect(local.ownEnd).toBeUndefined();
  });

  it('killed by a signal has the code that a shell would give', async () => {
    const port = await freePort();
    const { local } = command(SERVER, port);
    await local.start(new AbortController().signal);
    local.kill('SIGTERM');
    expect(await local.ended).toEqual({ code: 143, signal: 'SIGTERM' });
  });
});

describe('local ports', () => {
  it('finds out whether 127.0.0.1 or ::1 listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await requireListening(exposed(port), probePort)).toEqual(exposed(port, '::1'));
    await expect(requireFree(exposed(port), probePort)).rejects.toMatchObject({ code: 'local-port-in-use' });
    await new Promise((resolve) => server.close(resolve));
    await requireFree(exposed(port), probePort);
    await expect(requireListening(exposed(port), probePort)).rejects.toMatchObject({
      code: 'local-port-closed',
      exit: 'usage',
      message: `Nothing listens on localhost:${port}, where requests for port 80 would go.`,
    });
  });
});
