import type { Labels } from '@heddle/core';
import { mostSpecific } from './hosts.js';
import type { ClientProxy } from './proxy.js';
import type { DestinationRule, Service, Subset, World } from './world-types.js';

/** DestinationRules of one host and namespace that count as one. */
export interface MergedRule {
  readonly namespace: string;
  readonly exportTo: ReadonlySet<string>;
  readonly selector: Labels | undefined;
  readonly from: DestinationRule[];
  readonly subsets: Subset[];
}

type ByHost = Map<string, MergedRule[]>;

/** DestinationRules by the namespace they are in: all that its own proxies see, and what is exported from it. */
export interface DestinationRuleIndex {
  readonly local: ReadonlyMap<string, ByHost>;
  readonly exported: ReadonlyMap<string, ByHost>;
  /** Private ones of the root namespace. */
  readonly rootLocal: ByHost;
}

/** As istiod sorts and merges them (istio `pilot/pkg/model/push_context.go`, `setDestinationRules`, 1.31). */
export function indexDestinationRules(world: World, privateByDefault: boolean): DestinationRuleIndex {
  const local = new Map<string, ByHost>();
  const exported = new Map<string, ByHost>();
  const rootLocal: ByHost = new Map();
  const rules = [
    ...world.destinationRules.filter(({ selector }) => selector !== undefined),
    ...world.destinationRules.filter(({ selector }) => selector === undefined),
  ];
  for (const rule of rules) {
    const { exportTo, namespace } = rule;
    if (exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(namespace)) add(inNamespace(local, namespace), rule);
    const isPrivate = exportTo.size === 0 ? privateByDefault : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
    if (!isPrivate) add(inNamespace(exported, namespace), rule);
    else if (namespace === world.rootNamespace) add(rootLocal, rule);
  }
  return { local, exported, rootLocal };
}

function inNamespace(index: Map<string, ByHost>, namespace: string): ByHost {
  const found = index.get(namespace) ?? new Map();
  index.set(namespace, found);
  return found;
}

/**
 * Same host, same namespace: subsets of the younger are added to the older when both have the same exportTo; otherwise they stay
 * apart, and of those that stay apart the last one counts (istio `pilot/pkg/model/destination_rule.go`, 1.31).
 */
function add(byHost: ByHost, rule: DestinationRule): void {
  const list = byHost.get(rule.host) ?? [];
  byHost.set(rule.host, list);
  let apart = true;
  for (const merged of list) {
    if (sameSet(rule.exportTo, merged.exportTo)) apart = false;
    else if (merged.exportTo.size > 0 && [...merged.exportTo].every((one) => rule.exportTo.has(one))) apart = true;
    else {
      apart = true;
      continue;
    }
    const [mine, theirs] = [rule.selector, merged.selector];
    if (mine !== undefined && theirs !== undefined && !sameLabels(mine, theirs)) {
      apart = true;
      continue;
    }
    if ((mine === undefined) === (theirs === undefined)) apart = false;
    merged.from.push(rule);
    merged.subsets.push(...rule.subsets.filter(({ name }) => merged.subsets.every((known) => known.name !== name)));
  }
  if (apart) {
    list.push({ namespace: rule.namespace, exportTo: rule.exportTo, selector: rule.selector, from: [rule], subsets: [...rule.subsets] });
  }
}

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((one) => b.has(one));

const sameLabels = (a: Labels, b: Labels): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);

/**
 * The DestinationRule that a proxy uses for a service: of its own namespace, else of the service's, else of the root namespace;
 * the first that has one for the host decides, whatever it holds.
 */
export function destinationRuleFor(
  world: World,
  index: DestinationRuleIndex,
  proxy: ClientProxy,
  service: Service,
): MergedRule | undefined {
  const found = candidates(world, index, proxy, service);
  const selected = found.find(({ selector, namespace }) => selector !== undefined && namespace === proxy.namespace && proxy.has(selector));
  return selected ?? found.filter(({ selector }) => selector === undefined).at(-1);
}

function candidates(world: World, index: DestinationRuleIndex, proxy: ClientProxy, service: Service): readonly MergedRule[] {
  const own = proxy.namespace === world.rootNamespace ? index.rootLocal : index.local.get(proxy.namespace);
  const local = own === undefined ? undefined : mostSpecific(service.host, own);
  if (local !== undefined) return local;
  for (const namespace of [service.namespace, world.rootNamespace]) {
    const exported = index.exported.get(namespace);
    const seen = (exported === undefined ? undefined : mostSpecific(service.host, exported))?.filter(
      ({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(proxy.namespace),
    );
    if (seen !== undefined && seen.length > 0) return seen;
  }
  return [];
}
