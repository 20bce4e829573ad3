import { isSupported, type MeshAdapter, type MeshEnvironment } from '@heddle/core';
import type { Broken } from './broken.js';
import {
  dropsForeignMirror,
  faultsForEverybody,
  keepsMirror,
  lastIntentFirst,
  losesSecondIntent,
  standingFirst,
  widensMatches,
} from './standing.js';

const EFFECT = /effect-check-failed/;

/** What adapters get wrong about standing routes, as far as the mesh has what it is about. */
export function standingBreaks(adapter: MeshAdapter, env: MeshEnvironment): readonly Broken[] {
  const capabilities = adapter.capabilities(env);
  const can = (feature: 'mirror' | 'fault' | 'weights', broken: Broken) => (isSupported(capabilities, feature) ? [broken] : []);
  return [
    { title: 'leaves out a condition of a standing route', broken: widensMatches, cases: ['standing-match.plain'], because: EFFECT },
    { title: 'loses the second of two standing routes', broken: losesSecondIntent, cases: ['standing-first'], because: EFFECT },
    { title: 'lets the later name decide', broken: lastIntentFirst, cases: ['standing-first'], because: EFFECT },
    ...can('mirror', {
      title: 'copies a rule without the mirror that it has',
      broken: dropsForeignMirror,
      cases: ['standing-shares.mirror'],
      because: /its mirror would change/,
    }),
    ...can('mirror', {
      title: 'keeps a mirror that is not wanted any more',
      broken: keepsMirror,
      cases: ['standing-meet.plain', 'standing-meet.two-rules', 'standing-mirror.plain', 'standing-mirror.catch-all'],
      because: /its mirror would change|would still be there/,
    }),
    ...can('fault', {
      title: 'makes the requests of everybody fail',
      broken: faultsForEverybody,
      cases: ['standing-fault'],
      because: EFFECT,
    }),
    ...(sharesLists(adapter, env)
      ? [{ title: 'puts standing routes before sessions', broken: standingFirst, cases: ['standing-beside'], because: EFFECT }]
      : []),
  ];
}

/** Whether rules of several owners stand in one list, whose order counts; else the mesh orders them by how specific they are. */
const sharesLists = ({ id }: MeshAdapter, { settings }: MeshEnvironment) => id === 'istio' || settings.routing === 'TrafficRoute';
