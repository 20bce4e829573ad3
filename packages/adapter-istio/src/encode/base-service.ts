import {
  collectResults,
  isRecord,
  type KubeObject,
  type MeshEnvironment,
  type Observed,
  objectsOf,
  ok,
  type Result,
  refuse,
  type ServiceRef,
} from '@heddle/core';
import { addressesOf, serviceVisibility } from '../decode/parse-kube.js';
import { portProtocol } from '../decode/port-protocol.js';
import { number, record, records, text } from '../decode/raw.js';
import { visibility } from '../decode/world.js';
import type { PortProtocol } from '../decode/world-types.js';
import { findService } from './find-service.js';
import { fqdnOf } from './hosts.js';
import type { Exposed } from './site.js';

/** The service that a change is about, fit to be routed. */
export interface BaseService {
  readonly namespace: string;
  readonly name: string;
  readonly exposed: Exposed;
  /** Ports that HTTP rules can be for: told by name or appProtocol, or looked at by the proxy. */
  readonly httpPorts: readonly number[];
  /** Exposed ports whose protocol the proxy finds out by looking. */
  readonly guessedPorts: readonly number[];
  /** Its cluster IPs. */
  readonly addresses: readonly string[];
}

/** Refuses what has no one address that rules could be for (design §6), and ports that carry no HTTP. */
export function baseServiceOf(services: readonly ServiceRef[], seen: Observed, env: MeshEnvironment): Result<BaseService> {
  const [first, ...others] = services;
  if (first === undefined) return refuse('no-service', 'The change names no service', 'name one');
  const { namespace, name } = first;
  if (others.some((other) => other.namespace !== namespace || other.name !== name)) {
    return refuse(
      'several-services',
      'An owner has rules for one Service; several of its ports may be named',
      'start one session per Service',
    );
  }
  const found = findService(seen, first);
  if ('refused' in found) return found;
  const object = found.ok;
  const refused = refusalOf(object, `Service ${namespace}/${name}`);
  if (refused !== undefined) return refused;
  const ports = portsOf(object);
  const numbers = [...new Set(services.map(({ port }) => port))].sort((a, b) => a - b);
  const checked = collectResults(numbers.map((port) => checkPort(port, ports, `Service ${namespace}/${name}`)));
  if ('refused' in checked) return checked;
  const usable = ports.filter(speaksHttp);
  const host = fqdnOf({ namespace, name }, env).toLowerCase();
  return ok({
    namespace,
    name,
    exposed: {
      host,
      ports: numbers,
      allPorts: ports.filter(({ protocol }) => protocol !== 'udp').map((port) => port.number),
      strayOn80: ports.every((port) => port.number !== 80) && objectsOf(seen, '', 'Service').some(speaksHttpOn80),
      visible: serviceVisibility(object, visibility(env, 'defaultServiceExportTo')),
      includes: (service) => service.namespace === namespace && service.name === name && numbers.includes(service.port),
    },
    httpPorts: usable.map((port) => port.number).sort((a, b) => a - b),
    guessedPorts: checked.ok.flatMap(({ protocol, number: port }) => (protocol === 'auto' ? [port] : [])),
    addresses: addressesOf(record(object.spec)),
  });
}

function refusalOf(object: KubeObject, what: string): ReturnType<typeof refuse> | undefined {
  const spec = record(object.spec);
  if (spec.type === 'ExternalName') {
    return refuse(
      'service-external-name',
      `${what} is an ExternalName: its callers are sent out of the cluster`,
      'expose a Service that selects pods',
    );
  }
  if (spec.clusterIP === 'None') {
    return refuse(
      'service-headless',
      `${what} is headless: its callers dial pods, past the rules for the service`,
      'expose a Service with a cluster IP',
    );
  }
  if (!isRecord(spec.selector) || Object.keys(spec.selector).length === 0) {
    return refuse(
      'service-no-selector',
      `${what} has no selector: somebody else keeps its endpoints`,
      'expose a Service that selects pods',
    );
  }
  return undefined;
}

interface Port {
  readonly number: number;
  readonly protocol: PortProtocol;
}

const speaksHttp = ({ protocol }: Port): boolean => protocol === 'http' || protocol === 'auto';

const speaksHttpOn80 = (service: KubeObject): boolean => portsOf(service).some((port) => port.number === 80 && speaksHttp(port));

function portsOf(object: KubeObject): readonly Port[] {
  return records(record(object.spec).ports).flatMap((raw) => {
    const port = number(raw.port);
    if (port === undefined) return [];
    const appProtocol = typeof raw.appProtocol === 'string' ? raw.appProtocol : undefined;
    const transport = text(raw.protocol);
    if (transport === 'SCTP') return [{ number: port, protocol: 'udp' }];
    return [{ number: port, protocol: portProtocol({ number: port, name: text(raw.name), transport, appProtocol }) }];
  });
}

function checkPort(port: number, ports: readonly Port[], what: string): Result<Port> {
  const same = ports.filter((one) => one.number === port);
  const found = same.find(({ protocol }) => protocol !== 'udp') ?? same[0];
  if (found === undefined) {
    return refuse(
      'no-such-port',
      `${what} has no port ${port}; it has ${ports.map((one) => one.number).join(', ') || 'none'}`,
      'name one that it has',
    );
  }
  if (found.protocol === 'udp') return refuse('port-protocol', `Port ${port} of ${what} is not TCP`, 'expose its TCP ports only');
  if (speaksHttp(found)) return ok(found);
  return refuse(
    'port-not-http',
    `Istio takes port ${port} of ${what} for ${found.protocol.toUpperCase()}, so no rule can look at its requests`,
    'if it carries HTTP, say so: appProtocol: http, or a port name that begins with http',
  );
}
