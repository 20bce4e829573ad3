import type { VirtualService } from '../schema/virtual-service.js';
import { isAddress } from '../values/addresses.js';
import { isClaim } from '../values/header.js';
import { hostsOverlap, wildcardDomainFault } from '../values/names.js';
import { exportToFaults, gatewayNameFaults } from './fields.js';
import { httpFaults } from './http.js';
import type { About } from './report.js';
import { each, eachIf, type Report } from './report.js';
import { sniDomainFault, tcpFaults, tlsFaults } from './tcp-tls.js';

/** istio/istio `pkg/config/validation`, ValidateVirtualService, 1.31. */
export function virtualServiceFaults(spec: VirtualService, about: About, report: Report): void {
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [] } = spec;
  if (hosts.length === 0) delegateFaults(spec, report);
  gatewayNameFaults(gateways, '/spec/gateways', report);
  const gatewaysOnly = gateways.length > 0 && !gateways.includes('mesh');
  if (!gatewaysOnly) claimFaults(http, report);
  hostFaults(spec, gatewaysOnly, report);
  if (http.length + tls.length + tcp.length === 0) report('/spec', 'there must be http, tcp or tls rules');
  each(http, '/spec/http', (rule, at) => httpFaults(rule, at, { delegate: hosts.length === 0, minor: about.minor }, report));
  each(tls, '/spec/tls', (rule, at) => tlsFaults(rule, at, spec, about.minor, report));
  each(tcp, '/spec/tcp', (rule, at) => tcpFaults(rule, at, about.minor, report));
  exportToFaults(spec.exportTo, about, report);
}

function delegateFaults(spec: VirtualService, report: Report): void {
  for (const key of ['gateways', 'tls', 'tcp'] as const) {
    if ((spec[key] ?? []).length > 0) report(`/spec/${key}`, 'must be empty in a VirtualService without hosts, which is a delegate');
  }
}

/** Tokens are read by gateways alone. */
function claimFaults(http: NonNullable<VirtualService['http']>, report: Report): void {
  each(http, '/spec/http', (rule, at) =>
    each(rule.match, `${at}/match`, (match, here) => {
      for (const key of ['headers', 'withoutHeaders'] as const) {
        const claim = Object.keys(match[key] ?? {}).find(isClaim);
        if (claim !== undefined) report(`${here}/${key}`, `${claim} can be matched at gateways only`);
      }
    }),
  );
}

/** Hosts that take each other in are one host twice; where one is no host at all, that alone is said. */
function hostFaults({ hosts = [], tls = [] }: VirtualService, gatewaysOnly: boolean, report: Report): void {
  const sni = gatewaysOnly && tls.some(({ match = [] }) => match.some(({ sniHosts = [] }) => sniHosts.length > 0));
  const oddities = hosts.map((host) => {
    const because = sni ? sniDomainFault(host) : wildcardDomainFault(host);
    if (because !== undefined) return isAddress(host) ? undefined : because;
    return !gatewaysOnly && host === '*' ? '* is for gateways alone, not for mesh' : undefined;
  });
  eachIf(oddities, '/spec/hosts', (oddity) => oddity, report);
  if (oddities.some((oddity) => oddity !== undefined)) return;
  for (const [index, host] of hosts.entries()) {
    const before = hosts.slice(0, index).find((other) => hostsOverlap(other, host));
    if (before !== undefined) report(`/spec/hosts/${index}`, `${host} overlaps with ${before}, which is there before it`);
  }
}
