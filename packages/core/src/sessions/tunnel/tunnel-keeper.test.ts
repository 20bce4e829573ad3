import { type Agent, type Cluster, type TunnelClosed, type TunnelProvider, UserError } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import { describe, expect, it } from 'vitest';
import { breathe, ManualClock } from '../../../test/sessions/manual-clock.js';
import { TIMING } from '../timing.js';
import { TunnelKeeper } from './tunnel-keeper.js';

const agent: Agent = { container: {}, volumes: [], secretData: {}, port: 2222, credentials: undefined };

/** A provider whose connections do what the script says: fail, or end as told. */
function scripted(script: readonly (Error | Promise<TunnelClosed>)[]): TunnelProvider & { attempts: number; disposed: number } {
  const provider = {
    $$type: '@heddle/TunnelProvider' as const,
    apiVersion: 1 as const,
    id: 'scripted',
    title: 'as the script says',
    protocols: ['tcp' as const],
    attempts: 0,
    disposed: 0,
    agent: async () => agent,
    connect: async () => {
      const step = script[provider.attempts++];
      if (step === undefined) throw new Error('the script is over');
      if (step instanceof Error) throw step;
      const stats = { port: 8080, open: 1, total: 2, failed: 0, bytesIn: 10, bytesOut: 20 };
      return {
        closed: step,
        stats: () => [stats],
        [Symbol.asyncDispose]: async () => {
          provider.disposed += 1;
        },
      };
    },
  };
  return provider;
}

function keep(script: readonly (Error | Promise<TunnelClosed>)[], prepare: (signal: AbortSignal) => Promise<void> = async () => undefined) {
  const clock = new ManualClock(0, 0);
  const cluster: Cluster = createClusterRig().cluster();
  const provider = scripted(script);
  const told: string[] = [];
  const keeper = new TunnelKeeper({
    cluster,
    clock,
    timing: TIMING,
    log: () => undefined,
    provider,
    agent,
    pod: { namespace: 'shop', name: 'heddle-web-m1' },
    forwards: [{ port: 8080, to: () => ({ host: '127.0.0.1', port: 3000 }) }],
    random: () => 1,
    prepare,
    onUp: () => told.push('up'),
    onDown: (why) => told.push(`down: ${why}`),
    onFailed: (attempt, error) => told.push(`failed ${attempt}: ${error.message}`),
    onFatal: (error) => told.push(`fatal: ${error.message}`),
  });
  return { keeper, clock, provider, told };
}

const lost: TunnelClosed = { why: 'lost', retry: true, cause: new Error('connection reset') };
const forEver = new Promise<TunnelClosed>(() => undefined);

describe('TunnelKeeper', () => {
  it('connects again after half a second, then waits twice as long each time, up to 15 s', async () => {
    const failures = Array.from({ length: 7 }, () => new Error('no route'));
    const { keeper, clock, provider, told } = keep([Promise.resolve(lost), ...failures, forEver]);
    keeper.start();
    await breathe();
    const times: number[] = [];
    for (let passed = 0; provider.attempts < 9; passed += 250) {
      const before = provider.attempts;
      await clock.advance(250);
      if (provider.attempts > before) times.push(passed + 250);
    }
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    expect(gaps.slice(-7)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    expect(told.slice(0, 3)).toEqual(['up', 'down: the tunnel was lost: connection reset', 'failed 1: no route']);
    expect(told.at(-1)).toBe('up');
    await keeper.close();
  });

  it('adds up what all its tunnels carried', async () => {
    const { keeper, clock, provider } = keep([Promise.resolve(lost), forEver]);
    keeper.start();
    await breathe();
    await clock.advance(500);
    expect(provider.attempts).toBe(2);
    expect(keeper.stats()).toEqual([{ port: 8080, open: 1, total: 4, failed: 0, bytesIn: 20, bytesOut: 40 }]);
    await keeper.close();
  });

  it.each(['tunnel-auth', 'tunnel-refused'])('does not try again after %s', async (code) => {
    const { keeper, clock, provider, told } = keep([new UserError({ code, exit: 'cluster', message: 'no' }), forEver]);
    keeper.start();
    await clock.advance(60_000);
    expect(provider.attempts).toBe(1);
    expect(told).toEqual(['fatal: no']);
    await keeper.close();
  });

  it('does not try again when the tunnel says that it cannot help', async () => {
    const { keeper, clock, told, provider } = keep([Promise.resolve({ why: 'auth', retry: false }), forEver]);
    keeper.start();
    await clock.advance(60_000);
    expect(provider.attempts).toBe(1);
    expect(told).toEqual(['up', 'down: the tunnel was closed (auth)', 'fatal: The tunnel was closed (auth)']);
    await keeper.close();
  });

  it('keeps the tunnel that it has once it is retired, and makes no other', async () => {
    let lose: (closed: TunnelClosed) => void = () => undefined;
    const { keeper, clock, provider, told } = keep([new Promise((resolve) => (lose = resolve)), forEver]);
    keeper.start();
    await breathe();
    keeper.retire();
    await breathe();
    expect(keeper.tunnel).toBeDefined();
    lose(lost);
    await clock.advance(60_000);
    expect([provider.attempts, told]).toEqual([1, ['up']]);
    await keeper.close();
    const trying = keep([new Error('no route'), forEver]);
    trying.keeper.start();
    await trying.clock.advance(1);
    trying.keeper.retire();
    await trying.clock.advance(60_000);
    expect(trying.provider.attempts).toBe(1);
    await trying.keeper.close();
  });

  it('stops for good when it is closed, whatever it is doing', async () => {
    const connected = keep([forEver]);
    connected.keeper.start();
    await connected.clock.advance(1);
    expect(connected.told).toEqual(['up']);
    await connected.keeper.close();
    expect(connected.provider.disposed).toBeGreaterThan(0);
    const closing = keep([new Error('no route'), forEver]);
    closing.keeper.start();
    await closing.clock.advance(1);
    await closing.keeper.close();
    await closing.clock.advance(60_000);
    expect(closing.provider.attempts).toBe(1);
    const preparing = keep([forEver], (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())));
    preparing.keeper.start();
    await preparing.keeper.close();
    expect(preparing.told).toEqual([]);
    expect(preparing.keeper.tunnel).toBeUndefined();
  });
});
