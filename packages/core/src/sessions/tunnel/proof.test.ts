import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Change, Client, Destination, Owner, RouteTable, View } from '@heddle/core';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/sessions/manual-clock.js';
import { TIMING } from '../timing.js';
import { type ProofInput, prove } from './proof.js';
import { ANSWER_HEADER, NONCE_HEADER, Responder } from './responder.js';

const owner: Owner = { kind: 'session', namespace: 'shop', id: 'm1' };
const service = { namespace: 'shop', name: 'web', port: 80 };
const change: Change = {
  owner,
  services: [service],
  views: 'all',
  versions: [{ id: 'm1', realise: 'service', service: { namespace: 'shop', name: 'heddle-web-m1' } }],
  intents: [],
};
const client: Client = { kind: 'sidecar', namespace: 'shop', labels: { app: 'shadow' } };
const inMesh: View = { plane: 'mesh', clients: {} };
const gateway: View = { plane: 'gateway', gateway: { namespace: 'edge', selector: { gw: 'in' } } };

const to = (host: string, port = 80): Destination => ({ host, port, weight: 1, endpoints: [{ namespace: 'shop', name: 'x' }] });
function table(view: View, change: Partial<RouteTable> = {}): RouteTable {
  const match = [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }];
  return {
    view,
    domains: ['web.shop.svc.cluster.local', 'web.shop.svc', 'web.shop', 'web'],
    port: 80,
    protocol: 'http',
    rules: [{ match, action: { to: [to('heddle-web-m1.shop.svc.cluster.local')] }, owner, origins: [] }],
    otherwise: { to: [to('web.shop.svc.cluster.local')] },
    ...change,
  };
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server that the proof reaches in place of the mesh. */
async function served(
  respond: (request: IncomingMessage) => Record<string, string>,
): Promise<{ open: NonNullable<ProofInput['open']>; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(200, respond(request)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { seen, open: async () => connect(port, '127.0.0.1') };
}

async function input(other: Partial<ProofInput> = {}): Promise<ProofInput> {
  const responder = await Responder.open();
  ends.push(() => responder[Symbol.asyncDispose]());
  return {
    tables: [table(inMesh)],
    change,
    match: { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] },
    client,
    open: async () => connect(responder.address.port, '127.0.0.1'),
    responder,
    clock: new ManualClock(),
    timing: TIMING,
    signal: new AbortController().signal,
    ...other,
  };
}

const why = async (other: Partial<ProofInput>) => (await prove(await input(other))).map((proof) => proof.why ?? proof.state);

describe('prove', () => {
  it('asks the service by name, with the match and a nonce', async () => {
    const echo = await served(() => ({}));
    const dialled: unknown[] = [];
    const proofs = await prove(
      await input({
        open: (...at) => {
          dialled.push(at);
          return echo.open(...at);
        },
      }),
    );
    expect(dialled[0]).toEqual(['web.shop.svc', 80]);
    expect(proofs).toMatchObject([{ view: inMesh, port: 80, state: 'written' }]);
    expect(echo.seen[0]?.headers).toMatchObject({ host: 'web.shop.svc:80', 'x-dev': 'alice', [NONCE_HEADER]: expect.any(String) });
  });

  it('holds when our own responder answers', async () => {
    expect(await why({})).toEqual(['proved']);
  });

  it('does not hold when a service answers that repeats what it is sent', async () => {
    const echo = await served((request) => ({
      [ANSWER_HEADER]: String(request.headers[NONCE_HEADER]),
      [NONCE_HEADER]: String(request.headers[NONCE_HEADER]),
    }));
    const clock = new ManualClock();
    expect(await why({ open: echo.open, clock })).toEqual(['the proof was answered by somebody else (status 200), for 30 s']);
    // A rule takes a moment to reach the proxies, so it asked more than once, but not for ever.
    expect(echo.seen.length).toBeGreaterThan(30);
    expect(echo.seen.length).toBeLessThan(70);
  });

  it('holds as soon as the rule has reached the proxies', async () => {
    const echo = await served(() => ({}));
    const prepared = await input();
    let asked = 0;
    const open: ProofInput['open'] = (host, port) => (asked++ < 3 ? echo.open : (prepared.open ?? echo.open))(host, port);
    expect(await prove({ ...prepared, open })).toMatchObject([{ state: 'proved' }]);
    expect(echo.seen).toHaveLength(3);
  });

  it('says why not when the connection fails', async () => {
    const open = async () => {
      throw new Error('administratively prohibited');
    };
    expect(await why({ open })).toEqual([expect.stringContaining('could not be sent (administratively prohibited)')]);
  });

  it.each<[string, Partial<ProofInput>, string]>([
    ['at a gateway', { tables: [table(gateway)] }, 'only callers inside the mesh'],
    ['without a sidecar', { client: { kind: 'none' } }, 'has no sidecar'],
    ['for other clients', { tables: [table({ plane: 'mesh', clients: { namespaces: ['other'] } })] }, 'other pods than the shadow'],
    ['without a tunnel that can', { match: { method: { exact: 'DELETE' } } }, 'could change something'],
    [
      'when another rule decides',
      {
        tables: [table(inMesh, { rules: [{ match: [], action: { status: 404 }, owner: 'foreign', origins: [] }, ...table(inMesh).rules] })],
      },
      'is not decided by this rule',
    ],
  ])('is not tried %s', async (_case, change, reason) => {
    expect(await why(change)).toEqual([expect.stringContaining(reason)]);
  });

  it('is not tried by a tunnel that cannot make requests', async () => {
    const { open: _open, ...rest } = await input();
    expect(await prove(rest)).toMatchObject([{ state: 'written', why: expect.stringContaining('the tunnel cannot') }]);
  });

  it('is about the views and ports where our rules stand, no others', async () => {
    const elsewhere = table({ plane: 'mesh', clients: { namespaces: ['other'] } }, { rules: [] });
    const proofs = await prove(
      await input({
        tables: [table(inMesh), elsewhere, table(inMesh, { port: 81, rules: [] })],
        change: { ...change, services: [service, { ...service, port: 81 }] },
      }),
    );
    expect(proofs).toMatchObject([{ view: inMesh, port: 80 }]);
    expect(proofs).toHaveLength(1);
  });
});
