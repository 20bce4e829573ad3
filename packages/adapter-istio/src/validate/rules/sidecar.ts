import type { Stored } from '../schema/schema.js';
import type { sidecar } from '../schema/sidecar.js';
import { isAddress, socketFault } from '../values/addresses.js';
import { domainFault } from '../values/names.js';
import { connectionPoolFaults } from './connection-pool.js';
import { destinationFaults, portFault, portNameFault, protocolFamily, protocolFault, selectorFaults } from './fields.js';
import { each, eachIf, type Report } from './report.js';
import { scopedHostFault } from './scoped-host.js';
import { serverTlsFaults } from './server-tls.js';

type Sidecar = Stored<typeof sidecar>;
type Ingress = NonNullable<Sidecar['ingress']>[number];
type Egress = NonNullable<Sidecar['egress']>[number];
type Port = NonNullable<Ingress['port']>;

const UNIX = 'unix://';

/** istio/istio `pkg/config/validation`, ValidateSidecar, 1.31. */
export function sidecarFaults(spec: Sidecar, report: Report): void {
  const { ingress = [], egress = [], inboundConnectionPool, outboundTrafficPolicy, workloadSelector } = spec;
  selectorFaults(workloadSelector?.labels, '/spec/workloadSelector/labels', report);
  if (ingress.length + egress.length === 0 && inboundConnectionPool === undefined && outboundTrafficPolicy === undefined)
    report('/spec', 'must say something');
  const inbound = ingress.map(({ port }) => port?.number ?? 0);
  each(ingress, '/spec/ingress', (item, at) => ingressFaults(item, at, report));
  repeatedFaults(inbound, '/spec/ingress', report);
  connectionPoolFaults(inboundConnectionPool, '/spec/inboundConnectionPool', report);
  each(egress, '/spec/egress', (item, at) => egressFaults(item, at, report));
  // Without a number it is a socket, which is known by its path.
  const outbound = egress.map(({ port, bind = '' }) => (port === undefined ? undefined : port.number || bind));
  repeatedFaults(outbound, '/spec/egress', report);
  for (const [index, { port }] of egress.entries()) {
    if (port === undefined && index < egress.length - 1) report(`/spec/egress/${index}`, 'one without a port must be the last');
  }
  outboundFaults(outboundTrafficPolicy, '/spec/outboundTrafficPolicy', report);
}

function repeatedFaults(listeners: readonly (number | string | undefined)[], pointer: string, report: Report): void {
  for (const [index, one] of listeners.entries()) {
    if (one !== undefined && listeners.indexOf(one) < index) report(`${pointer}/${index}/port`, `${one} is there before`);
  }
}

function ingressFaults(
  { port = {}, bind = '', defaultEndpoint = '', tls, connectionPool }: Ingress,
  pointer: string,
  report: Report,
): void {
  portFaults(port, `${pointer}/port`, report);
  report(`${pointer}/port/number`, portFault(port.number ?? 0));
  if (bind !== '' && !isAddress(bind)) report(`${pointer}/bind`, `${JSON.stringify(bind)} is no address`);
  if (defaultEndpoint !== '') report(`${pointer}/defaultEndpoint`, endpointFault(defaultEndpoint));
  connectionPoolFaults(connectionPool, `${pointer}/connectionPool`, report);
  if (tls === undefined) return;
  for (const key of ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'] as const) {
    if ((tls[key] ?? '').length > 0) report(`${pointer}/tls/${key}`, 'is not supported in a Sidecar');
  }
  if (tls.httpsRedirect === true) report(`${pointer}/tls/httpsRedirect`, 'is not supported in a Sidecar');
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') report(`${pointer}/tls/mode`, `must not be ${tls.mode} in a Sidecar`);
  if (protocolFamily(port.protocol ?? '') !== 'tls') report(`${pointer}/tls`, 'needs the protocol HTTPS or TLS');
  serverTlsFaults(tls, `${pointer}/tls`, report);
}

const LOOPBACK = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

function endpointFault(endpoint: string): string | undefined {
  if (endpoint.startsWith(UNIX)) return socketFault(endpoint.slice(UNIX.length));
  const [, bracketed, plain, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([+-]?\d+)$/.exec(endpoint) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || !LOOPBACK.includes(host)) return 'must be of the form 127.0.0.1:PORT, [::1]:PORT, :PORT or unix://PATH';
  return portFault(Number(port));
}

function egressFaults({ port, bind = '', captureMode = 'DEFAULT', hosts = [] }: Egress, pointer: string, report: Report): void {
  if (hosts.length === 0) report(`${pointer}/hosts`, 'there must be at least one');
  eachIf(hosts, `${pointer}/hosts`, (host) => scopedHostFault(host, 'sidecar'), report);
  if (port === undefined) return;
  portFaults(port, `${pointer}/port`, report);
  if ((port.number ?? 0) !== 0) {
    report(`${pointer}/port/number`, portFault(port.number ?? 0));
    if (bind !== '' && !isAddress(bind)) report(`${pointer}/bind`, `${JSON.stringify(bind)} is no address`);
    return;
  }
  if (!bind.startsWith(UNIX)) report(`${pointer}/bind`, `must be a socket (${UNIX}PATH) where the port has no number`);
  else report(`${pointer}/bind`, socketFault(bind.slice(UNIX.length)));
  if (captureMode === 'IPTABLES') report(`${pointer}/captureMode`, 'must be DEFAULT or NONE for a socket');
}

function portFaults({ name = '', protocol = '', targetPort = 0 }: Port, pointer: string, report: Report): void {
  if (targetPort > 0) report(`${pointer}/targetPort`, 'means nothing in a Sidecar');
  if (name !== '') report(`${pointer}/name`, portNameFault(name));
  report(`${pointer}/protocol`, protocolFault(protocol));
}

function outboundFaults(policy: Sidecar['outboundTrafficPolicy'], pointer: string, report: Report): void {
  const proxy = policy?.egressProxy;
  if (proxy === undefined) return;
  if (policy?.mode !== 'ALLOW_ANY') {
    report(`${pointer}/egressProxy`, 'needs mode ALLOW_ANY');
    return;
  }
  report(`${pointer}/egressProxy/host`, domainFault(proxy.host ?? ''));
  if (proxy.port === undefined) report(`${pointer}/egressProxy/port`, 'there must be one');
  else destinationFaults(proxy, `${pointer}/egressProxy`, report);
}
