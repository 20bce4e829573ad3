import {
  type Change,
  collectResults,
  type Labels,
  type Match,
  type MeshEnvironment,
  ok,
  type Refusal,
  type Result,
  refuse,
  type Version,
} from '@heddle/core';
import { capabilitiesOf, type Routing } from '../capabilities/capabilities.js';

/** A share of the requests that match, and where it goes: a Service of its own, or pods behind the base by their labels. */
export interface Share {
  readonly weight: number;
  readonly to: { readonly service: { readonly namespace: string; readonly name: string } } | { readonly labels: Labels };
}

/** What is to be written: any of the matches, and what gets the requests. */
export interface Wanted {
  readonly matches: readonly Match[];
  readonly shares: readonly Share[];
}

/** Refuses what is not written, by the names of the capabilities. */
export function wantedOf(change: Change, routing: Routing, env: MeshEnvironment): Result<Wanted> {
  const [intent, ...more] = change.intents;
  if (intent === undefined) return refuse('no-intent', 'The change asks for nothing');
  if (more.length > 0) return refuse('several-intents', 'An owner has one thing that it wants of the requests', 'make a change of each');
  if (change.views !== 'all') return refuse('views', 'Rules are written for all callers in the mesh', 'change all views');
  if ('mirror' in intent) return undeclared('mirror', routing, env);
  if ('fault' in intent) return undeclared('fault', routing, env);
  const to = intent.to.filter(({ weight }) => weight > 0);
  if (to.length === 0) return refuse('no-version', 'The change sends requests to no version');
  if (change.owner.kind === 'session' && to.length > 1) {
    return refuse('weights', 'A session sends every request that matches to one version', 'name one version');
  }
  if (change.owner.kind === 'route' && !intent.match.every((match) => Object.keys(match).length === 0)) {
    return refuse('standing-match', 'Standing routes for some requests only are not written yet', 'split all requests, or start a session');
  }
  const shares = collectResults(to.map(({ version, weight }) => shareOf(version, weight, change, routing, env)));
  if ('refused' in shares) return shares;
  // No match at all is the match that every request satisfies.
  return ok({ matches: intent.match.length === 0 ? [{}] : intent.match, shares: shares.ok });
}

function shareOf(id: string, weight: number, { versions }: Change, routing: Routing, env: MeshEnvironment): Result<Share> {
  const version = versions.find((one) => one.id === id);
  if (version === undefined) return refuse('no-version', `The change does not say what version ${id} is`);
  if (version.realise === 'service') return ok({ weight, to: { service: version.service } });
  if (version.realise === 'subset') return undeclared('to.subset', routing, env);
  return checkTag(version, weight, routing, env);
}

function checkTag(version: Extract<Version, { labels: Labels }>, weight: number, routing: Routing, env: MeshEnvironment): Result<Share> {
  if (capabilitiesOf(routing, env)['to.tag'] !== 'supported') return undeclared('to.tag', routing, env);
  // Kuma makes no tags of labels whose key holds `kuma.io/` (kuma `k8s/controllers/inbound_converter.go`, 2.14).
  const [untagged] = Object.keys(version.labels).filter((key) => key.includes('kuma.io/'));
  if (untagged !== undefined) return refuse('to.tag', `Version ${version.id} is told by label ${untagged}, of which Kuma makes no tag`);
  return ok({ weight, to: { labels: version.labels } });
}

type Undeclared = 'mirror' | 'fault' | 'to.subset' | 'to.tag';

function undeclared(feature: Undeclared, routing: Routing, env: MeshEnvironment): { readonly refused: readonly Refusal[] } {
  const support = capabilitiesOf(routing, env)[feature];
  if (support === undefined || support === 'supported') return refuse(feature, `${feature} is not written to Kuma yet`);
  return refuse(feature, `Kuma: ${support.unsupported}`, support.instead);
}
