import { type Destination, labelsMatch, type Rule } from '@heddle/core';
import type { Service } from './world-types.js';

/** Whether a Service is a version of another: it selects some of that one's Pods, by its labels and more. */
export const isVersionOf = (version: Service, base: Service): boolean =>
  version !== base &&
  version.namespace === base.namespace &&
  Object.keys(base.selector).length > 0 &&
  labelsMatch(base.selector, version.selector);

/** Rules of a service's table, with the destinations marked that are Services of its own for some of its Pods. */
export function withVersionsOf(rules: readonly Rule[], base: Service, services: readonly Service[]): readonly Rule[] {
  const hosts = new Set(services.filter((service) => isVersionOf(service, base)).map(({ host }) => host));
  if (hosts.size === 0) return rules;
  const versionOf = { namespace: base.namespace, name: base.name };
  const marked = (to: Destination): Destination => (hosts.has(to.host) ? { ...to, versionOf } : to);
  return rules.map((rule) => {
    const { action } = rule;
    return typeof action === 'object' && 'to' in action ? { ...rule, action: { to: action.to.map(marked) } } : rule;
  });
}
