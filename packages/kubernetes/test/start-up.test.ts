import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApiServer } from './support/api-server.js';
import { connectTo } from './support/kubeconfig.js';

const HEAVY = ['@kubernetes/client-node', 'ws', 'socks', 'js-yaml'];
const source = join(import.meta.dirname, '..', 'src');

test('what is heavy is imported where it is needed, not at the start', async () => {
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(30);
  const all: string[] = [];
  for (const file of files) {
    const text = await readFile(join(source, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export) (?!type ).*?from '([^']+)'/gms)) all.push(name);
  }
  expect(all).toContain('@heddle/core');
  expect(all.filter((name) => HEAVY.includes(name))).toEqual([]);
});

test('aborting the signal that it was connected with closes the cluster; closing twice is closing once', async () => {
  const server = await startApiServer();
  onTestFinished(() => server.stop());
  const stop = new AbortController();
  const cluster = await connectTo(server, { signal: stop.signal });
  await cluster.serverTime();
  stop.abort();
  await expect(cluster.serverTime()).rejects.toMatchObject({ reason: 'Closed', exit: 'cluster' });
  await cluster.close();
  const late = await connectTo(server, { signal: AbortSignal.abort() });
  await expect(late.serverTime()).rejects.toMatchObject({ reason: 'Closed' });
});
