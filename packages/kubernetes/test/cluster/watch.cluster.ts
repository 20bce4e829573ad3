import { metaOf } from '@heddle/core';
import { expect, test } from 'vitest';
import { useNamespace } from './support.js';

const space = useNamespace();

test('a watch with a selector: what is there, changes, deletions, and what leaves the selector', async () => {
  const labels = { watched: 'yes' };
  const make = (name: string) => space.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });
  await make('before');
  await space.make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } });
  const stop = new AbortController();
  const words: string[] = [];
  const run = (async () => {
    const query = { group: '', kind: 'ConfigMap', namespace: space.name, labelSelector: 'watched=yes' };
    for await (const { type, object } of space.cluster.watch(query, stop.signal)) {
      words.push(object === undefined ? type : `${type} ${metaOf(object).name}`);
      if (object !== undefined) expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    }
  })();
  const says = (...expected: string[]) => expect.poll(() => words, { timeout: 5_000 }).toEqual(expected);
  await says('added before', 'synced');
  const made = await make('a');
  const changed = await space.cluster.replace({ ...made, data: { k: '1' } });
  await space.remove({ apiVersion: 'v1', kind: 'ConfigMap', namespace: space.name, name: 'before' });
  await space.cluster.replace({ ...changed, metadata: { ...(changed.metadata as object), labels: {} } });
  await says('added before', 'synced', 'added a', 'modified a', 'deleted before', 'deleted a');
  stop.abort();
  await run;
});

test('a watch of one object by its name, custom kind', async () => {
  const stop = new AbortController();
  const words: string[] = [];
  const query = { group: 'networking.istio.io', kind: 'VirtualService', namespace: space.name, name: 'one' };
  const run = (async () => {
    for await (const { type, object } of space.cluster.watch(query, stop.signal))
      words.push(object === undefined ? type : `${type} ${metaOf(object).name}`);
  })();
  await expect.poll(() => words, { timeout: 5_000 }).toEqual(['synced']);
  const spec = { hosts: ['x'], http: [{ route: [{ destination: { host: 'x' } }] }] };
  for (const name of ['two', 'one'])
    await space.make({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name }, spec });
  await space.remove({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: space.name, name: 'one' });
  await expect.poll(() => words, { timeout: 5_000 }).toEqual(['synced', 'added one', 'deleted one']);
  stop.abort();
  await run;
});
