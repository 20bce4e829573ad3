import { isRecord } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import type { Difference } from '../../scripts/record/compare/difference.js';
import { generateCase } from '../../scripts/record/generate/generate-case.js';
import type { RoutingCase } from '../../scripts/record/routing-case.js';
import { pruned, removable } from '../../scripts/record/shrink/prune.js';
import { type Examine, shrinkCase } from '../../scripts/record/shrink/shrink-case.js';

describe('leaving parts out', () => {
  const value = { a: [1, { 'b/c': 2 }], d: 'e' };

  it('names every part once, outer ones with their inner ones', () => {
    expect([...removable(value)].sort()).toEqual(['/a', '/a/0', '/a/1', '/a/1/b~1c', '/d']);
  });

  it('keeps the rest as it is, whatever else goes', () => {
    expect(pruned(value, new Set(['/a/0', '/d']))).toEqual({ a: [{ 'b/c': 2 }] });
    expect(pruned(value, new Set(['/a/1/b~1c']))).toEqual({ a: [1, {}], d: 'e' });
    expect(pruned(value, new Set())).toEqual(value);
  });
});

describe('a case that differs', () => {
  const start = generateCase(1, 3);
  const difference = (says: string): Difference => ({ request: 1, url: 'http://x/', says, envoy: 'newer' });
  /** A defect that needs one VirtualService with a rule, whatever else there is. */
  const shows = ({ objects }: RoutingCase) =>
    objects.some(({ kind, spec }) => kind === 'VirtualService' && isRecord(spec) && Array.isArray(spec.http) && spec.http.length > 0);
  const examine: Examine = (cases) =>
    Promise.resolve(
      new Map(
        cases.map((one) => [
          one.id,
          { text: JSON.stringify(one), differences: shows(one) ? [difference('status: expected 1, got 2')] : [] },
        ]),
      ),
    );

  it('shrinks to what the difference needs: one request and one object', async () => {
    const small = await shrinkCase(start, difference('status: expected 3, got 4'), examine, 90);
    const left = JSON.parse(small?.text ?? '{}') as RoutingCase;
    expect(left.requests).toHaveLength(1);
    expect(left.requests[0]?.url).toBe(start.requests[1]?.url);
    expect(left.objects).toHaveLength(1);
    expect(left.objects[0]?.kind).toBe('VirtualService');
    expect(small?.text.length).toBeLessThan(600);
  });

  it('is given up where the difference does not come again, or is of another kind', async () => {
    expect(await shrinkCase(start, difference('seen: expected 3, got 4'), examine, 90)).toBeUndefined();
  });
});
