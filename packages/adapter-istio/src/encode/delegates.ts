import { isRecord, type MeshEnvironment, metaOf, type Owner, type Refusal, refOf, refuse } from '@heddle/core';
import { resolveHost } from '../decode/hosts.js';
import { mergeMatches } from '../decode/merge-delegate.js';
import { completeGateways } from '../decode/parse-http-rule.js';
import { type Raw, record, records, text } from '../decode/raw.js';
import { RESERVED_PREFIX } from '../owned/rule-name.js';
import { controllerOf } from './guards.js';
import { domainOf } from './hosts.js';
import { oneMirrorList } from './mirror.js';
import type { Site } from './site.js';
import { describeRule, httpOf } from './virtual-service.js';

/** A rule as proxies get it, and what messages call it. */
export interface EffectiveRule {
  readonly rule: Raw;
  readonly where: string;
}

/** What an item of an object's list comes to: itself, or the rules of the VirtualService that it delegates to, as they are merged. */
export interface Item {
  readonly rules: readonly EffectiveRule[];
  readonly delegated: boolean;
}

export function itemOf(rule: Raw, index: number, site: Site, env: MeshEnvironment): Item {
  if (!isRecord(rule.delegate)) return { rules: [{ rule, where: describeRule(site.object, rule, index) }], delegated: false };
  const name = text(rule.delegate.name);
  const namespace = text(rule.delegate.namespace) || site.namespace;
  const leaf = site.delegates.find((object) => metaOf(object).name === name && metaOf(object).namespace === namespace);
  const rules = (leaf === undefined ? [] : httpOf(leaf)).flatMap((one, at) => {
    const merged = mergeRules(rule, one, { root: site.namespace, leaf: namespace }, env);
    return merged === undefined || leaf === undefined ? [] : [{ rule: merged, where: describeRule(leaf, one, at) }];
  });
  return { rules, delegated: true };
}

/** What a rule takes from the root where it says nothing itself (istio `pilot/pkg/model/virtualservice.go`, mergeHTTPRoute, 1.31). */
const INHERITED = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'corsPolicy',
  'mirrors',
  'headers',
];

/** The two as one rule that means the same in the root; `undefined` where the leaf's rule does not count. */
function mergeRules(
  root: Raw,
  leaf: Raw,
  namespaces: { readonly root: string; readonly leaf: string },
  env: MeshEnvironment,
): Raw | undefined {
  const matches = (rule: Raw, namespace: string) => records(rule.match).map((match) => completeGateways(match, namespace));
  const match = mergeMatches(matches(root, namespaces.root), matches(leaf, namespaces.leaf));
  if (match === undefined) return undefined;
  const inherited = INHERITED.flatMap((key) => (leaf[key] == null && root[key] != null ? [[key, root[key]]] : []));
  const own = namespaces.leaf === namespaces.root ? leaf : withFullHosts(leaf, namespaces.leaf, domainOf(env));
  const { match: _, ...rest } = own;
  return oneMirrorList({ ...rest, ...Object.fromEntries(inherited), ...(match.length === 0 ? {} : { match }) });
}

/** Short names mean services of the namespace that they are written in. */
function withFullHosts(rule: Raw, namespace: string, domain: string): Raw {
  const full = (destination: unknown) =>
    isRecord(destination) && typeof destination.host === 'string'
      ? { ...destination, host: resolveHost(destination.host, namespace, domain) }
      : destination;
  const inside = (list: unknown) => records(list).map((one) => ({ ...one, destination: full(one.destination) }));
  return {
    ...rule,
    ...(rule.route == null ? {} : { route: inside(rule.route) }),
    ...(rule.mirror == null ? {} : { mirror: full(rule.mirror) }),
    ...(rule.mirrors == null ? {} : { mirrors: inside(rule.mirrors) }),
  };
}

/** Why rules of what an object delegates to cannot be copied into it. */
export function refuseDelegates({ object, delegates }: Site, owner: Owner): readonly Refusal[] {
  return [...new Set(delegates)].flatMap((leaf) => {
    const ref = refOf(leaf);
    const called = `VirtualService ${ref.namespace ?? ''}/${ref.name}`;
    const named = httpOf(leaf).flatMap((rule, index) =>
      text(rule.name).startsWith(RESERVED_PREFIX)
        ? refuse(
            'name-taken',
            `${describeRule(leaf, rule, index)}: names that begin with heddle/ are kept for rules of heddle's own, and none of these is in a delegate`,
            'give that rule another name',
          ).refused
        : [],
    );
    const controller = owner.kind === 'route' ? controllerOf(leaf) : undefined;
    const kept =
      controller === undefined
        ? []
        : refuse(
            'managed-by-controller',
            `${called}, which VirtualService ${record(object.metadata).name} delegates to, is kept by ${controller}: its weights would have no effect any more`,
            `pause ${controller} for this service, or work on a service that it does not keep`,
          ).refused;
    return [...named, ...kept].map((refusal) => ({ ...refusal, ref }));
  });
}
