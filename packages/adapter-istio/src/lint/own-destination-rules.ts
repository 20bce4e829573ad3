import { describeRef, type Finding, finding } from '@heddle/core';
import { hostsMatch } from '../decode/hosts.js';
import { isOwnDestinationRule } from '../owned/owned-subsets.js';
import type { LintContext } from './context.js';

/**
 * DestinationRules of heddle's own that stand in place of one for more than their service, which somebody has made since: plans refuse that
 * (istio `pilot/pkg/model/push_context.go`, destinationRule, 1.31: the most specific host counts alone, of the service's namespace first).
 */
export function ownRulesHiding({ world, env }: LintContext): readonly Finding[] {
  const root = env.settings.rootNamespace ?? 'istio-system';
  const own = world.destinationRules.filter(({ object }) => isOwnDestinationRule(object));
  const theirs = world.destinationRules.filter((rule) => !own.includes(rule));
  return own.flatMap(({ ref, host, namespace }) => {
    const beside = theirs.some((rule) => rule.namespace === namespace && rule.host === host);
    const hidden = theirs.find((rule) => [namespace, root].includes(rule.namespace) && hostsMatch(rule.host, host));
    if (beside || hidden === undefined) return [];
    const text = `it counts for ${host} in place of ${describeRef(hidden.ref)}, whose policy does not hold there`;
    const fix = `make a DestinationRule for ${host} in ${namespace} with that policy: heddle's subsets then stand beside it`;
    return [finding('warning', 'destination-rule-hides', ref, text, { pointer: '/spec/host', fix })];
  });
}
