import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { cutOff, failureOf, say, soon } from './expecting.js';
import { app, echo } from './loopback.js';
import { networkTo } from './network.js';
import { ADMIN, HTTP, startPod } from './test-pod.js';
import { Skip, type TunnelCase } from './tunnel-case.js';

const nowhere = () => ({ host: '127.0.0.1', port: 1 });

/** How tunnels end, and what is left then: nothing. */
export const ENDING: readonly TunnelCase[] = [
  {
    id: 'lost',
    title: 'a connection that breaks is lost and worth another attempt; its callers are cut off, and the next one works',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      const network = networkTo(pod.process);
      await using first = await pod.connect([{ port: 8080, to: local.to }], { network });
      const caller = await pod.process.connect(8080);
      caller.write('x');
      await once(caller, 'data');
      const cut = cutOff(caller);
      network.cut();
      const { why, retry } = await first.closed;
      assert.deepEqual({ why, retry }, { why: 'lost', retry: true });
      await cut;
      await soon(() => assert.equal(pod.process.ready(), false, 'the pod is ready without a tunnel'));
      await using _ = await pod.connect([{ port: 8080, to: local.to }]);
      assert.equal(await say(await pod.process.connect(8080), 'again'), 'again');
    },
  },
  {
    id: 'cut-request',
    title: 'a request that was cut does not look like a complete one to the application',
    check: async (tunnel) => {
      const seen: string[] = [];
      await using local = await app((socket) => {
        for (const event of ['data', 'end', 'error'] as const) socket.on(event, () => seen.push(event));
      });
      await using pod = await startPod(tunnel);
      const network = networkTo(pod.process);
      await using open = await pod.connect([{ port: 8080, to: local.to }], { network });
      const caller = await pod.process.connect(8080);
      caller.on('error', () => {});
      caller.write('half a request');
      await soon(() => assert.deepEqual(seen, ['data']));
      network.cut();
      await open.closed;
      await soon(() => assert.deepEqual(seen, ['data', 'error']));
    },
  },
  {
    id: 'agent-killed',
    title: 'an agent that is killed is noticed at once',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      await using open = await pod.connect([{ port: 8080, to: nowhere }]);
      await pod.process.stop();
      const { why, retry } = await open.closed;
      assert.deepEqual({ why, retry }, { why: 'lost', retry: true });
      assert.equal((await failureOf(pod.process.connect(8080))).code, 'ECONNREFUSED');
    },
  },
  {
    id: 'silence',
    title: 'a connection that dies without a word is given up within eleven seconds, and an idle one that lives is not',
    timeout: 25_000,
    check: async (tunnel) => {
      await using pod = await startPod(tunnel, { ports: [HTTP, ADMIN] });
      await using other = await startPod(tunnel);
      const network = networkTo(pod.process);
      await using silent = await pod.connect([{ port: 8080, to: nowhere }], { network });
      await using idle = await other.connect([{ port: 8080, to: nowhere }]);
      network.freeze();
      const before = Date.now();
      const { why, retry } = await silent.closed;
      const seconds = (Date.now() - before) / 1000;
      assert.deepEqual({ why, retry }, { why: 'lost', retry: true });
      assert(seconds < 11, `it took ${seconds} s`);
      // A slow link is not a dead one.
      assert(seconds > 4, `it was given up after ${seconds} s`);
      await soon(() => assert.equal(pod.process.ready(), false), 4000);
      const still = await Promise.race([idle.closed, sleep(100, 'open')]);
      assert.equal(still, 'open', 'an idle connection was given up');
    },
  },
  {
    id: 'takes-over',
    title: 'a new connection gets its ports though a dead one still holds them',
    check: async (tunnel) => {
      await using local = await echo('new ');
      await using pod = await startPod(tunnel);
      const network = networkTo(pod.process);
      await using _dead = await pod.connect([{ port: 8080, to: nowhere }], { network });
      network.freeze();
      assert.equal(pod.process.ready(), true);
      const before = Date.now();
      await using _ = await pod.connect([{ port: 8080, to: local.to }]);
      assert(Date.now() - before < 3000, 'the ports were freed late');
      assert.equal(await say(await pod.process.connect(8080), 'owner'), 'new owner');
    },
  },
  {
    id: 'dispose',
    title: 'disposing ends everything, and may be done more than once',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel, { permitOpen: [{ host: local.host, port: local.port }] });
      const open = await pod.connect([{ port: 8080, to: local.to }]);
      const caller = await pod.process.connect(8080);
      caller.write('x');
      await once(caller, 'data');
      const cut = cutOff(caller);
      const out = await open.open?.(local.host, local.port);
      const outClosed = out === undefined ? undefined : new Promise((resolve) => out.once('close', resolve));
      await Promise.all([open[Symbol.asyncDispose](), open[Symbol.asyncDispose]()]);
      await open[Symbol.asyncDispose]();
      assert.deepEqual(await open.closed, { why: 'disposed', retry: false });
      await Promise.all([cut, outClosed]);
      await soon(() => assert.equal(pod.process.ready(), false));
      assert.equal((await failureOf(pod.process.connect(8080))).code, 'ECONNREFUSED');
      assert.equal(open.stats()[0]?.open, 0);
    },
  },
  {
    id: 'dispose-dead',
    title: 'disposing does not wait for an agent that does not answer',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      const network = networkTo(pod.process);
      const open = await pod.connect([{ port: 8080, to: nowhere }], { network });
      network.freeze();
      const before = Date.now();
      await open[Symbol.asyncDispose]();
      assert(Date.now() - before < 3000, `it took ${Date.now() - before} ms`);
      assert.deepEqual(await open.closed, { why: 'disposed', retry: false });
    },
  },
  {
    id: 'abort',
    title: 'the signal ends connecting, and not what is connected',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      const forwards = [{ port: 8080, to: nowhere }];
      const before = AbortSignal.abort(new Error('stopped before'));
      assert.equal((await failureOf(pod.connect(forwards, { signal: before }))).message, 'stopped before');
      const network = networkTo(pod.process);
      network.freeze();
      const during = new AbortController();
      const attempt = failureOf(pod.connect(forwards, { signal: during.signal, network }));
      setImmediate(() => during.abort(new Error('stopped meanwhile')));
      assert.equal((await attempt).message, 'stopped meanwhile');
      const greeting = new AbortController();
      const mute = async () => {
        setImmediate(() => greeting.abort(new Error('stopped while greeting')));
        return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
      };
      const { provider } = tunnel;
      const greeted = failureOf(provider.connect(mute, pod.agent, forwards, { signal: greeting.signal, log: () => {} }));
      assert.equal((await greeted).message, 'stopped while greeting');
      const after = new AbortController();
      await using _ = await pod.connect(forwards, { signal: after.signal });
      after.abort();
      await sleep(50);
      assert.equal(pod.process.ready(), true);
    },
  },
  {
    id: 'open',
    title: 'connects out of the pod to the permitted pair, and to no other',
    check: async (tunnel) => {
      await using local = await echo();
      await using other = await echo();
      const pair = { host: local.host, port: local.port };
      await using pod = await startPod(tunnel, { permitOpen: [pair, nowhere()] });
      await using open = await pod.connect([{ port: 8080, to: nowhere }]);
      if (open.open === undefined) throw new Skip('this tunnel does not connect out of the pod');
      assert.equal(await say(await open.open(pair.host, pair.port), 'out and back'), 'out and back');
      await failureOf(open.open(other.host, other.port));
      await failureOf(open.open('localhost', pair.port));
      // Permitted, but nothing listens there.
      await failureOf(open.open('127.0.0.1', 1));
      assert.equal(await say(await open.open(pair.host, pair.port), 'once more'), 'once more');
    },
  },
];
