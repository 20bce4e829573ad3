import { type Finding, finding, labelText } from '@heddle/core';
import { isWildcard } from '../decode/hosts.js';
import { labelsKey } from '../decode/proxy.js';
import { record, records, text as textOf } from '../decode/raw.js';
import type { DestinationRule, Subset } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import { rulesHiding, rulesTogether } from './hidden-rules.js';
import { missingHost } from './missing-host.js';
import { ownRulesHiding } from './own-destination-rules.js';

/** DestinationRules that apply to nothing or put others out of force, and subsets that are the same Pods. */
export function lintDestinationRules(context: LintContext): readonly Finding[] {
  const { destinationRules } = context.world;
  return [
    ...destinationRules.flatMap((rule) => [...unknownHost(context, rule), ...sameSubsets(context, rule)]),
    ...rulesTogether(context),
    ...rulesHiding(context),
    ...ownRulesHiding(context),
  ];
}

function unknownHost(context: LintContext, rule: DestinationRule): readonly Finding[] {
  const stated = textOf(record(rule.object.spec).host);
  if (isWildcard(rule.host)) return [];
  const missing = missingHost(context, rule.host.toLowerCase(), stated, rule.namespace);
  if (missing === undefined) return [];
  const { severity, code, text, fix } = missing;
  return [finding(severity, code, rule.ref, `${text}, so it applies to nothing`, { pointer: '/spec/host', fix })];
}

/** Subsets of one object that mean the same Pods, or share some. */
function sameSubsets({ world, pods }: LintContext, rule: DestinationRule): readonly Finding[] {
  const service = world.serviceByHost.get(rule.host);
  const places = records(record(rule.object.spec).subsets);
  const pointerTo = ({ name }: Subset) =>
    `/spec/subsets/${Math.max(
      0,
      places.findIndex((raw) => raw.name === name),
    )}/labels`;
  const findings: Finding[] = [];
  const seen = new Map<string, Subset>();
  for (const subset of rule.subsets) {
    const key = labelsKey(subset.labels);
    const same = seen.get(key);
    if (same !== undefined) {
      const text = `subsets ${same.name} and ${subset.name} have the same labels (${labelText(subset.labels) || 'none'}), so they are the same Pods`;
      findings.push(
        finding('warning', 'subsets-alike', rule.ref, text, { pointer: pointerTo(subset), fix: 'give each the labels of its own Pods' }),
      );
    } else seen.set(key, subset);
  }
  if (service === undefined || rule.subsets.length > MOST_COMPARED) return findings;
  const members = [...seen.values()].map((subset): readonly [Subset, ReadonlySet<string>] => [
    subset,
    new Set(pods.selected(service.namespace, { ...service.selector, ...subset.labels }).map(({ name }) => name)),
  ]);
  for (const [at, [one, mine]] of members.entries()) {
    for (const [other, theirs] of members.slice(0, at)) {
      const both = [...mine].filter((name) => theirs.has(name));
      if (both.length === 0 || isWithin(one, other) || isWithin(other, one)) continue;
      const text = `subsets ${other.name} and ${one.name} share ${both.length === 1 ? `Pod ${both[0]}` : `${both.length} Pods (${both[0]}, …)`}, so it gets requests of both`;
      findings.push(finding('info', 'subsets-overlap', rule.ref, text, { pointer: pointerTo(one), fix: 'tell them apart by one label' }));
    }
  }
  return findings;
}

const MOST_COMPARED = 50;

/** A subset with more labels than another is meant to be a part of it. */
const isWithin = (narrow: Subset, wide: Subset): boolean =>
  Object.entries(wide.labels).every(([key, value]) => narrow.labels[key] === value);
