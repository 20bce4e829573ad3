import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import type { MeshAdapter, MeshEnvironment } from '@heddle/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadGoldens } from '../src/goldens/index.js';
import { type Carried, type CarriedCase, carry } from './support/render-goldens.js';

const env: MeshEnvironment = { served: {}, settings: {} };

interface Expected {
  readonly mesh: string;
  readonly from: MeshAdapter;
  /** Recorded requests that are answered as before. Only ever raised. */
  readonly equal: number;
  /** And those that are not, by the losses that say so. */
  readonly lost: Readonly<Record<string, number>>;
}

describe.each<Expected>([
  { mesh: 'istio', from: istio, equal: 1885, lost: { 'invalid-header': 6, 'missing-status': 4 } },
  { mesh: 'kuma', from: kuma, equal: 439, lost: { closed: 25, protocol: 24, 'redirect.path': 3, 'rewrite.authority': 4 } },
])('what $mesh routes, as objects of Istio', ({ mesh, from, equal, lost }) => {
  let cases: readonly CarriedCase[] = [];
  let requests: readonly Carried[] = [];

  beforeAll(async () => {
    const goldens = await loadGoldens(fileURLToPath(new URL(`../goldens/${mesh}`, import.meta.url)));
    cases = goldens.map((golden) => carry(golden, from, istio, env));
    requests = cases.flatMap((one) => one.requests);
  });

  test('is objects that Istio takes', () => {
    const refused = cases.flatMap(({ golden, rendered }) =>
      rendered.objects.flatMap((object) => (istio.validate?.(object, env) ?? []).map(({ message }) => `${golden.id}: ${message}`)),
    );
    expect(refused).toEqual([]);
  });

  test('answers as before, but for what is listed', () => {
    const unexplained = requests.filter(({ result }) => result === 'unexplained');
    expect(unexplained.map(({ what, differences }) => `${what}: ${differences.join('; ')}`)).toEqual([]);
    expect(requests.filter(({ result }) => result === 'equal').length).toBeGreaterThanOrEqual(equal);
  });

  test('lists no more than what really differs', () => {
    const found = requests.filter(({ losses }) => losses.length > 0);
    expect(found.filter(({ result }) => result === 'equal').map(({ what, losses }) => `${what}: ${losses.join(', ')}`)).toEqual([]);
    const codes = Map.groupBy(
      found.flatMap(({ losses }) => losses),
      (code) => code,
    );
    expect(Object.fromEntries([...codes].map(([code, all]) => [code, all.length]))).toEqual(lost);
  });
});
