import type { Capabilities, Feature } from '../contracts/capabilities.js';
import { FEATURES } from '../contracts/capabilities.js';
import type { MeshAdapter, MeshEnvironment } from '../contracts/mesh-adapter.js';
import type { Change, Intent, Refusal } from '../model/change.js';
import type { Match, Str } from '../model/match.js';

/** What a mesh must be able to do for a change, in the order of `FEATURES`. Removing rules needs nothing. */
export function requiredFeatures(change: Change): readonly Feature[] {
  if (change.intents.length === 0) return [];
  const wanted = new Set<Feature>(change.intents.flatMap((intent) => [...intent.match.flatMap(matchFeatures), ...intentFeatures(intent)]));
  for (const version of usedVersions(change)) wanted.add(`to.${version.realise}`);
  for (const view of change.views === 'all' ? [] : change.views) wanted.add(`view.${view.plane}`);
  return FEATURES.filter((feature) => wanted.has(feature));
}

/** A refusal for each feature that the mesh does not have: which, on which mesh, why, and what would work instead. */
export function checkCapabilities(change: Change, adapter: MeshAdapter, env: MeshEnvironment): readonly Refusal[] {
  const capabilities = adapter.capabilities(env);
  return requiredFeatures(change).flatMap((feature) => refusalFor(feature, capabilities, adapter, env) ?? []);
}

function refusalFor(feature: Feature, capabilities: Capabilities, adapter: MeshAdapter, env: MeshEnvironment): Refusal | undefined {
  const support = capabilities[feature];
  if (support === 'supported') return undefined;
  const mesh = env.version === undefined ? adapter.title : `${adapter.title} ${env.version}`;
  if (support === undefined) return { code: feature, message: `${mesh} cannot do ${WORDS[feature]} (${feature} is not declared)` };
  return {
    code: feature,
    message: `${mesh} cannot do ${WORDS[feature]} (${feature}): ${support.unsupported}`,
    ...(support.instead === undefined ? {} : { instead: support.instead }),
  };
}

function matchFeatures({ path, method, scheme, authority, headers, query }: Match): readonly Feature[] {
  return [
    ...(path === undefined ? [] : [`match.path.${path.kind}` as const]),
    ...(path?.ignoreCase === true && path.kind !== 'regex' ? (['match.path.ignoreCase'] as const) : []),
    ...(method === undefined ? [] : (['match.method'] as const)),
    ...(scheme === undefined ? [] : (['match.scheme'] as const)),
    ...(authority === undefined ? [] : (['match.authority'] as const)),
    ...(headers ?? []).flatMap(({ is }) => headerFeatures(is)),
    ...((query ?? []).length === 0 ? [] : (['match.query'] as const)),
  ];
}

/** A negation needs the condition that it negates, too. */
function headerFeatures(is: Str): readonly Feature[] {
  if ('not' in is) return ['match.header.not', ...headerFeatures(is.not)];
  if ('exact' in is) return ['match.header.exact'];
  if ('prefix' in is) return ['match.header.prefix'];
  if ('regex' in is) return ['match.header.regex'];
  return 'present' in is ? ['match.header.present'] : ['match.header.absent'];
}

function intentFeatures(intent: Intent): readonly Feature[] {
  if ('mirror' in intent) return ['mirror'];
  if ('fault' in intent) return ['fault'];
  return intent.to.length > 1 ? ['weights'] : [];
}

function usedVersions({ intents, versions }: Change) {
  const used = new Set(
    intents.flatMap((intent) =>
      'to' in intent ? intent.to.map(({ version }) => version) : 'mirror' in intent ? [intent.mirror.version] : [],
    ),
  );
  return versions.filter(({ id }) => used.has(id));
}

const WORDS: Readonly<Record<Feature, string>> = {
  'match.path.exact': 'matches on an exact path',
  'match.path.segmentPrefix': 'matches on the first segments of a path',
  'match.path.rawPrefix': 'matches on the beginning of a path',
  'match.path.regex': 'matches on a path by regular expression',
  'match.path.ignoreCase': 'matches on a path in any letter case',
  'match.method': 'matches on the method',
  'match.scheme': 'matches on the scheme',
  'match.authority': 'matches on the Host header',
  'match.header.exact': "matches on a header's exact value",
  'match.header.prefix': "matches on the beginning of a header's value",
  'match.header.regex': 'matches on a header by regular expression',
  'match.header.present': "matches on a header's presence",
  'match.header.absent': "matches on a header's absence",
  'match.header.not': 'matches on what a header is not',
  'match.query': 'matches on query parameters',
  'to.service': 'routes to a Service of its own',
  'to.subset': 'routes to a subset of a Service',
  'to.tag': 'routes to tagged pods of a Service',
  weights: 'weighted splits',
  mirror: 'mirroring',
  fault: 'fault injection',
  'view.mesh': 'rules for calls between pods',
  'view.gateway': "rules for a gateway's requests",
};
