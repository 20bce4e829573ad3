import { type Change, type Cluster, type Intent, type KubeObject, type Match, observeObjects, planChange } from '@heddle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adapter } from '../src/index.js';
import { backend, env, having, route, SHOP, standing, stored, takeover, written } from './support/scene.js';

/** Few values, so that conditions of different rules meet. */
const path = fc.constantFrom(
  ...['/', '/a', '/a/b', '/c'].map((value) => ({ type: 'PathPrefix', value })),
  { type: 'Exact', value: '/a/b' },
  { type: 'RegularExpression', value: '/a.*' },
);
const header = fc.record({
  type: fc.constantFrom('Exact', 'Exact', 'RegularExpression'),
  name: fc.constantFrom('x-dev', 'x', 'y'),
  value: fc.constantFrom('1', 'alice', 'a.*'),
});
const match = fc.record(
  {
    path,
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.uniqueArray(header, { selector: ({ name }) => name, minLength: 1, maxLength: 2 }),
    queryParams: fc.constantFrom([{ type: 'Exact', name: 'q', value: '1' }]),
  },
  { requiredKeys: ['path'] },
);
const rewrite = fc.constantFrom(
  { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
  { type: 'ReplacePrefixMatch', replacePrefixMatch: '/n' },
  { type: 'ReplaceFullPath', replaceFullPath: '/full' },
);
const backends = fc.array(fc.tuple(fc.constantFrom('cart', 'cart-v1', 'cart-v2', 'web'), fc.constantFrom(0, 1, 3)), { maxLength: 2 });
const rule = fc.record(
  {
    matches: fc.array(match, { minLength: 1, maxLength: 2 }),
    filters: rewrite.map((to) => [{ type: 'URLRewrite', urlRewrite: { path: to } }]),
    backendRefs: backends.map((all) => all.map(([name, weight]) => backend(name, { weight }))),
  },
  { requiredKeys: ['matches', 'backendRefs'] },
);
const routes = fc
  .array(fc.tuple(fc.array(rule, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 9 })), { maxLength: 2 })
  .map((all) =>
    all.map(([rules, minute], index) => {
      const metadata = { name: `user-${index}`, namespace: 'shop', creationTimestamp: `2026-01-01T00:0${minute}:00Z` };
      return stored({ ...route(rules), metadata });
    }),
  );
const some = fc.constantFrom<readonly Match[]>([], having('x', '1'), having('y', '1'), having('x-dev', 'carol'), [
  { path: { kind: 'segmentPrefix', value: '/a' } },
]);
const version = fc.constantFrom('v1', 'v2');
const intents = fc.array(
  fc.tuple(some, version, version, fc.constantFrom('to', 'shares', 'mirror')).map(([match, one, other, kind]): Intent => {
    if (kind === 'mirror') return { match, mirror: { version: one, percent: 25 } };
    const shares = [{ version: one, weight: 30 }, ...(kind === 'shares' && one !== other ? [{ version: other, weight: 70 }] : [])];
    return { match, to: shares };
  }),
  { minLength: 1, maxLength: 3 },
);
const headers = fc.constantFrom<Readonly<Record<string, string>>[]>({ 'x-dev': 'alice' }, { 'x-dev': 'bob' }, { 'x-dev': 'bob', x: '1' });

/** A plan only lists. */
const holding = (objects: readonly KubeObject[]): Cluster => {
  const list: Cluster['list'] = async (query) => {
    const [found] = observeObjects(objects, [query]).values();
    return found !== undefined && 'objects' in found ? found.objects : [];
  };
  return { list } as Cluster;
};

const CHECKED_BY_CORE = 'effect-check-failed';

describe('plans', () => {
  it('are what was declared, or refused for a reason of the adapter: core finds nothing to object to', { timeout: 120_000 }, async () => {
    const changes = fc.tuple(
      fc.oneof(
        headers.map((of) => takeover('a1', of)),
        intents.map((all) => standing(...all)),
      ),
      headers.map((of) => takeover('b2', of)),
    );
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(routes, changes, fc.boolean(), async (users, both, lastFirst) => {
        const before: readonly KubeObject[] = [...SHOP, ...users];
        let objects = before;
        const refusals = async (change: Change) => {
          const planning = await planChange({ cluster: holding(objects), adapter, env }, change);
          if ('refused' in planning) return planning.refused.map(({ code }) => code);
          planned += 1;
          objects = written(objects, change);
          return [];
        };
        for (const change of both) expect(await refusals(change)).not.toContain(CHECKED_BY_CORE);
        for (const { owner, services } of lastFirst ? both.toReversed() : both) {
          expect(await refusals({ owner, services, views: 'all', versions: [], intents: [] })).toEqual([]);
        }
        expect(objects).toEqual(before);
      }),
      { numRuns: 150 },
    );
    // Refusing everything would be right as well.
    expect(planned).toBeGreaterThan(100);
  });
});
