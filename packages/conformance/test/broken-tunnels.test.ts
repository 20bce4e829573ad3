import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Duplex } from 'node:stream';
import type { Agent, InProcessAgent, PodProcess, Tunnel } from '@heddle/core';
import { tunnel } from '@heddle/tunnel-direct';
import { agent } from '@heddle/tunnel-direct/in-process';
import { describe, expect, it } from 'vitest';
import { runTunnelCases, TUNNEL_CASES, type TunnelUnderTest } from '../src/tunnels/index.js';

const good: TunnelUnderTest = { provider: tunnel, agent };

/** The tunnel with another agent in the pod's description. */
function agentLike(change: (agent: Agent) => Agent): TunnelUnderTest {
  return { ...good, provider: { ...tunnel, agent: async (spec) => change(await tunnel.agent(spec)) } };
}

/** The tunnel whose connections are spoilt once they are there. */
function tunnelLike(change: (open: Tunnel) => Partial<Tunnel>): TunnelUnderTest {
  const connect: typeof tunnel.connect = async (...given) => {
    const open = await tunnel.connect(...given);
    const end = () => open[Symbol.asyncDispose]();
    return {
      closed: open.closed,
      stats: () => open.stats(),
      open: (h, p) => dialOut(open, h, p),
      [Symbol.asyncDispose]: end,
      ...change(open),
    };
  };
  return { ...good, provider: { ...tunnel, connect } };
}

const dialOut = (open: Tunnel, host: string, port: number) => open.open?.(host, port) ?? Promise.reject(new Error('cannot'));

/** The tunnel whose program in the pod is spoilt. */
function processLike(change: (process: PodProcess) => Partial<PodProcess>): TunnelUnderTest {
  const spoilt: InProcessAgent = async (context) => {
    const process = await agent(context);
    if (process === undefined) return undefined;
    return {
      connect: (port) => process.connect(port),
      ready: () => process.ready(),
      onReadyChange: (listener) => process.onReadyChange(listener),
      stop: () => process.stop(),
      ...change(process),
    };
  };
  return { ...good, agent: spoilt };
}

/** A connection that passes everything on as `change` says. */
function through(
  under: Duplex,
  change: { readonly write?: (chunk: Buffer) => Buffer; readonly hoard?: boolean; readonly noHalf?: boolean },
): Duplex {
  const over = new Duplex({
    allowHalfOpen: change.noHalf !== true,
    read: () => void under.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (change.hoard === true) {
        under.write(chunk);
        done();
      } else under.write(change.write?.(chunk) ?? chunk, () => done());
    },
    final: (done) => {
      if (change.noHalf === true) under.destroy();
      else under.end();
      done();
    },
    destroy: (error, done) => {
      under.destroy();
      done(error);
    },
  });
  under.on('data', (chunk) => {
    if (!over.push(chunk)) under.pause();
  });
  under.on('end', () => over.push(null));
  under.on('error', (error) => over.destroy(error));
  return over;
}

const callersOf = (change: Parameters<typeof through>[1]) =>
  processLike((process) => ({
    connect: async (port) => {
      const stream = await process.connect(port);
      return port === 8080 || port === 9090 ? through(stream, change) : stream;
    },
  }));

async function dialAnywhere(host: string, port: number): Promise<Duplex> {
  const socket = createConnection({ host, port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** What tunnels get wrong, and the cases that must notice each. */
const broken: readonly (readonly [string, TunnelUnderTest, readonly string[]])[] = [
  ['runs as root', agentLike((made) => ({ ...made, container: { ...made.container, securityContext: {} } })), ['restricted']],
  ['forgets the Secret', agentLike((made) => ({ ...made, volumes: [] })), ['restricted']],
  ['prints its credentials', agentLike((made) => ({ ...made, credentials: made.secretData })), ['credentials']],
  ['is always ready', processLike(() => ({ ready: () => true })), ['own-pods', 'ready']],
  ['changes bytes', callersOf({ write: (chunk) => Buffer.concat([chunk.subarray(1), chunk.subarray(0, 1)]) }), ['bytes', 'parallel']],
  ['has no half-close', callersOf({ noHalf: true }), ['caller-ends-first']],
  ['hoards what a slow application does not read', callersOf({ hoard: true }), ['slow-app']],
  [
    'counts nothing',
    tunnelLike(() => ({ stats: () => [{ port: 8080, open: 0, total: 0, failed: 0, bytesIn: 0, bytesOut: 0 }] })),
    ['bytes'],
  ],
  [
    'says that every end is worth another attempt',
    tunnelLike((open) => ({ closed: open.closed.then((end) => ({ ...end, retry: true })) })),
    ['dispose'],
  ],
  ['does not end when disposed', tunnelLike(() => ({ [Symbol.asyncDispose]: async () => {} })), ['dispose', 'ready']],
  ['permits every place', tunnelLike(() => ({ open: dialAnywhere })), ['open']],
  ['does not notice its end', tunnelLike(() => ({ closed: new Promise(() => {}) })), ['agent-killed', 'lost']],
  [
    'lets a dead connection keep its ports',
    processLike((process) => ({
      connect: async (port) => {
        if (process.ready() && port !== 8080) throw new Error('taken');
        return await process.connect(port);
      },
    })),
    ['takes-over'],
  ],
  [
    'tells everybody that trying again helps',
    {
      ...good,
      provider: {
        ...tunnel,
        connect: (...given) =>
          tunnel.connect(...given).catch((error: Error) => {
            throw new Error(error.message);
          }),
      },
    },
    ['auth', 'refused', 'foreign-credentials'],
  ],
  [
    'ignores the signal',
    {
      ...good,
      provider: {
        ...tunnel,
        connect: (dial, made, forwards, { log }) => tunnel.connect(dial, made, forwards, { log, signal: new AbortController().signal }),
      },
    },
    ['abort'],
  ],
];

describe('cases notice a tunnel that', () => {
  it.each(broken)(
    '%s',
    async (_, spoilt, expected) => {
      const chosen = TUNNEL_CASES.filter(({ id }) => expected.includes(id)).map((test) => ({ ...test, timeout: 2000 }));
      const { results } = await runTunnelCases(spoilt, chosen);
      expect(
        results
          .filter(({ outcome }) => outcome === 'fail')
          .map(({ id }) => id)
          .sort(),
      ).toEqual([...expected].sort());
    },
    30_000,
  );
});

it('a case that needs what the contract leaves optional is skipped and says so', async () => {
  const closed: TunnelUnderTest = {
    ...good,
    provider: {
      ...tunnel,
      connect: async (...given) => {
        const open = await tunnel.connect(...given);
        return { closed: open.closed, stats: () => open.stats(), [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
      },
    },
  };
  const { results } = await runTunnelCases(
    closed,
    TUNNEL_CASES.filter(({ id }) => id === 'open'),
  );
  expect(results).toMatchObject([{ outcome: 'skip', why: 'this tunnel does not connect out of the pod' }]);
});
