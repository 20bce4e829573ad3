import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForwardedPort } from './forwarded-port.js';

const told: string[] = [];
let server: Server;
let to = { host: '127.0.0.1', port: 0 };
const port = () => new ForwardedPort({ port: 8080, to: () => to }, (message, details) => told.push(`${message}: ${details?.cause}`));

beforeEach(async () => {
  told.length = 0;
  server = createServer((socket) => socket.on('error', () => {}).end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  to = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
});
afterEach(() => void server.close());

/** What becomes of one caller: the local connection, or `failed`. */
const call = (forwarded: ForwardedPort) =>
  new Promise<Socket | 'failed'>((resolve) => void forwarded.connect({ connected: resolve, failed: () => resolve('failed') }));

async function connection(forwarded: ForwardedPort): Promise<Socket> {
  const local = await call(forwarded);
  if (local === 'failed') throw new Error('there is no connection');
  return local.on('error', () => {});
}

describe('a forwarded port', () => {
  it('connects where it leads now, and counts what came from there', async () => {
    const forwarded = port();
    const local = await connection(forwarded);
    expect(forwarded.stats()).toMatchObject({ port: 8080, open: 1, total: 1, failed: 0 });
    local.end('question').resume();
    await once(local, 'close');
    expect(forwarded.stats()).toEqual({ port: 8080, open: 0, total: 1, failed: 0, bytesIn: 8, bytesOut: 5 });
  });

  it('turns callers away while nothing listens, and says so once until it works again', async () => {
    const forwarded = port();
    const good = to;
    to = { host: '127.0.0.1', port: 1 };
    expect([await call(forwarded), await call(forwarded)]).toEqual(['failed', 'failed']);
    expect(told).toEqual(['port 8080: no connection to 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1']);
    to = good;
    (await connection(forwarded)).destroy();
    to = { host: '127.0.0.1', port: 1 };
    await call(forwarded);
    expect(told).toHaveLength(2);
    expect(forwarded.stats()).toMatchObject({ total: 4, failed: 3 });
  });

  it('takes a place that is none as a failure of that caller alone', async () => {
    const forwarded = port();
    to = { host: '127.0.0.1', port: 70_000 };
    expect(await call(forwarded)).toBe('failed');
    expect(told[0]).toContain('port 8080: no place to connect to');
    expect(forwarded.stats()).toMatchObject({ open: 0, total: 1, failed: 1 });
  });

  it('gives up for a caller who is gone, without a word in the log', async () => {
    const forwarded = port();
    const turnedAway = new Promise<void>((resolve, reject) => {
      const giveUp = forwarded.connect({ connected: () => reject(new Error('it connected')), failed: resolve });
      giveUp();
    });
    await turnedAway;
    expect(told).toEqual([]);
    expect(forwarded.stats()).toMatchObject({ open: 0, total: 1, failed: 1 });
  });

  it('resets what is open when the tunnel is over, and tells nobody who still waited', async () => {
    const forwarded = port();
    const outcomes: unknown[] = [];
    const local = await connection(forwarded);
    forwarded.connect({ connected: () => outcomes.push('connected'), failed: () => outcomes.push('failed') });
    const closed = once(local, 'close');
    forwarded.abort();
    await closed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(outcomes).toEqual([]);
    expect(told).toEqual([]);
    expect(forwarded.stats()).toMatchObject({ open: 0, total: 2 });
  });
});
