import {
  type Change,
  type ComposedIntent,
  collectResults,
  composeIntents,
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
import { locksMesh, refuseLock } from './mirror-lock.js';

/** A share of the requests that match, and where it goes: a Service of its own, or pods behind the base by their labels. */
export interface Share {
  readonly weight: number;
  readonly to: { readonly service: { readonly namespace: string; readonly name: string } } | { readonly labels: Labels };
}

/** What is wanted of the requests that satisfy any of the matches. What is absent stays as the rule beneath has it. */
export interface WantedIntent {
  readonly matches: readonly Match[];
  readonly shares?: readonly Share[];
  readonly mirror?: { readonly to: Share['to']; readonly percent: number };
}

/** What is to be written, in the order in which it counts. Refuses what is not written, by the names of the capabilities. */
export function wantedOf(change: Change, routing: Routing, env: MeshEnvironment): Result<readonly WantedIntent[]> {
  if (change.views !== 'all') return refuse('views', 'Rules are written for all callers in the mesh', 'change all views');
  const lacking = (['fault', 'mirror'] as const).flatMap((feature) =>
    change.intents.some((intent) => feature in intent) ? undeclared(feature, routing, env) : [],
  );
  if (lacking.length > 0) return { refused: lacking };
  const session = change.owner.kind === 'session' ? refuseSession(change) : undefined;
  if (session !== undefined) return session;
  const composed = composeIntents(change.intents);
  if ('refused' in composed) return composed;
  const wanted = collectResults(composed.ok.map((intent) => wantedIntent(intent, change, routing, env)));
  if ('ok' in wanted) return wanted;
  // What is put together of two intents says the same of either.
  return { refused: [...new Map(wanted.refused.map((refusal) => [refusal.message, refusal])).values()] };
}

function refuseSession({ intents }: Change): ReturnType<typeof refuse> | undefined {
  const [intent, ...more] = intents;
  if (more.length > 0)
    return refuse('several-intents', 'A session has one thing that it wants of its requests', 'start a session for each');
  if (intent !== undefined && !('to' in intent)) {
    return refuse(
      'mirror',
      'A session sends its requests to its shadow, and that is all',
      'mirror with a standing route (heddle route mirror)',
    );
  }
  if (intent !== undefined && intent.to.filter(({ weight }) => weight > 0).length > 1) {
    return refuse('weights', 'A session sends every request that matches to one version', 'name one version');
  }
  return undefined;
}

function wantedIntent({ match, to, mirror }: ComposedIntent, change: Change, routing: Routing, env: MeshEnvironment): Result<WantedIntent> {
  if (to?.length === 0) return refuse('no-version', 'The change sends requests to no version', 'give a version a weight');
  const shares = collectResults(
    (to ?? []).map(({ version, weight }) => {
      const found = versionTo(version, change, routing, env);
      return 'refused' in found ? found : ok({ weight, to: found.ok });
    }),
  );
  const copied = mirror === undefined ? ok(undefined) : mirrorTo(mirror.version, change, routing, env);
  if ('refused' in shares || 'refused' in copied) {
    return { refused: [shares, copied].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])) };
  }
  return ok({
    matches: match,
    ...(to === undefined ? {} : { shares: shares.ok }),
    ...(mirror === undefined || copied.ok === undefined ? {} : { mirror: { to: copied.ok, percent: mirror.percent } }),
  });
}

function mirrorTo(id: string, change: Change, routing: Routing, env: MeshEnvironment): Result<Share['to']> {
  const found = versionTo(id, change, routing, env);
  return 'ok' in found && 'service' in found.ok && locksMesh(env) ? refuseLock(found.ok.service, env) : found;
}

function versionTo(id: string, { versions }: Change, routing: Routing, env: MeshEnvironment): Result<Share['to']> {
  const version = versions.find((one) => one.id === id);
  if (version === undefined) return refuse('no-version', `The change does not say what version ${id} is`);
  if (version.realise === 'service') return ok({ service: version.service });
  if (version.realise === 'subset') return { refused: undeclared('to.subset', routing, env) };
  return checkTag(version, routing, env);
}

function checkTag(version: Extract<Version, { labels: Labels }>, routing: Routing, env: MeshEnvironment): Result<Share['to']> {
  const tagless = undeclared('to.tag', routing, env);
  if (tagless.length > 0) return { refused: tagless };
  // Kuma makes no tags of labels whose key holds `kuma.io/` (kuma `k8s/controllers/inbound_converter.go`, 2.14).
  const [untagged] = Object.keys(version.labels).filter((key) => key.includes('kuma.io/'));
  if (untagged !== undefined) return refuse('to.tag', `Version ${version.id} is told by label ${untagged}, of which Kuma makes no tag`);
  return ok({ labels: version.labels });
}

/** Nothing where the feature is there. */
function undeclared(feature: 'mirror' | 'fault' | 'to.subset' | 'to.tag', routing: Routing, env: MeshEnvironment): readonly Refusal[] {
  const support = capabilitiesOf(routing, env)[feature];
  if (support === 'supported') return [];
  return refuse(feature, `Kuma: ${support?.unsupported ?? `${feature} is not written`}`, support?.instead).refused;
}
