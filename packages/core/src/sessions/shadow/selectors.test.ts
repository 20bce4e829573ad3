import type { KubeObject } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { selectorHolds, servicePicks, shadowConflicts } from './selectors.js';

const labels = { app: 'web', 'heddle.dev/session': 'm1' };
const object = (kind: string, name: string, spec: Record<string, unknown>): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { namespace: 'shop', name },
  spec,
});

describe('selectorHolds', () => {
  it.each([
    [undefined, false],
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'x' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'web'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, true],
  ])('%j is %s', (selector, holds) => {
    expect(selectorHolds(selector, labels)).toBe(holds);
  });
});

describe('shadowConflicts', () => {
  it('refuses when a Service would select the shadow, by plain equality', () => {
    const services = [
      object('Service', 'web', { selector: { app: 'web' } }),
      object('Service', 'none', {}),
      object('Service', 'api', { selector: { app: 'api' } }),
    ];
    const { refused, notes } = shadowConflicts(labels, { services, budgets: [], policies: [] });
    expect(refused).toMatchObject([
      { code: 'shadow-selected', message: expect.stringContaining('Service shop/web'), instead: expect.stringContaining('app=web') },
    ]);
    expect(notes).toEqual([]);
  });

  it('knows that an empty Service selector picks nothing, and an empty label selector everything', () => {
    expect(servicePicks(object('Service', 'x', { selector: {} }), labels)).toBe(false);
    const budgets = [
      object('PodDisruptionBudget', 'all', { selector: {} }),
      object('PodDisruptionBudget', 'api', { selector: { matchLabels: { app: 'api' } } }),
    ];
    const policies = [object('NetworkPolicy', 'deny-all', { podSelector: {} })];
    const { refused, notes } = shadowConflicts(labels, { services: [], budgets, policies });
    expect(refused).toEqual([]);
    expect(notes.map(({ code, ref }) => [code, ref?.name])).toEqual([
      ['shadow-counted', 'all'],
      ['shadow-filtered', 'deny-all'],
    ]);
  });
});
