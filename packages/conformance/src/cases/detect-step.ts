import { queryKey } from '@heddle/core';
import type { CaseRun, Failures } from './case-run.js';

/** A cluster that serves Kubernetes' own kinds and holds nothing of any mesh. */
const PLAIN_KINDS = [
  { group: '', versions: ['v1'], kind: 'Service', plural: 'services', namespaced: true },
  { group: '', versions: ['v1'], kind: 'Pod', plural: 'pods', namespaced: true },
  { group: 'apps', versions: ['v1'], kind: 'Deployment', plural: 'deployments', namespaced: true },
];

/** An adapter that finds its mesh where it is not would be chosen for another's cluster; so `detect` must be sure, seen or unread. */
export function runDetect({ adapter }: CaseRun): Failures {
  const answers = {
    'sees nothing': { objects: [] },
    'may not look': { unread: 'forbidden' },
    'has no such kinds': { unread: 'no such kind' },
  };
  return Object.entries(answers).flatMap(([how, answer]) => {
    const seen = new Map(adapter.facts.map((query) => [queryKey(query), answer]));
    const found = adapter.detect({ version: 'v1.36.0', served: PLAIN_KINDS, seen });
    return found === undefined ? [] : [`it finds its mesh in a cluster without one where it ${how}: ${found.because}`];
  });
}
