import { type KubeObject, metaOf } from '@heddle/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KindSpec } from './kinds.js';
import { Store } from './store.js';

const NAMES = ['a', 'b', 'c'];

type Step =
  | { readonly do: 'put'; readonly name: string; readonly label: boolean; readonly n: number }
  | { readonly do: 'delete'; readonly name: string };

const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), name: fc.constantFrom(...NAMES), label: fc.boolean(), n: fc.nat(2) }),
  fc.record({ do: fc.constant('delete' as const), name: fc.constantFrom(...NAMES) }),
);

function setUp(history?: number): { store: Store; maps: KindSpec } {
  const store = new Store(history === undefined ? {} : { history });
  const maps = store.kinds.byKind('', 'ConfigMap');
  const namespaces = store.kinds.byKind('', 'Namespace');
  if (maps === undefined || namespaces === undefined) throw new Error('built-in kinds are missing');
  store.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
  return { store, maps };
}

function carryOut(store: Store, maps: KindSpec, { name, ...what }: Step): void {
  const key = { namespace: 'n', name };
  const live = store.find(maps, key);
  if (what.do === 'delete') {
    if (live !== undefined) store.delete(maps, key);
    return;
  }
  const body = (meta: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...meta, name, namespace: 'n', labels: what.label ? { on: 'yes' } : {} },
    data: { n: String(what.n) },
  });
  if (live === undefined) store.create(maps, body({}));
  else store.update(maps, body({ resourceVersion: metaOf(live).resourceVersion }));
}

describe('watch', () => {
  it('a list and every change after it, each once, give the state; resourceVersions only grow', () => {
    void fc.assert(
      fc.property(fc.array(step), fc.array(step), fc.array(step), (before, between, after) => {
        const { store, maps } = setUp();
        const filter = { namespace: 'n', labelSelector: 'on=yes' };
        for (const one of before) carryOut(store, maps, one);
        const seen = new Map(store.list(maps, filter).map((object) => [metaOf(object).name, object]));
        const since = store.revision;
        for (const one of between) carryOut(store, maps, one);
        let last = since;
        const stop = store.history.watch(maps, filter, since, ({ type, object }) => {
          const { name, resourceVersion } = metaOf(object);
          expect(Number(resourceVersion)).toBeGreaterThan(last);
          last = Number(resourceVersion);
          expect(seen.has(name)).toBe(type !== 'added');
          if (type === 'deleted') seen.delete(name);
          else seen.set(name, object);
        });
        for (const one of after) carryOut(store, maps, one);
        stop();
        const names = [...seen.keys()].sort();
        expect(names.map((name) => seen.get(name))).toEqual(store.list(maps, filter));
      }),
    );
  });

  it('two writers that read the same version: exactly one wins', () => {
    const { store, maps } = setUp();
    carryOut(store, maps, { do: 'put', name: 'a', label: false, n: 0 });
    const [live] = store.list(maps);
    const write = (n: number) => store.update(maps, { ...live, data: { n } });
    write(1);
    expect(() => write(2)).toThrow('the object has been modified');
    expect(store.list(maps)[0]?.data).toEqual({ n: 1 });
  });

  it('says 410 for what it forgot, by itself or when told', () => {
    const { store, maps } = setUp(8);
    const since = store.revision;
    for (let n = 0; n < 20; n += 1) carryOut(store, maps, { do: 'put', name: 'a', label: false, n });
    expect(() => store.history.watch(maps, {}, since, () => {})).toThrow(`too old resource version: ${since} (`);
    const recent = store.revision - 4;
    const seen: unknown[] = [];
    store.history.watch(maps, {}, recent, ({ object }) => seen.push(object))();
    expect(seen).toHaveLength(4);
    store.history.compact(store.revision);
    expect(() => store.history.watch(maps, {}, recent, () => {})).toThrow('too old resource version');
  });
});
