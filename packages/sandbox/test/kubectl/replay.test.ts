import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/index.js';
import { ApiClient } from '../api-client.js';
import { toyAdapter, toyScenario } from '../toy-mesh.js';
import { type Exchange, isWatch, NOW, readRecording } from './recording.js';

/** What the server makes up: equal values here stand for equal values in the recording. */
const MADE_UP = ['uid', 'resourceVersion', 'resourceVersionMatch', 'clusterIP'];

/** Learns which of our made-up values stands for which recorded one, by walking both answers side by side. */
function learn(recorded: unknown, ours: unknown, known: Map<string, string>): void {
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    for (const [index, item] of recorded.entries()) learn(item, ours[index], known);
  } else if (isRecord(recorded) && isRecord(ours)) {
    for (const [key, value] of Object.entries(recorded)) {
      const own = ours[key];
      if (MADE_UP.includes(key) && typeof value === 'string' && typeof own === 'string') known.set(`${key} ${value}`, own);
      else learn(value, own, known);
    }
  }
}

/** A recorded text with our values in the place of the recorded ones. */
function translate(text: string, known: ReadonlyMap<string, string>): string {
  let translated = text;
  for (const [key, ours] of known) {
    const [field = '', recorded = ''] = key.split(' ');
    if (field === 'uid') translated = translated.replaceAll(recorded, ours);
  }
  return translated.replace(/(resourceVersion(?:":\s?"|=|%3D))(\d+)/g, (_all, before: string, recorded: string) => {
    return `${before}${known.get(`resourceVersion ${recorded}`) ?? recorded}`;
  });
}

const isDiscovery = (answer: unknown) => isRecord(answer) && ['APIGroupList', 'APIResourceList'].includes(String(answer.kind));

/** Whether everything of the recorded answer is in ours, lists in any order. */
function contains(ours: unknown, recorded: unknown): boolean {
  if (Array.isArray(recorded)) return Array.isArray(ours) && recorded.every((item) => ours.some((own) => contains(own, item)));
  if (!isRecord(recorded)) return ours === recorded;
  return isRecord(ours) && Object.entries(recorded).every(([key, value]) => contains(ours[key], value));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

async function send(api: ApiClient, { method, path, accept, type, body }: Exchange, known: ReadonlyMap<string, string>) {
  const headers = { ...(accept === undefined ? {} : { accept }), ...(type === undefined ? {} : { 'content-type': type }) };
  const sent = body === undefined ? {} : { body: translate(body, known) };
  const reply = await api.send(translate(path, known), { method, headers, ...sent });
  return { status: reply.status, answer: reply.json ?? reply.text };
}

describe('a stock kubectl', () => {
  it('is answered as when it was recorded', async () => {
    const { commands, kubectl } = readRecording();
    expect(kubectl).toMatch(/^v1\./);
    const sandbox: Sandbox = await createSandbox({ adapter: toyAdapter, scenario: toyScenario, now: () => NOW });
    const api = new ApiClient(sandbox.kubeconfig());
    const known = new Map<string, string>();
    for (const { argv, requests } of commands) {
      const watches: { recorded: Exchange; ours: Promise<unknown[]> }[] = [];
      for (const exchange of requests) {
        if (isWatch(exchange)) {
          const count = (exchange.answer as unknown[]).length;
          const ours =
            count === 0
              ? Promise.resolve([])
              : api.watch(translate(exchange.path, known), count, undefined, { accept: exchange.accept ?? '' });
          watches.push({ recorded: exchange, ours });
          await sleep(50);
          continue;
        }
        const ours = await send(api, exchange, known);
        learn(exchange.answer, ours.answer, known);
        const expected = JSON.parse(translate(JSON.stringify({ status: exchange.status, answer: exchange.answer }), known));
        // Discovery may come to list more.
        if (isDiscovery(exchange.answer)) expect(contains(ours.answer, exchange.answer), exchange.path).toBe(true);
        else expect(plain(ours), `kubectl ${argv}: ${exchange.method} ${exchange.path}`).toEqual(expected);
      }
      for (const { recorded, ours } of watches) {
        const events = await ours;
        learn(recorded.answer, events, known);
        expect(plain(events), `kubectl ${argv}: ${recorded.path}`).toEqual(JSON.parse(translate(JSON.stringify(recorded.answer), known)));
      }
    }
    await sandbox.stop();
    expect(commands.flatMap(({ requests }) => requests).length).toBeGreaterThan(40);
  });

  it('says what its user expects', () => {
    const said = readRecording().commands.map(
      ({ argv, exit, output }) => `${exit} ${argv.split(' ')[0]}: ${output.trim().split('\n').at(-1)}`,
    );
    for (const line of [
      '1 create: Error from server (AlreadyExists): error when creating "DIR/MANIFEST": routes.example.dev "extra" already exists',
      '0 annotate: route.example.dev/extra annotated',
      '0 annotate: pod/cart-v1 annotated',
      '0 replace: route.example.dev/extra replaced',
      '0 edit: route.example.dev/extra edited',
      '0 apply: route.example.dev/extra created',
      '0 apply: route.example.dev/extra configured',
      '0 apply: route.example.dev/extra unchanged',
      '0 patch: route.example.dev/extra patched',
      '1 get: Error from server (NotFound): routes.example.dev "extra" not found',
      '0 delete: pod "cart-v2" deleted from shop namespace',
    ]) {
      expect(said).toContain(line);
    }
    const watched = readRecording().commands.find(({ argv }) => argv.includes('-w'));
    expect(watched?.output).toMatch(/NAME +HOST +AGE\ncart +cart +0s\nextra +extra +0s\n/);
  });
});
