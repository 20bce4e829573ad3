import type { ServiceEntry } from '../schema/service-entry.js';
import { isAddress, subnetFault } from '../values/addresses.js';
import { domainFault, wildcardDomainFault } from '../values/names.js';
import { endpointFaults } from './endpoints.js';
import { exportToFaults, labelFaults, portNameFault, protocolFamily, protocolFault, selectorFaults } from './fields.js';
import type { About } from './report.js';
import { each, eachIf, type Report } from './report.js';

/** istio/istio `pkg/config/validation`, ValidateServiceEntry, 1.31, and the CRD's CEL rules. */
export function serviceEntryFaults(spec: ServiceEntry, { namespace, labels }: About, report: Report): void {
  const { hosts = [], addresses = [], ports = [], endpoints, resolution = 'NONE', workloadSelector } = spec;
  selectorFaults(workloadSelector?.labels, '/spec/workloadSelector/labels', report);
  eachIf(hosts, '/spec/hosts', (host) => (host === '*' ? 'must name one host, not all' : wildcardDomainFault(host)), report);
  eachIf(addresses, '/spec/addresses', subnetFault, report);
  const fixed = resolution === 'NONE' || resolution === 'STATIC';
  if (!fixed && addresses.some((address) => address.includes('/'))) report('/spec/addresses', 'networks need resolution NONE or STATIC');
  portsFaults(spec, report);
  if (resolution === 'NONE' && endpoints !== undefined) report('/spec/endpoints', 'there must be none for resolution NONE');
  each(endpoints, '/spec/endpoints', (endpoint, at) => endpointFaults(endpoint, at, { resolution, ports }, report));
  if (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') dnsFaults(spec, report);
  if (resolution === 'DYNAMIC_DNS') dynamicFaults(spec, labels, report);
  const plain = ports.find(({ protocol = '' }) => !['http', 'tls'].includes(protocolFamily(protocol) ?? ''));
  if (resolution !== 'NONE' && hosts.length > 1 && plain !== undefined)
    report('/spec/hosts', `there must be only one where a port is neither HTTP nor TLS (${plain.name})`);
  exportToFaults(spec.exportTo, { namespace, nobody: true }, report);
}

function portsFaults({ ports = [] }: ServiceEntry, report: Report): void {
  const numbers = ports.map(({ number }) => number);
  each(ports, '/spec/ports', ({ name = '', number, protocol = '' }, at) => {
    if (at !== `/spec/ports/${numbers.indexOf(number)}`) report(`${at}/number`, `${number} is there before`);
    report(`${at}/name`, portNameFault(name));
    report(`${at}/protocol`, protocolFault(protocol));
  });
}

function dnsFaults({ hosts = [], endpoints = [], resolution }: ServiceEntry, report: Report): void {
  if (endpoints.length === 0) eachIf(hosts, '/spec/hosts', domainFault, report);
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
    report('/spec/endpoints', `there must be one at most for resolution ${resolution}`);
  each(endpoints, '/spec/endpoints', ({ address = '', labels }, at) => {
    if (!isAddress(address)) report(`${at}/address`, domainFault(address));
    labelFaults(labels, `${at}/labels`, report);
  });
}

/** Names that are resolved when a request comes; with a waypoint, for what is outside of the mesh only. */
function dynamicFaults(
  { hosts = [], addresses = [], endpoints = [], ports = [], location }: ServiceEntry,
  labels: About['labels'],
  report: Report,
): void {
  eachIf(hosts, '/spec/hosts', (host) => (host.startsWith('*') ? undefined : 'must begin with * for resolution DYNAMIC_DNS'), report);
  if (addresses.length > 0) report('/spec/addresses', 'there must be none for resolution DYNAMIC_DNS');
  if (endpoints.length > 0) report('/spec/endpoints', 'there must be none for resolution DYNAMIC_DNS');
  each(ports, '/spec/ports', ({ protocol = '' }, at) => {
    if (!['http', 'http2', 'grpc', 'tls'].includes(protocol.toLowerCase()))
      report(`${at}/protocol`, 'must be HTTP, HTTP2, GRPC or TLS for resolution DYNAMIC_DNS');
  });
  const waypoint = labels['istio.io/use-waypoint'] ?? '';
  if (location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none')
    report('/spec/location', 'must be MESH_EXTERNAL for resolution DYNAMIC_DNS with a waypoint');
}
