import type { KubeObject } from '@heddle/core';
import type { Random } from './random.ts';

/** An object of the networking group; ages are whole minutes, so nothing depends on anything finer. */
export function meshObject(
  random: Random,
  kind: string,
  namespace: string,
  name: string,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  const minute = String(1 + random.below(25)).padStart(2, '0');
  const created = random.chance(0.85) ? { creationTimestamp: `2026-01-01T00:${minute}:00Z` } : {};
  return {
    apiVersion: `networking.istio.io/${random.pick(['v1', 'v1', 'v1beta1'])}`,
    kind,
    metadata: { name, namespace, ...created },
    spec,
  };
}

/** `exportTo` as objects have it: mostly none. */
export function exportTo(random: Random, otherwise = 0.65): { readonly exportTo?: readonly string[] } {
  if (random.chance(otherwise)) return {};
  return {
    exportTo: random.weighted<readonly string[]>([
      [4, ['*']],
      [4, ['.']],
      [2, ['default']],
      [2, ['shop']],
      [2, ['default', 'shop']],
      [1, ['.', 'other']],
      [1, ['~']],
      [1, []],
    ]),
  };
}
