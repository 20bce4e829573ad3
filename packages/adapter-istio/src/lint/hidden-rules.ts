import { describeRef, type Finding, finding, labelText } from '@heddle/core';
import type { MergedRule } from '../decode/destination-rules.js';
import { hostSubset, isWildcard } from '../decode/hosts.js';
import { labelsKey } from '../decode/proxy.js';
import { record } from '../decode/raw.js';
import type { DestinationRule, Service, Subset } from '../decode/world-types.js';
import type { LintContext } from './context.js';

/**
 * Several for one host in one namespace: with equal exportTo their subsets are put together, the older one's first; with unequal ones they
 * stay apart and one alone counts (istio `pilot/pkg/model/destination_rule.go`, 1.31).
 */
export function rulesTogether({ index }: LintContext): readonly Finding[] {
  const findings: Finding[] = [];
  for (const byHost of new Set([...index.local.values(), ...index.exported.values()])) {
    for (const list of byHost.values()) {
      const plain = list.filter(({ selector }) => selector === undefined);
      for (const merged of plain) findings.push(...dropped(merged));
      const counting = plain.at(-1);
      if (counting === undefined) continue;
      for (const hidden of plain.slice(0, -1)) findings.push(...apart(hidden, counting));
    }
  }
  return findings;
}

function dropped({ from }: MergedRule): readonly Finding[] {
  const known = new Map<string, readonly [DestinationRule, Subset]>();
  return from.flatMap((rule) =>
    rule.subsets.flatMap((subset, at) => {
      const before = known.get(subset.name);
      if (before === undefined) {
        known.set(subset.name, [rule, subset]);
        return [];
      }
      const [older, same] = before;
      if (older === rule || labelsKey(same.labels) === labelsKey(subset.labels)) return [];
      const text = `its subset ${subset.name} is dropped: ${describeRef(older.ref)} defines one of that name (${labelText(same.labels)}) for the same host, and comes first`;
      return [finding('error', 'subset-duplicate', rule.ref, text, { pointer: `/spec/subsets/${at}/name`, fix: 'give it another name' })];
    }),
  );
}

function apart(hidden: MergedRule, counting: MergedRule): readonly Finding[] {
  const by = counting.from.find((rule) => !hidden.from.includes(rule));
  if (by === undefined) return [];
  const lost = hidden.subsets.filter(({ name }) => counting.subsets.every((one) => one.name !== name));
  return hidden.from
    .filter((rule) => !counting.from.includes(rule))
    .map((rule) => {
      const then =
        lost.length === 0
          ? 'nothing of it holds'
          : `its subsets ${lost.map(({ name }) => name).join(', ')} do not exist for callers who see both`;
      const text = `${describeRef(by.ref)} for the same host counts instead, and ${then}: the two are not put together, since their exportTo is not the same (none is not the same as *)`;
      return finding(lost.length === 0 ? 'warning' : 'error', 'destination-rule-hidden', rule.ref, text, {
        pointer: '/spec/exportTo',
        fix: 'give both the same exportTo, or make one of the two',
      });
    });
}

/** The first namespace that has one for a host decides: the caller's, then the Service's (istio `push_context.go`, `destinationRule`, 1.31). */
export function rulesHiding({ world, index }: LintContext): readonly Finding[] {
  const wildcards = new Map([...index.local].map(([namespace, byHost]) => [namespace, [...byHost.keys()].filter(isWildcard)]));
  const findings: Finding[] = [];
  for (const service of world.services) {
    const own = index.exported.get(service.namespace)?.get(service.host)?.at(-1);
    if (own === undefined) continue;
    for (const [namespace, byHost] of index.local) {
      if (namespace === service.namespace || namespace === world.rootNamespace) continue;
      const covering = wildcards.get(namespace)?.find((host) => hostSubset(service.host, host));
      const other = byHost.get(service.host)?.at(-1) ?? (covering === undefined ? undefined : byHost.get(covering)?.at(-1));
      if (other !== undefined) findings.push(...hidingFinding(service, own, other, namespace));
    }
  }
  return findings;
}

function hidingFinding(service: Service, own: MergedRule, other: MergedRule, namespace: string): readonly Finding[] {
  const [by, hidden] = [other.from[0], own.from[0]];
  if (by === undefined || hidden === undefined || other.selector !== undefined) return [];
  const lost = own.subsets.filter(({ name }) => other.subsets.every((one) => one.name !== name)).map(({ name }) => name);
  const policy = own.from.some(({ object }) => record(object.spec).trafficPolicy !== undefined);
  if (lost.length === 0 && !policy) return [];
  const then =
    lost.length === 0
      ? 'and its traffic policy does not hold there'
      : `and its subset${lost.length === 1 ? '' : 's'} ${lost.join(', ')} do${lost.length === 1 ? 'es' : ''} not exist there: rules that send to ${lost.length === 1 ? 'it' : 'them'} answer 503`;
  const text = `for callers in namespace ${namespace} it replaces ${describeRef(hidden.ref)} for ${service.host} altogether, ${then}`;
  const fix = `define all that these callers need in it too, or take ${isWildcard(by.host) ? `this host out of ${by.host}` : 'it out'}`;
  return [finding(lost.length === 0 ? 'info' : 'warning', 'destination-rule-hides', by.ref, text, { pointer: '/spec/host', fix })];
}
