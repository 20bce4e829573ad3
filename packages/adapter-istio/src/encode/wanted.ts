import {
  type Change,
  type ComposedIntent,
  collectResults,
  composeIntents,
  type MeshEnvironment,
  ok,
  type Result,
  refuse,
} from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { type Condition, conditionsOf } from './condition.js';
import { destinationOf, type VersionHost } from './destination.js';
import { writtenFault } from './fault.js';
import { mirrorOf, type WantedMirror } from './mirror.js';
import { percentages } from './percentages.js';

export interface WantedDestination extends VersionHost {
  /** Percent; 100 in all. */
  readonly weight: number;
}

/** A composed intent in Istio's words: any of the conditions. What is absent stays as the copied rule has it. */
export interface Wanted {
  /** A session's requests are for a laptop alone; a standing route changes what it says and nothing else (design, principle 4). */
  readonly kind: Change['owner']['kind'];
  readonly conditions: readonly Condition[];
  readonly to?: readonly WantedDestination[];
  readonly mirror?: WantedMirror;
  readonly fault?: Raw;
}

/** What is to be written, in the order in which it counts; refuses what Istio cannot say. */
export function wantedOf(change: Change, env: MeshEnvironment): Result<readonly Wanted[]> {
  const beside = change.intents.find((intent) => !('to' in intent));
  if (change.owner.kind === 'session' && beside !== undefined) {
    return refuse(
      'mirror' in beside ? 'mirror' : 'fault',
      'A session sends its requests to its shadow, and that is all that it does with them',
      'mirror and fault are for standing routes (heddle route)',
    );
  }
  const composed = composeIntents(change.intents);
  return 'refused' in composed ? composed : collectResults(composed.ok.map((intent) => wantedIntent(intent, change, env)));
}

function wantedIntent(intent: ComposedIntent, change: Change, env: MeshEnvironment): Result<Wanted> {
  const conditions = collectResults(intent.match.map((match) => conditionsOf(match, env)));
  const to = intent.to === undefined ? ok(undefined) : sharesOf(intent.to, change, env);
  const mirror = intent.mirror === undefined ? ok(undefined) : mirrorOf(intent.mirror, change, env);
  const fault = intent.fault === undefined ? ok(undefined) : writtenFault(intent.fault);
  if ('refused' in conditions || 'refused' in to || 'refused' in mirror || 'refused' in fault) {
    return { refused: [conditions, to, mirror, fault].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])) };
  }
  return ok({
    kind: change.owner.kind,
    conditions: conditions.ok.flat(),
    ...(to.ok === undefined ? {} : { to: to.ok }),
    ...(mirror.ok === undefined ? {} : { mirror: mirror.ok }),
    ...(fault.ok === undefined ? {} : { fault: fault.ok }),
  });
}

function sharesOf(shares: NonNullable<ComposedIntent['to']>, change: Change, env: MeshEnvironment): Result<readonly WantedDestination[]> {
  if (shares.length === 0) return refuse('no-version', 'The change sends requests to no version', 'give a version a weight');
  if (change.owner.kind === 'session' && shares.length > 1) {
    return refuse(
      'weights',
      'A session sends every request that matches to one version',
      'split with a standing route (heddle route split)',
    );
  }
  const weights = percentages(shares.map(({ weight }) => weight));
  if (weights === undefined) {
    return refuse('weights', 'The weights are no whole percentages, and Istio takes no others', 'use weights that sum to 100');
  }
  return collectResults(
    shares.map(({ version }, index) => {
      const host = destinationOf(version, change, env);
      return 'refused' in host ? host : ok({ ...host.ok, weight: weights[index] ?? 0 });
    }),
  );
}
