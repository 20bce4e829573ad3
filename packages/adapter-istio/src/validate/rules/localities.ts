import { pointerTo } from '@heddle/core';
import type { LoadBalancer } from '../schema/destination-rule.js';
import { each, type Report } from './report.js';

type Setting = NonNullable<LoadBalancer['localityLbSetting']>;

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** istio/istio `pkg/config/validation/agent`, ValidateLocalityLbSetting, 1.31. */
export function localityFaults(setting: Setting | undefined, pointer: string, report: Report): void {
  const { distribute = [], failover = [] } = setting ?? {};
  if (distribute.length > 0 && failover.length > 0) {
    report(`${pointer}/failover`, 'must not stand beside distribute');
    return;
  }
  each(distribute, `${pointer}/distribute`, ({ to = {} }, at) => {
    for (const [locality, weight] of Object.entries(to)) {
      if (weight < 1 || weight > 100) report(pointerTo(`${at}/to`, locality), `must be between 1 and 100, not ${weight}`);
    }
    const total = Object.values(to).reduce((sum, weight) => sum + weight, 0);
    if (total !== 100) report(`${at}/to`, `its weights must sum to 100, not to ${total}`);
    report(`${at}/to`, localitiesFault(Object.keys(to)));
  });
  report(`${pointer}/distribute`, localitiesFault(distribute.map(({ from = '' }) => from)));
  failoverFaults(setting, pointer, { topology: failover.length === 0 }, report);
}

/** From one region to another; `topology`: whether failoverPriority may name the labels of regions and zones. */
export function failoverFaults(
  setting: Pick<Setting, 'failover' | 'failoverPriority'> | undefined,
  pointer: string,
  { topology }: { readonly topology: boolean },
  report: Report,
): void {
  const label = (setting?.failoverPriority ?? []).find((one) => TOPOLOGY.includes(one));
  if (!topology && label !== undefined) report(`${pointer}/failoverPriority`, `must not name ${label} here`);
  each(setting?.failover, `${pointer}/failover`, ({ from = '', to = '' }, at) => {
    if (from === to) report(at, 'must go to another region');
    if (/[/*]/.test(from + to)) report(at, 'must name regions, without zones and *');
  });
}

/** `region/zone/subzone`, of which the end may be `*`; none may be within one before it. */
function localitiesFault(localities: readonly string[]): string | undefined {
  for (const [index, locality] of localities.entries()) {
    if (/\*./s.test(locality)) return `${locality} must hold no * but at its end`;
    if (partsOf(locality).includes('')) return `${JSON.stringify(locality)} must have no empty part`;
    const before = localities.slice(0, index).find((other) => overlaps(partsOf(other), partsOf(locality)));
    if (before !== undefined) return `${locality} overlaps with ${before}`;
  }
  return undefined;
}

/** The subzone may hold slashes. */
function partsOf(locality: string): readonly string[] {
  const [region = '', zone, ...rest] = locality.split('/');
  return [region, ...(zone === undefined ? [] : [zone]), ...(rest.length === 0 ? [] : [rest.join('/')])];
}

/** Whether one that comes later is within one before it, or the other way round; a `*` counts in the one before only. */
function overlaps(before: readonly string[], later: readonly string[]): boolean {
  for (const [index, part] of before.entries()) {
    if (part === '*' || index >= later.length) return true;
    if (part !== later[index]) return false;
  }
  return true;
}
