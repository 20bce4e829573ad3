import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type KubeObject, observeTarget, type Target } from '@heddle/core';
import { expect, it } from 'vitest';
import { servicesOf } from '../../../scripts/record/plan/plan-case.js';
import { loadGoldens } from '../src/goldens/index.js';

const env = { served: {}, settings: {} };
const goldensOf = (mesh: string) => loadGoldens(fileURLToPath(new URL(`../goldens/${mesh}`, import.meta.url)));

const targetsOf = (objects: readonly KubeObject[]): readonly Target[] =>
  objects.filter(({ kind }) => kind === 'Service').map((object) => ({ services: servicesOf([object]) }));

it.each([
  ['istio', istio],
  ['kuma', kuma],
] as const)('decodeEach of %s gives what decode gives, target by target', async (mesh, adapter) => {
  const wrong: string[] = [];
  let compared = 0;
  for (const { id, objects } of await goldensOf(mesh)) {
    const targets = targetsOf(objects);
    const seen = observeTarget({ adapter, env }, { services: targets.flatMap(({ services }) => services) }, objects);
    const each = adapter.decodeEach?.(targets, seen, env) ?? [];
    for (const [index, target] of targets.entries()) {
      compared += 1;
      if (JSON.stringify(each[index]) !== JSON.stringify(adapter.decode(target, seen, env))) wrong.push(`${id} ${index}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(200);
});
