import { describe, expect, it } from 'vitest';
import { rolloutTargets } from './rollout-targets.js';

const rollout = (strategy: object, apiVersion = 'argoproj.io/v1alpha1') => ({
  apiVersion,
  kind: 'Rollout',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { strategy },
});

describe('what Argo Rollouts writes into', () => {
  it('is what the traffic routing of a canary names', () => {
    const router = { virtualService: { name: 'web' }, destinationRule: { name: 'web-rule', stableSubsetName: 'a', canarySubsetName: 'b' } };
    expect([...rolloutTargets([rollout({ canary: { trafficRouting: { router } } })])]).toEqual(['shop/web', 'shop/web-rule']);
  });

  it('is nothing else', () => {
    const named = { canary: { trafficRouting: { router: { destinationRule: { name: 'x' } } } } };
    expect([...rolloutTargets([rollout({ canary: {} }), rollout({ blueGreen: {} }), rollout(named, 'example.com/v1')])]).toEqual([]);
  });
});
