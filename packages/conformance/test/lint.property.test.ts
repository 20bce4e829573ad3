import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type KubeObject, lintMesh, lintQueries, lintServices, type MeshAdapter, observeObjects } from '@heddle/core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadGoldens } from '../src/goldens/index.js';

const worlds = new Map<string, readonly (readonly KubeObject[])[]>();

beforeAll(async () => {
  for (const mesh of ['istio', 'kuma']) {
    const goldens = await loadGoldens(fileURLToPath(new URL(`../goldens/${mesh}`, import.meta.url)));
    worlds.set(
      mesh,
      goldens.map(({ objects }) => objects),
    );
  }
});

const ODD: readonly unknown[] = [null, 0, -1, '', 'x', '*', [], [null], {}, { x: null }, true, undefined];

/** The objects with one value of one of them replaced: the nth of all that they hold. */
function spoiled(objects: readonly KubeObject[], nth: number, by: unknown): readonly KubeObject[] {
  const copy = structuredClone(objects) as Record<string, unknown>[];
  const places: (readonly [Record<string, unknown>, string])[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      walk((value as Record<string, unknown>)[key]);
    }
  };
  for (const object of copy) walk(object.spec);
  const place = places[nth % Math.max(1, places.length)];
  if (place !== undefined) place[0][place[1]] = by;
  return copy;
}

test.each<[string, MeshAdapter]>([
  ['istio', istio],
  ['kuma', kuma],
])('findings of %s never fail, whatever users wrote', (mesh, adapter) => {
  const all = worlds.get(mesh) ?? [];
  const env = { served: {}, settings: {} };
  fc.assert(
    fc.property(fc.nat(all.length - 1), fc.nat(5000), fc.constantFrom(...ODD), (at, nth, by) => {
      const seen = observeObjects(spoiled(all[at] ?? [], nth, by), lintQueries(adapter, env));
      for (const { message } of [...lintMesh(adapter, seen, env), ...lintServices(seen)]) expect(message).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 400 },
  );
});
