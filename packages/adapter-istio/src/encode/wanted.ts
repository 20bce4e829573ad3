import { type Change, collectResults, isSupported, type MeshEnvironment, ok, type Result, refuse, type Version } from '@heddle/core';
import { capabilities } from '../capabilities/capabilities.js';
import { subsetName } from '../owned/subset-name.js';
import { type Condition, conditionsOf } from './condition.js';
import { fqdnOf } from './hosts.js';
import { percentages } from './percentages.js';

/** Where requests are to go: a Service, or a subset of one. */
export interface WantedDestination {
  readonly host: string;
  readonly subset?: string;
  /** Percent; 100 in all. */
  readonly weight: number;
}

/** One intent, ready to be written: any of the conditions, and what stands in for the service. */
export interface Wanted {
  /** A session's requests are for a laptop alone; a standing route changes the destination and nothing else (design, principle 4). */
  readonly kind: Change['owner']['kind'];
  readonly conditions: readonly Condition[];
  readonly to: readonly WantedDestination[];
}

/** What is to be written, in Istio's words; refuses what is not declared as a capability. */
export function wantedOf(change: Change, env: MeshEnvironment): Result<readonly Wanted[]> {
  return collectResults(change.intents.map((intent) => wantedIntent(intent, change, env)));
}

function wantedIntent(intent: Change['intents'][number], change: Change, env: MeshEnvironment): Result<Wanted> {
  if ('mirror' in intent) return undeclared('mirror', env);
  if ('fault' in intent) return undeclared('fault', env);
  const { kind } = change.owner;
  if (kind === 'route' && intent.match.length > 0) {
    return refuse(
      'route-match',
      'A standing route for some requests only is not written to Istio yet',
      'split all requests of the service',
    );
  }
  const used = intent.to.filter(({ weight }) => weight > 0);
  if (used.length === 0) return refuse('no-version', 'The change sends requests to no version');
  if (kind === 'session' && used.length > 1) {
    return refuse(
      'weights',
      'A session sends every request that matches to one version',
      'split with a standing route (heddle route split)',
    );
  }
  const weights = percentages(used.map(({ weight }) => weight));
  if (weights === undefined) {
    return refuse('weights', 'The weights are no whole percentages, and Istio takes no others', 'use weights that sum to 100');
  }
  const to = collectResults(used.map(({ version }, index) => destinationOf(version, weights[index] ?? 0, change, env)));
  // No match at all is the match that every request satisfies.
  const matches = intent.match.length === 0 ? [{}] : intent.match;
  const conditions = collectResults(matches.map((match) => conditionsOf(match, env)));
  if ('refused' in to) return to;
  return 'refused' in conditions ? conditions : ok({ kind, conditions: conditions.ok.flat(), to: to.ok });
}

function destinationOf(id: string, weight: number, change: Change, env: MeshEnvironment): Result<WantedDestination> {
  const version = change.versions.find((one) => one.id === id);
  if (version === undefined) return refuse('no-version', `The change does not say what version ${id} is`);
  if (version.realise === 'service') return ok({ host: fqdnOf(version.service, env), weight });
  if (version.realise === 'tag') return undeclared('to.tag', env);
  return subsetOf(version, weight, change, env);
}

function subsetOf(
  version: Exclude<Version, { realise: 'service' }>,
  weight: number,
  { owner, services: [service] }: Change,
  env: MeshEnvironment,
): Result<WantedDestination> {
  if (service === undefined) return refuse('no-service', 'The change names no service');
  const subset = version.ref ?? (owner.kind === 'session' ? subsetName(owner.id) : version.id);
  return ok({ host: fqdnOf(service, env), subset, weight });
}

function undeclared(feature: 'mirror' | 'fault' | 'to.tag', env: MeshEnvironment): Result<never> {
  const declared = capabilities(env);
  const support = declared[feature];
  if (isSupported(declared, feature) || support === undefined || support === 'supported')
    return refuse(feature, `${feature} is not written to Istio yet`);
  return refuse(feature, `Istio: ${support.unsupported}`, support.instead);
}
