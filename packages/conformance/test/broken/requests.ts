import { type Feature, requiredFeatures } from '@heddle/core';
import type { Break } from './spoil.js';

/** Takes everybody's requests to the shadow, whatever was asked for. */
export const leaksRequests: Break = (adapter) => ({
  ...adapter,
  encode: (change, seen, env) =>
    adapter.encode({ ...change, intents: change.intents.map((intent) => ({ ...intent, match: [] })) }, seen, env),
});

/** Gives the shadow's pod the labels by which the service itself selects pods. */
export const leaksByLabels: Break = (adapter) => ({
  ...adapter,
  shadow(spec, seen, env) {
    const planned = adapter.shadow(spec, seen, env);
    if ('refused' in planned) return planned;
    return { ...planned, ok: { ...planned.ok, podLabels: { ...planned.ok.podLabels, app: 'cart' } } };
  },
});

/** Declares a capability, and does nothing where it is asked for: the no-op that looks like success. */
export const silentAbout =
  (feature: Feature): Break =>
  (adapter) => ({
    ...adapter,
    capabilities: (env) => ({ ...adapter.capabilities(env), [feature]: 'supported' }),
    encode: (change, seen, env) => (requiredFeatures(change).includes(feature) ? { ok: [], notes: [] } : adapter.encode(change, seen, env)),
  });
