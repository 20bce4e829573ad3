import type { LoadBalancer } from '../schema/destination-rule.js';
import { failoverFaults, localityFaults } from './localities.js';
import { each, type Report } from './report.js';

/** istio/istio `pkg/config/validation`, validateLoadBalancer, 1.31. */
export function loadBalancerFaults(balancer: LoadBalancer | undefined, pointer: string, report: Report): void {
  if (balancer === undefined) return;
  const { consistentHash, localityLbSetting, zoneAwareLbSetting, warmup } = balancer;
  consistentHashFaults(consistentHash, `${pointer}/consistentHash`, report);
  if (localityLbSetting !== undefined && zoneAwareLbSetting !== undefined)
    report(`${pointer}/zoneAwareLbSetting`, 'must not stand beside localityLbSetting');
  localityFaults(localityLbSetting, `${pointer}/localityLbSetting`, report);
  failoverFaults(zoneAwareLbSetting, `${pointer}/zoneAwareLbSetting`, { topology: false }, report);
  if (warmup?.aggression === 0) report(`${pointer}/warmup/aggression`, 'must be above 0');
}

function consistentHashFaults(hash: LoadBalancer['consistentHash'], pointer: string, report: Report): void {
  if (hash === undefined) return;
  const { httpCookie, maglev, ringHash, minimumRingSize = 0 } = hash;
  if (httpCookie?.name === '') report(`${pointer}/httpCookie/name`, 'must not be empty');
  const names = (httpCookie?.attributes ?? []).map(({ name = '' }) => name);
  each(names, `${pointer}/httpCookie/attributes`, (name, at) => {
    if (name === '') report(`${at}/name`, 'must not be empty');
    else if (!at.endsWith(`/${names.indexOf(name)}`)) report(`${at}/name`, `${name} is there before`);
  });
  if (minimumRingSize !== 0 && (maglev ?? ringHash) !== undefined)
    report(`${pointer}/minimumRingSize`, 'must not stand beside ringHash or maglev');
  const { tableSize = 0 } = maglev ?? {};
  if (maglev !== undefined && (tableSize >= LARGEST_TABLE || !isPrime(tableSize)))
    report(`${pointer}/maglev/tableSize`, `must be a prime below ${LARGEST_TABLE}, not ${tableSize}`);
}

const LARGEST_TABLE = 5_000_011;

/** 1 counts as one, as it does for Envoy. */
function isPrime(number: number): boolean {
  if (number < 1) return false;
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return true;
}
