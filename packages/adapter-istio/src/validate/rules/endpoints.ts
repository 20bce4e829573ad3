import { pointerTo } from '@heddle/core';
import type { ServiceEntry } from '../schema/service-entry.js';
import { isAddress } from '../values/addresses.js';
import { labelFaults, portNameFault } from './fields.js';
import type { Report } from './report.js';

type Endpoint = NonNullable<ServiceEntry['endpoints']>[number];

const UNIX = 'unix://';
/** The CRD takes one character less than istiod. */
const LONGEST_PORT_NAME = 62;

/** istio/istio `pkg/config/validation`, validateWorkloadEntry, 1.31, and the CRD's CEL rules. */
export function endpointFaults(
  endpoint: Endpoint,
  pointer: string,
  { resolution, ports }: { readonly resolution: ServiceEntry['resolution']; readonly ports: NonNullable<ServiceEntry['ports']> },
  report: Report,
): void {
  const { address, network } = endpoint;
  if (address === undefined && network === undefined) report(pointer, 'there must be an address or a network');
  const socket = address?.startsWith(UNIX) === true;
  if (socket && (!/^[/@]/.test(address.slice(UNIX.length)) || address.endsWith('/')))
    report(`${pointer}/address`, `${address} is no absolute path of a socket`);
  if (socket && endpoint.ports !== undefined) report(`${pointer}/ports`, 'there must be none for a socket');
  const known = new Set(ports.map(({ name }) => name));
  for (const name of Object.keys(endpoint.ports ?? {})) {
    const at = pointerTo(`${pointer}/ports`, name);
    report(at, name.length > LONGEST_PORT_NAME ? `its name must be ${LONGEST_PORT_NAME} characters at most` : portNameFault(name));
    if (resolution !== 'NONE' && !known.has(name)) report(at, 'the ServiceEntry has no port of this name');
  }
  if (resolution !== 'STATIC') return;
  if ((address ?? '') === '' && (network ?? '') === '') report(`${pointer}/address`, 'there must be one');
  if (!socket && (address ?? '') !== '' && !isAddress(address ?? ''))
    report(`${pointer}/address`, `must be an address for resolution STATIC, not ${address}`);
  if (socket && known.size !== 1) report(`${pointer}/address`, 'a socket needs exactly one port of the ServiceEntry');
  labelFaults(endpoint.labels, `${pointer}/labels`, report);
}
