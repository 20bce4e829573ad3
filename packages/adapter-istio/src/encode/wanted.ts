import { type Change, isSupported, type MeshEnvironment } from '@heddle/core';
import { capabilities } from '../capabilities/capabilities.js';
import { type Condition, conditionsOf } from './condition.js';
import { fqdnOf } from './hosts.js';
import { collect, type Outcome, ok, refuse } from './outcome.js';

/** One intent, ready to be written: any of the conditions, and the host that stands in for the service. */
export interface Wanted {
  readonly conditions: readonly Condition[];
  readonly host: string;
}

/** What is to be written, in Istio's words; refuses what is not declared as a capability. */
export function wantedOf(change: Change, env: MeshEnvironment): Outcome<readonly Wanted[]> {
  if (change.owner.kind === 'route') {
    return refuse('standing-route', 'Standing routes are not written to Istio yet', 'start a session (heddle mesh)');
  }
  return collect(change.intents.map((intent) => wantedIntent(intent, change, env)));
}

function wantedIntent(intent: Change['intents'][number], change: Change, env: MeshEnvironment): Outcome<Wanted> {
  if ('mirror' in intent) return undeclared('mirror', env);
  if ('fault' in intent) return undeclared('fault', env);
  const [to, ...more] = intent.to.filter(({ weight }) => weight > 0);
  if (to === undefined) return refuse('no-version', 'The change sends requests to no version');
  if (more.length > 0) return undeclared('weights', env);
  const version = change.versions.find(({ id }) => id === to.version);
  if (version === undefined) return refuse('no-version', `The change does not say what version ${to.version} is`);
  if (version.realise !== 'service') return undeclared(`to.${version.realise}`, env);
  // No match at all is the match that every request satisfies.
  const matches = intent.match.length === 0 ? [{}] : intent.match;
  const conditions = collect(matches.map((match) => conditionsOf(match, env)));
  if ('refused' in conditions) return conditions;
  return ok({ conditions: conditions.ok.flat(), host: fqdnOf(version.service, env) });
}

function undeclared(feature: 'mirror' | 'fault' | 'weights' | 'to.subset' | 'to.tag', env: MeshEnvironment): Outcome<never> {
  const declared = capabilities(env);
  const support = declared[feature];
  if (isSupported(declared, feature) || support === undefined || support === 'supported')
    return refuse(feature, `${feature} is not written to Istio yet`);
  return refuse(feature, `Istio: ${support.unsupported}`, support.instead);
}
