import { pointerTo } from '@heddle/core';
import type { destination } from '../schema/field-types.js';
import type { Stored } from '../schema/schema.js';
import { domainFault, isDnsLabel, labelFault, wildcardDomainFault } from '../values/names.js';
import type { Report } from './report.js';

// What several kinds share (istio/istio `pkg/config/validation/validation.go`, 1.31).

export const portFault = (port: number): string | undefined =>
  port >= 1 && port <= 65_535 ? undefined : `must be between 1 and 65535, not ${port}`;

export function destinationFaults({ host = '', subset = '', port }: Stored<typeof destination>, pointer: string, report: Report): void {
  report(`${pointer}/host`, host === '*' ? 'must name one host, not all' : wildcardDomainFault(host));
  if (subset !== '') report(`${pointer}/subset`, subsetFault(subset));
  if (port !== undefined) report(`${pointer}/port/number`, portFault(port.number ?? 0));
}

export const subsetFault = (name: string): string | undefined =>
  isDnsLabel(name) ? undefined : `${JSON.stringify(name)} is no name of a subset: letters, digits and dashes, 63 at most`;

export function labelFaults(labels: Readonly<Record<string, string>> | undefined, pointer: string, report: Report): void {
  for (const [key, value] of Object.entries(labels ?? {})) report(pointerTo(pointer, key), labelFault(key, value));
}

/** Selectors of proxies know no wildcards. */
export function selectorFaults(labels: Readonly<Record<string, string>> | undefined, pointer: string, report: Report): void {
  for (const key of Object.keys(labels ?? {})) {
    if (key === '') report(pointer, 'the name of a label is empty');
    if (key.includes('*')) report(pointerTo(pointer, key), 'the name of a label must hold no *');
  }
}

/** `namespace/name`; after a name of the old form, without a namespace, istiod looks at no others. */
export function gatewayNameFaults(names: readonly string[] | undefined, pointer: string, report: Report): void {
  for (const [index, name] of (names ?? []).entries()) {
    const at = name.indexOf('/');
    if (at < 0) {
      report(`${pointer}/${index}`, domainFault(name));
      return;
    }
    if (isDnsLabel(name.slice(0, at)) && isDnsLabel(name.slice(at + 1))) continue;
    report(`${pointer}/${index}`, `${JSON.stringify(name)} is no gateway: it must be mesh, a name, or namespace/name`);
  }
}

const EVERYBODY = '*';
const HERE = '.';
const NOBODY = '~';

/** Of any kind; only a ServiceEntry may be for nobody. */
export function exportToFaults(
  exportTo: readonly string[] | undefined,
  { namespace, nobody = false }: { readonly namespace: string; readonly nobody?: boolean },
  report: Report,
): void {
  const homes = (exportTo ?? []).map((entry) => (entry === HERE ? namespace : entry));
  for (const [index, home] of homes.entries()) {
    const pointer = `/spec/exportTo/${index}`;
    if (homes.indexOf(home) < index) report(pointer, `${home} is there before`);
    if (home === NOBODY && !nobody) report(pointer, '~ is for ServiceEntries alone');
    else if (home !== EVERYBODY && home !== NOBODY && !isDnsLabel(home))
      report(pointer, `${JSON.stringify(home)} must be *, . or the name of a namespace`);
  }
  for (const alone of [EVERYBODY, NOBODY]) {
    if (homes.includes(alone) && homes.length > 1) report('/spec/exportTo', `${alone} must stand alone`);
  }
}

const HTTP = ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'];
const TLS = ['https', 'tls'];
const OTHERS = ['tcp', 'udp', 'mongo', 'redis', 'mysql'];

/** What a port's protocol is, in any case (istio/istio `pkg/config/protocol`, Parse, 1.31). */
export function protocolFamily(protocol: string): 'http' | 'tls' | 'other' | undefined {
  const name = protocol.toLowerCase();
  if (HTTP.includes(name)) return 'http';
  if (TLS.includes(name)) return 'tls';
  return OTHERS.includes(name) ? 'other' : undefined;
}

/** Nothing is for istiod to find out. */
export const protocolFault = (protocol: string): string | undefined =>
  protocol === '' || protocolFamily(protocol) !== undefined ? undefined : `${JSON.stringify(protocol)} is no protocol that Istio knows`;

export const portNameFault = (name: string): string | undefined =>
  isDnsLabel(name) ? undefined : `${JSON.stringify(name)} is no name of a port: letters, digits and dashes, 63 at most`;
