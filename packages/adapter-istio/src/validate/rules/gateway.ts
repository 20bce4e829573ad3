import type { gateway } from '../schema/gateway.js';
import type { Stored } from '../schema/schema.js';
import { isAddress, socketFault } from '../values/addresses.js';
import { isDnsLabel } from '../values/names.js';
import { portFault, protocolFamily } from './fields.js';
import type { About } from './report.js';
import { each, eachIf, type Report } from './report.js';
import { scopedHostFault } from './scoped-host.js';
import { serverTlsFaults } from './server-tls.js';

type Server = NonNullable<Stored<typeof gateway>['servers']>[number];

const UNIX = 'unix://';

/** istio/istio `pkg/config/validation`, ValidateGateway, 1.31. */
export function gatewayFaults({ servers = [] }: Stored<typeof gateway>, { name }: About, report: Report): void {
  if (!isDnsLabel(name)) report('/metadata/name', 'must be letters, digits and dashes, 63 at most');
  if (servers.length === 0) report('/spec/servers', 'there must be at least one');
  const portNames = servers.map(({ port }) => port?.name);
  each(servers, '/spec/servers', (server, at) => {
    serverFaults(server, at, report);
    if (at !== `/spec/servers/${portNames.indexOf(server.port?.name)}`) report(`${at}/port/name`, `${server.port?.name} is there before`);
  });
}

function serverFaults(server: Server, pointer: string, report: Report): void {
  const { hosts = [], port = {}, bind = '', tls } = server;
  if (hosts.length === 0) report(`${pointer}/hosts`, 'there must be at least one');
  eachIf(hosts, `${pointer}/hosts`, (host) => scopedHostFault(host, 'gateway'), report);
  portFaults(port, bind, `${pointer}/port`, report);
  bindFaults(port.number ?? 0, bind, `${pointer}/bind`, report);
  serverTlsFaults(tls, `${pointer}/tls`, report);
  report(`${pointer}/tls`, tlsForProtocolFault(server));
}

function portFaults(
  { name = '', number = 0, protocol = '', targetPort = 0 }: NonNullable<Server['port']>,
  bind: string,
  pointer: string,
  report: Report,
): void {
  if (protocolFamily(protocol) === undefined) report(`${pointer}/protocol`, `${JSON.stringify(protocol)} is no protocol that Istio knows`);
  if (number > 0 || !bind.startsWith(UNIX)) report(`${pointer}/number`, portFault(number));
  if (targetPort > 0) report(`${pointer}/targetPort`, 'means nothing at a gateway');
  if (name === '') report(`${pointer}/name`, 'must not be empty');
}

function bindFaults(number: number, bind: string, pointer: string, report: Report): void {
  if (!bind.startsWith(UNIX)) {
    if (bind !== '' && !isAddress(bind)) report(pointer, `${JSON.stringify(bind)} is no address`);
    return;
  }
  report(pointer, socketFault(bind.slice(UNIX.length)));
  if (number !== 0) report(pointer, 'a socket needs port number 0');
}

/** Plain HTTP may have TLS settings that redirect, and nothing else. */
function tlsForProtocolFault({ port, tls }: Server): string | undefined {
  const family = protocolFamily(port?.protocol ?? '');
  if (family === undefined) return undefined;
  if (family === 'tls') return tls === undefined ? `there must be settings for protocol ${port?.protocol}` : undefined;
  if (tls === undefined) return undefined;
  const { mode = 'PASSTHROUGH', caCertificates = '', privateKey = '', serverCertificate = '' } = tls;
  const empty = caCertificates + privateKey + serverCertificate === '' && (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH');
  return family === 'http' && empty ? undefined : `there must be none for protocol ${port?.protocol}`;
}
