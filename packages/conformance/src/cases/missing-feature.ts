import { type Change, intentsOf, isSupported, type MeshAdapter, type MeshEnvironment, requiredFeatures } from '@heddle/core';
import type { Case } from './case.js';
import { changeOf } from './change-of.js';
import type { ChangeSpec } from './change-spec.js';

/** Without these there are no sessions, so no case of the level core is skipped for them. */
const TAKEN_FOR_GRANTED: readonly string[] = ['match.header.exact', 'to.service', 'view.mesh'];

export const isTakenForGranted = (feature: string): boolean => TAKEN_FOR_GRANTED.includes(feature);

/** The first capability that the case needs and the adapter does not declare; `cluster` where there is no live one. */
export function missingFeature(adapter: MeshAdapter, test: Case, env: MeshEnvironment, hasCluster: boolean): string | undefined {
  if (test.mesh !== undefined && test.mesh !== adapter.id) return `mesh ${test.mesh}`;
  const capabilities = adapter.capabilities(env);
  return neededBy(test).find((feature) => {
    if (feature === 'cluster') return !hasCluster;
    return feature === 'render' || feature === 'adopt' ? adapter[feature] === undefined : !isSupported(capabilities, feature);
  });
}

/** What the case says that it needs, and what its sessions and standing routes need by themselves. */
function neededBy(test: Case): Case['features'] {
  const changes = test.steps.flatMap((step) => (step.do === 'change' && step.refused === undefined ? [needing(test, step.change)] : []));
  const granted = test.level === 'core' ? (['view.mesh'] as const) : [];
  return [...new Set([...test.features, ...granted, ...changes.flatMap(requiredFeatures)])];
}

/** The change, without the versions of standing routes: what these are depends on the mesh. */
function needing(test: Case, spec: ChangeSpec): Change {
  const change = changeOf(test, spec);
  return spec.owner === 'session' || spec.remove ? change : { ...change, versions: [], intents: intentsOf(spec.entries) };
}
