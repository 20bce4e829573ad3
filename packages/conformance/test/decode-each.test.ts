import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type KubeObject, type MeshAdapter, metaOf, type Observation, observeObjects, queryKey, type Target } from '@heddle/core';
import { expect, it } from 'vitest';
import { loadGoldens } from '../src/goldens/index.js';

const env = { served: {}, settings: {} };
const goldensOf = (mesh: string) => loadGoldens(fileURLToPath(new URL(`../goldens/${mesh}`, import.meta.url)));

function targetsOf(objects: readonly KubeObject[]): readonly Target[] {
  return objects
    .filter(({ kind }) => kind === 'Service')
    .map((object) => {
      const { name, namespace = '' } = metaOf(object);
      const { ports } = object.spec as { readonly ports: readonly { readonly port: number }[] };
      return { services: ports.map(({ port }) => ({ namespace, name, port })) };
    });
}

function observed({ reads }: MeshAdapter, objects: readonly KubeObject[], target: Target): ReadonlyMap<string, Observation> {
  let seen = new Map<string, Observation>();
  for (let round = 0; round < 5; round += 1) {
    const queries = reads(target, seen, env).filter((query) => !seen.has(queryKey(query)));
    if (queries.length === 0) break;
    seen = new Map([...seen, ...observeObjects(objects, queries)]);
  }
  return seen;
}

it.each([
  ['istio', istio],
  ['kuma', kuma],
] as const)('decodeEach of %s gives what decode gives, target by target', async (mesh, adapter) => {
  const wrong: string[] = [];
  let compared = 0;
  for (const { id, objects } of await goldensOf(mesh)) {
    const targets = targetsOf(objects);
    const seen = observed(adapter, objects, { services: targets.flatMap(({ services }) => services) });
    const each = adapter.decodeEach?.(targets, seen, env) ?? [];
    for (const [index, target] of targets.entries()) {
      compared += 1;
      if (JSON.stringify(each[index]) !== JSON.stringify(adapter.decode(target, seen, env))) wrong.push(`${id} ${index}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(200);
});
