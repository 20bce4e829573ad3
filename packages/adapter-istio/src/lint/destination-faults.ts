import { closest, type Destination, describeRef, type Finding, labelText } from '@heddle/core';
import { destinationRuleFor } from '../decode/destination-rules.js';
import type { ClientProxy } from '../decode/proxy.js';
import { type Raw, text as textOf } from '../decode/raw.js';
import type { Service } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import { missingHost } from './missing-host.js';

/** What is wrong with a destination, for some callers. */
export interface Fault {
  readonly severity: Finding['severity'];
  readonly code: string;
  readonly text: string;
  readonly fix: string;
  /** Of the destination: which of its fields. */
  readonly field: 'host' | 'subset' | 'port';
}

/** Why requests that a proxy sends there find nobody; `undefined` where that is said of another object, or not known. `stated`: the destination as written. */
export function faultOf(
  context: LintContext,
  { host, port, subset, endpoints, missingStatus }: Destination,
  stated: Raw,
  proxy: ClientProxy,
  protocol: 'http' | 'tcp',
): Fault | undefined {
  const then = protocol === 'tcp' ? 'connections are closed' : `requests get ${endpoints === 'no-cluster' ? (missingStatus ?? 503) : 503}`;
  const service = context.world.serviceByHost.get(host);
  if (service === undefined) return withoutService(context, host, textOf(stated.host) || host, then);
  if (endpoints === 'no-cluster') {
    const numbers = service.ports.filter(({ protocol: of }) => of !== 'udp').map(({ number }) => number);
    if (port !== undefined && !numbers.includes(port)) return withoutPort(service, port, stated, numbers, then);
    return subset === undefined ? notVisible(service, then) : withoutSubset(context, service, subset, proxy, then);
  }
  return subset === undefined ? undefined : emptySubset(context, service, subset, proxy, then);
}

/** A destination without a port keeps the one that the caller asked for (seen on a running Istio 1.31). */
function withoutPort(service: Service, port: number, stated: Raw, numbers: readonly number[], then: string): Fault {
  const has = `${nameOf(service)} has no port ${port} (it has ${numbers.join(', ') || 'none'})`;
  const why = stated.port === undefined ? `the destination names no port, so it is the caller's, and ${has}` : has;
  return {
    severity: 'error',
    code: 'destination-port-missing',
    text: `${why}: ${then}`,
    fix: 'name one of its ports in destination.port',
    field: 'port',
  };
}

function withoutService(context: LintContext, host: string, stated: string, then: string): Fault | undefined {
  const missing = missingHost(context, host, stated, host.split('.')[1] ?? '');
  if (missing !== undefined) {
    const code = missing.code === 'host-not-full' ? missing.code : 'destination-missing';
    return { ...missing, code, text: `${missing.text}: ${then}`, field: 'host' };
  }
  if (context.isAdded(host) || !context.wasRead('Service') || !context.wasRead('ServiceEntry')) return undefined;
  const text = `${host} is no Service, and no ServiceEntry adds it to the mesh: ${then}`;
  return { severity: 'warning', code: 'destination-missing', text, fix: 'correct the name, or make a ServiceEntry for it', field: 'host' };
}

function notVisible(service: Service, then: string): Fault {
  const text = `these callers do not see ${nameOf(service)} (by its exportTo or their Sidecar): ${then}`;
  return {
    severity: 'error',
    code: 'destination-not-visible',
    text,
    fix: 'export the Service to them, or import it in their Sidecar',
    field: 'host',
  };
}

function withoutSubset(
  { world, index, wasRead }: LintContext,
  service: Service,
  subset: string,
  proxy: ClientProxy,
  then: string,
): Fault | undefined {
  if (!wasRead('DestinationRule')) return undefined;
  const inForce = destinationRuleFor(world, index, proxy, service);
  const base = { severity: 'error', code: 'subset-missing', field: 'subset' } as const;
  const defining = world.destinationRules.find(({ host, subsets }) => host === service.host && subsets.some(({ name }) => name === subset));
  const what = `${nameOf(service)} has no subset ${subset}`;
  if (inForce === undefined) {
    if (defining === undefined) {
      return {
        ...base,
        text: `${what}, since no DestinationRule is for it: ${then}`,
        fix: `make a DestinationRule for ${service.host} that defines it`,
      };
    }
    const text = `${what} for these callers, since they do not see ${describeRef(defining.ref)}, which defines it: ${then}`;
    const home = defining.ref.namespace;
    if (home === undefined || home === service.namespace) return { ...base, text, fix: `export ${describeRef(defining.ref)} to them` };
    // Callers beside it find it, and often there are no others.
    const fix = `move it to ${service.namespace}, where all callers look for it; in ${home} only those in ${home} do`;
    return { ...base, severity: 'warning', text, fix };
  }
  const rules = inForce.from.map(({ ref }) => describeRef(ref)).join(', ');
  const names = inForce.subsets.map(({ name }) => name);
  if (defining !== undefined && !inForce.from.includes(defining)) {
    const text = `${what} for these callers: ${rules} counts for them, and hides ${describeRef(defining.ref)}, which defines it: ${then}`;
    return { ...base, text, fix: `define the subset in ${rules} too` };
  }
  const near = isNumberedAlike(subset, names) ? undefined : closest(subset, names);
  const text = `${what} (${rules} defines ${names.join(', ') || 'none'}): ${then}`;
  return { ...base, text, fix: near === undefined ? `add it to ${rules}` : `did you mean ${near}? Else add it to ${rules}` };
}

/** `v3` among `v1` and `v2` is no slip. */
const isNumberedAlike = (subset: string, names: readonly string[]): boolean => {
  const stem = subset.replace(/\d+$/, '');
  return stem !== subset && names.some((name) => name.replace(/\d+$/, '') === stem);
};

/** A subset without Pods; where the whole Service has none, that is said of the Service. */
function emptySubset(
  { world, index, pods }: LintContext,
  service: Service,
  subset: string,
  proxy: ClientProxy,
  then: string,
): Fault | undefined {
  const behind = pods.selected(service.namespace, service.selector);
  if (!pods.known(service.namespace) || behind.every(({ ready }) => !ready)) return undefined;
  const rule = destinationRuleFor(world, index, proxy, service);
  const labels = rule?.subsets.find(({ name }) => name === subset)?.labels ?? {};
  const having = behind.filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value));
  const what = `subset ${subset} of ${nameOf(service)} (${labelText(labels)})`;
  const base = { severity: 'error', code: 'subset-empty', field: 'subset' } as const;
  if (having.some(({ ready }) => ready)) return undefined;
  if (having.length > 0)
    return {
      ...base,
      text: `${what} has no ready Pod: ${then}`,
      fix: `see why: kubectl describe pod ${having[0]?.name} -n ${service.namespace}`,
    };
  const values = Object.keys(labels).map((key) => {
    const found = [...new Set(behind.map((pod) => pod.labels[key]))].map((value) => value ?? 'none');
    return `${key}: ${found.sort().join(', ')}`;
  });
  return {
    ...base,
    text: `${what} has no Pod: ${then}`,
    fix: `label the Pods that are meant; those behind the Service have ${values.join('; ')}`,
  };
}

const nameOf = ({ namespace, name }: Service): string => `Service ${namespace}/${name}`;
