import { strict as assert } from 'node:assert';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { cutOff, say, soon } from './expecting.js';
import { app, echo, nowhere } from './loopback.js';
import { startPod } from './test-pod.js';
import type { TunnelCase, TunnelUnderTest } from './tunnel-case.js';

const MiB = 1024 * 1024;
/** What may be on its way for one connection: windows and sockets' buffers together. */
const IN_BETWEEN = 24 * MiB;

/** A tunnel holds little itself: who cannot take more stops the other side, and nobody else. */
export const FLOW: readonly TunnelCase[] = [
  {
    id: 'slow-caller',
    title: 'a caller that does not read stops the application, and no other connection',
    check: (tunnel) => slow(tunnel, 'caller'),
  },
  {
    id: 'slow-app',
    title: 'an application that does not read stops the caller, and no other connection',
    check: (tunnel) => slow(tunnel, 'app'),
  },
  {
    id: 'nothing-listens',
    title: 'a connection to a place where nothing listens is closed at once and counted as failed, and the next works when something does',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      let place = await nowhere();
      const log: string[] = [];
      await using open = await pod.connect([{ port: 8080, to: () => place }], { log: (message) => log.push(message) });
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const before = Date.now();
        await cutOff(await pod.process.connect(8080));
        assert(Date.now() - before < 2000, 'the caller had to wait');
      }
      await soon(() => assert.deepEqual([open.stats()[0]?.total, open.stats()[0]?.failed], [3, 3]));
      assert.equal(log.length, 1, 'the user is told once, not for each connection');
      await using local = await echo();
      place = { host: local.host, port: local.port };
      assert.equal(await say(await pod.process.connect(8080), 'there'), 'there');
    },
  },
  {
    id: 'no-place',
    title: 'a place that is none fails its connection only',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      await using local = await echo();
      const places = [
        () => {
          throw new Error('nowhere to go');
        },
        () => ({ host: '127.0.0.1', port: 70_000 }),
      ];
      await using open = await pod.connect([{ port: 8080, to: () => (places.shift() ?? local.to)() }]);
      for (let attempt = 0; attempt < 2; attempt += 1) await cutOff(await pod.process.connect(8080));
      assert.equal(await say(await pod.process.connect(8080), 'still here'), 'still here');
      assert.deepEqual([open.stats()[0]?.total, open.stats()[0]?.failed], [3, 2]);
    },
  },
  {
    id: 'app-breaks-off',
    title: 'a caller whose application broke off is let go',
    check: async (tunnel) => {
      await using pod = await startPod(tunnel);
      await using local = await app((socket) => void socket.once('data', () => socket.resetAndDestroy()));
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      const stream = await pod.process.connect(8080);
      stream.write('anybody?');
      await cutOff(stream);
      stream.destroy();
      await soon(() => assert.equal(open.stats()[0]?.open, 0));
    },
  },
  {
    id: 'caller-leaves',
    title: 'an application whose caller has left is told',
    check: async (tunnel) => {
      let gone = false;
      await using pod = await startPod(tunnel);
      await using local = await app((socket) => {
        socket.write('hello');
        socket.resume();
        socket.on('end', () => socket.end());
        socket.on('close', () => {
          gone = true;
        });
      });
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      const stream = await pod.process.connect(8080);
      await new Promise((resolve) => stream.once('data', resolve));
      stream.destroy();
      await soon(() => assert(gone, 'the application still waits for its caller'));
      await soon(() => assert.equal(open.stats()[0]?.open, 0));
    },
  },
];

async function slow(tunnel: TunnelUnderTest, who: 'caller' | 'app'): Promise<void> {
  let sent = 0;
  const source = () =>
    new Readable({
      read() {
        sent += 64 * 1024;
        this.push(sent > 200 * MiB ? null : Buffer.alloc(64 * 1024));
      },
    });
  await using local = await app((socket) => {
    socket.once('data', (first: Buffer) => {
      if (first.toString() === 'quick') socket.end('answer');
      else if (who === 'caller') source().pipe(socket);
      else socket.pause();
    });
  });
  await using pod = await startPod(tunnel);
  await using _ = await pod.connect([{ port: 8080, to: local.to }]);
  const stuck = await pod.process.connect(8080);
  stuck.on('error', () => {});
  stuck.write('slow');
  await sleep(100);
  if (who === 'app') source().pipe(stuck);
  // Until nothing more is taken.
  for (let before = -1; sent === 0 || sent !== before; await sleep(300)) before = sent;
  assert(sent < IN_BETWEEN, `${Math.round(sent / MiB)} MiB were taken for a reader that reads nothing`);
  assert.equal(await say(await pod.process.connect(8080), 'quick'), 'answer');
  stuck.destroy();
}
