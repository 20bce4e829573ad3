import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { type KubeObject, lintMesh, lintQueries, lintServices, type MeshAdapter, observeObjects } from '@heddle/core';
import { expect, test } from 'vitest';
import { loadGoldens } from '../src/goldens/index.js';

/** What a cluster would hold of these objects. */
const taken = (adapter: MeshAdapter, objects: readonly KubeObject[]) =>
  objects.filter((object) => (adapter.validate?.(object, { served: {}, settings: {} }) ?? []).length === 0);

const folderOf = (mesh: string) => fileURLToPath(new URL(`../goldens/${mesh}`, import.meta.url));

/** Where a proxy answered a recorded request with "no such cluster" or "no healthy endpoint", some finding must say what is missing. */
test.each<[string, MeshAdapter, string]>([
  ['istio', istio, '1.31.0'],
  ['kuma', kuma, '2.14.3'],
])('what recorded requests of %s found missing is found without them', async (mesh, adapter, version) => {
  const env = { version, served: {}, settings: {} };
  const silent: string[] = [];
  let asked = 0;
  for (const { id, objects, requests } of await loadGoldens(folderOf(mesh))) {
    const seen = observeObjects(taken(adapter, objects), lintQueries(adapter, env));
    const found = [...lintMesh(adapter, seen, env), ...lintServices(seen)];
    const failed = requests.some(({ observed }) => observed.outcomes?.some(({ reason }) => reason !== undefined) === true);
    if (!failed) continue;
    asked += 1;
    if (
      !found.some(
        ({ severity, code }) =>
          (severity === 'error' || code === 'service-without-pods' || code === 'destination-missing') && severity !== 'info',
      )
    )
      silent.push(id);
  }
  expect(asked).toBeGreaterThan(20);
  expect(silent).toEqual([]);
});

test('every finding names its object, its field is there or is to be added there, and it says what to do', async () => {
  const broken: string[] = [];
  for (const [mesh, adapter] of [
    ['istio', istio],
    ['kuma', kuma],
  ] as const) {
    for (const { id, objects } of await loadGoldens(folderOf(mesh))) {
      const env = { served: {}, settings: {} };
      for (const { code, ref, pointer = '', fix = '', severity } of lintMesh(
        adapter,
        observeObjects(objects, lintQueries(adapter, env)),
        env,
      )) {
        const object = objects.find(({ kind, metadata }) => kind === ref?.kind && (metadata as { name?: string }).name === ref?.name);
        if (object === undefined || fix === '' || severity === undefined || !reaches(object, pointer))
          broken.push(`${id} ${code} ${pointer}`);
      }
    }
  }
  expect(broken).toEqual([]);
});

/** Whether a pointer leads somewhere, but for its last step. */
function reaches(object: unknown, pointer: string): boolean {
  const keys = pointer
    .split('/')
    .slice(1, -1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return (
    keys.reduce<unknown>(
      (value, key) => (value === null || typeof value !== 'object' ? undefined : (value as Record<string, unknown>)[key]),
      object,
    ) !== undefined
  );
}
