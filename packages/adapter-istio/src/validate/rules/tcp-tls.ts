import type { VirtualService } from '../schema/virtual-service.js';
import { isAddress, subnetFault } from '../values/addresses.js';
import { isWithin, wildcardDomainFault } from '../values/names.js';
import { destinationFaults, gatewayNameFaults, labelFaults, portFault } from './fields.js';
import { each, eachIf, type Report } from './report.js';
import { weightFaults } from './weights.js';

type TlsRule = NonNullable<VirtualService['tls']>[number];
type TcpRule = NonNullable<VirtualService['tcp']>[number];
type Connection = Omit<NonNullable<TlsRule['match']>[number], 'sniHosts'>;

/** istio/istio `pkg/config/validation`, validateTLSRoute, 1.31. */
export function tlsFaults({ match = [], route = [] }: TlsRule, pointer: string, spec: VirtualService, minor: number, report: Report): void {
  if (match.length === 0) report(`${pointer}/match`, 'there must be at least one');
  each(match, `${pointer}/match`, (one, at) => {
    const { sniHosts = [] } = one;
    if (sniHosts.length === 0) report(`${at}/sniHosts`, 'there must be at least one');
    eachIf(sniHosts, `${at}/sniHosts`, (host) => sniHostFault(host, spec), report);
    connectionFaults(one, at, report);
  });
  routeFaults(route, `${pointer}/route`, minor, report);
}

/** validateTCPRoute. */
export function tcpFaults({ match, route = [] }: TcpRule, pointer: string, minor: number, report: Report): void {
  each(match, `${pointer}/match`, (item, at) => connectionFaults(item, at, report));
  routeFaults(route, `${pointer}/route`, minor, report);
}

function routeFaults(route: NonNullable<TcpRule['route']>, pointer: string, minor: number, report: Report): void {
  if (route.length === 0) report(pointer, 'there must be a destination');
  each(route, pointer, ({ destination = {} }, at) => destinationFaults(destination, `${at}/destination`, report));
  weightFaults(route, pointer, minor, report);
}

function connectionFaults({ destinationSubnets, port = 0, sourceLabels, gateways }: Connection, pointer: string, report: Report): void {
  eachIf(destinationSubnets, `${pointer}/destinationSubnets`, subnetFault, report);
  if (port !== 0) report(`${pointer}/port`, portFault(port));
  labelFaults(sourceLabels, `${pointer}/sourceLabels`, report);
  gatewayNameFaults(gateways, `${pointer}/gateways`, report);
}

function sniHostFault(host: string, { hosts = [], gateways = [] }: VirtualService): string | undefined {
  const because = gateways.includes('mesh') ? wildcardDomainFault(host) : sniDomainFault(host);
  if (because !== undefined) return isAddress(host) ? undefined : because;
  return hosts.some((wider) => isWithin(host, wider)) ? undefined : `${host} is within none of the hosts`;
}

/** A host, or a name that gateways between networks use: `outbound_.80_._.reviews.default.svc.cluster.local`. */
export function sniDomainFault(domain: string): string | undefined {
  if (!domain.startsWith('outbound_') || domain.length > 255) return wildcardDomainFault(domain);
  const [, port = '', , host = ''] = domain.split('_');
  return /\d/.test(port) && /[a-zA-Z]/.test(host) ? undefined : `${domain} must be of the form outbound_.PORT_._.HOST`;
}
