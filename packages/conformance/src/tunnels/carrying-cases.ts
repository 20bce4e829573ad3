import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hear, say, soon } from './expecting.js';
import { app, echo } from './loopback.js';
import { ADMIN, HTTP, startPod } from './test-pod.js';
import type { TunnelCase } from './tunnel-case.js';

const MiB = 1024 * 1024;
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

/** What goes through must come out: all of it, in order, and each half by itself. */
export const CARRYING: readonly TunnelCase[] = [
  {
    id: 'bytes',
    title: 'carries bytes both ways, unchanged, and counts them',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      const stream = await pod.process.connect(8080);
      const sent = randomBytes(8 * MiB);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      const ended = once(stream, 'end');
      stream.end(sent);
      await ended;
      assert.equal(sha256(Buffer.concat(chunks)), sha256(sent), 'what came back is not what was sent');
      const counted = { port: 8080, open: 0, total: 1, failed: 0, bytesIn: sent.length, bytesOut: sent.length };
      await soon(() => assert.deepEqual(open.stats(), [counted]));
    },
  },
  {
    id: 'ports',
    title: 'takes each port to its own place, asked anew for each connection',
    check: async (tunnel) => {
      await using one = await echo('one ');
      await using two = await echo('two ');
      await using three = await echo('three ');
      await using pod = await startPod(tunnel, { ports: [HTTP, ADMIN] });
      let place = two;
      await using open = await pod.connect([
        { port: 8080, to: one.to },
        { port: 9090, to: () => place.to() },
      ]);
      assert.equal(await say(await pod.process.connect(8080), 'a'), 'one a');
      assert.equal(await say(await pod.process.connect(9090), 'b'), 'two b');
      place = three;
      assert.equal(await say(await pod.process.connect(9090), 'c'), 'three c');
      assert.deepEqual(
        open.stats().map(({ port, total }) => [port, total]),
        [
          [8080, 1],
          [9090, 2],
        ],
      );
    },
  },
  {
    id: 'by-name',
    title: 'finds a place by its name, on whichever of its addresses something listens',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      await using _ = await pod.connect([{ port: 8080, to: () => ({ host: 'localhost', port: local.port }) }]);
      assert.equal(await say(await pod.process.connect(8080), 'by name'), 'by name');
    },
  },
  {
    id: 'parallel',
    title: 'carries eight streams at once, each with its own bytes',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      await using _ = await pod.connect([{ port: 8080, to: local.to }]);
      const sent = Array.from({ length: 8 }, () => randomBytes(MiB).toString('base64'));
      const heard = await Promise.all(sent.map(async (words) => await say(await pod.process.connect(8080), words)));
      assert(
        heard.every((words, index) => words === sent[index]),
        'a stream carried what was not its own',
      );
    },
  },
  {
    id: 'word-by-word',
    title: 'holds nothing back: each word is answered before the next is said',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      await using _ = await pod.connect([{ port: 8080, to: local.to }]);
      const stream = await pod.process.connect(8080);
      for (let word = 0; word < 100; word += 1) {
        const answer = once(stream, 'data');
        stream.write(`${word}`);
        assert.equal(String((await answer)[0]), `${word}`);
      }
      stream.destroy();
    },
  },
  {
    id: 'caller-ends-first',
    title: 'a caller that has ended its half still gets the answer',
    check: async (tunnel) => {
      await using local = await app(async (socket) => {
        const question = await hear(socket);
        await sleep(50);
        socket.end(`answer to ${question}`);
      });
      await using pod = await startPod(tunnel);
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      assert.equal(await say(await pod.process.connect(8080), 'question'), 'answer to question');
      await soon(() => assert.equal(open.stats()[0]?.open, 0));
    },
  },
  {
    id: 'app-ends-first',
    title: 'an application that has ended its half still hears the caller',
    check: async (tunnel) => {
      const heard: Promise<string>[] = [];
      await using local = await app((socket) => {
        heard.push(hear(socket));
        socket.end('first and last word');
      });
      await using pod = await startPod(tunnel);
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      const stream = await pod.process.connect(8080);
      assert.equal(await hear(stream), 'first and last word');
      assert.equal(open.stats()[0]?.open, 1, 'the connection was over when one half was');
      stream.write('long ');
      await sleep(50);
      stream.end('after');
      await soon(() => assert.equal(heard.length, 1));
      assert.equal(await heard[0], 'long after');
      await soon(() => assert.equal(open.stats()[0]?.open, 0));
    },
  },
  {
    id: 'late-reader',
    title: 'a slow caller gets all of a long answer, though the application ended long ago',
    check: async (tunnel) => {
      const answer = 'x'.repeat(8 * MiB);
      await using local = await app((socket) => {
        socket.resume();
        socket.end(answer);
      });
      await using pod = await startPod(tunnel);
      await using _ = await pod.connect([{ port: 8080, to: local.to }]);
      const stream = await pod.process.connect(8080);
      await sleep(300);
      assert.equal((await say(stream, '')).length, answer.length);
    },
  },
  {
    id: 'many-in-turn',
    title: 'carries 500 connections one after the other',
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      for (let index = 0; index < 500; index += 1) assert.equal(await say(await pod.process.connect(8080), `${index}`), `${index}`);
      await soon(() => assert.deepEqual([open.stats()[0]?.open, open.stats()[0]?.total, open.stats()[0]?.failed], [0, 500, 0]));
    },
  },
  {
    id: 'many-at-once',
    title: 'carries 1,000 connections at once without an error',
    timeout: 60_000,
    check: async (tunnel) => {
      await using local = await echo();
      await using pod = await startPod(tunnel);
      await using open = await pod.connect([{ port: 8080, to: local.to }]);
      const streams = await Promise.all(Array.from({ length: 1000 }, () => pod.process.connect(8080)));
      await Promise.all(
        streams.map(async (stream, index) => {
          stream.write(`${index}`);
          assert.equal(String((await once(stream, 'data'))[0]), `${index}`);
        }),
      );
      const { open: alive, total, failed } = open.stats()[0] ?? {};
      assert.deepEqual({ alive, total, failed }, { alive: 1000, total: 1000, failed: 0 });
      for (const stream of streams) stream.resume().end();
      await soon(() => assert.equal(open.stats()[0]?.open, 0), 10_000);
    },
  },
];
