import { isSupported, type MeshAdapter, type MeshEnvironment, requiredFeatures } from '@heddle/core';
import type { Case } from './case.js';
import { changeOf } from './change-of.js';

/** Without these there are no sessions, so no case of the level core is skipped for them. */
const TAKEN_FOR_GRANTED: readonly string[] = ['match.header.exact', 'to.service', 'view.mesh'];

export const isTakenForGranted = (feature: string): boolean => TAKEN_FOR_GRANTED.includes(feature);

/** The first capability that the case needs and the adapter does not declare; `cluster` where there is no live one. */
export function missingFeature(adapter: MeshAdapter, test: Case, env: MeshEnvironment, hasCluster: boolean): string | undefined {
  if (test.mesh !== undefined && test.mesh !== adapter.id) return `mesh ${test.mesh}`;
  const capabilities = adapter.capabilities(env);
  return neededBy(test).find((feature) => (feature === 'cluster' ? !hasCluster : !isSupported(capabilities, feature)));
}

/** What the case says that it needs, and what its sessions need by themselves. */
function neededBy(test: Case): Case['features'] {
  const changes = test.steps.flatMap((step) =>
    step.do === 'change' && step.change.owner === 'session' && step.refused === undefined ? [changeOf(test, step.change)] : [],
  );
  const granted = test.level === 'core' ? (['view.mesh'] as const) : [];
  return [...new Set([...test.features, ...granted, ...changes.flatMap(requiredFeatures)])];
}
