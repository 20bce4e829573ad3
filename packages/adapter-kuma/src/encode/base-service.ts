import { collectResults, type Observed, ok, type Result, refuse, type ServiceRef } from '@heddle/core';
import { isHttp } from '../decode/parse-kube.js';
import type { Service, ServicePort, World } from '../decode/world-types.js';
import { findService } from './find-service.js';

/** The service that a change is about, fit to be routed. */
export interface BaseService {
  readonly service: Service;
  /** The exposed ports, each once, by number. */
  readonly ports: readonly ServicePort[];
}

/** Refuses what has no one address that rules could be for (design §6), and ports that carry no HTTP for the mesh. */
export function baseServiceOf(services: readonly ServiceRef[], world: World, seen: Observed): Result<BaseService> {
  const [first, ...others] = services;
  if (first === undefined) return refuse('no-service', 'The change names no service');
  if (others.some((other) => other.namespace !== first.namespace || other.name !== first.name)) {
    return refuse(
      'several-services',
      'An owner has rules for one Service; several of its ports may be named',
      'start one session per Service',
    );
  }
  const found = findService(world, seen, first);
  if ('refused' in found) return found;
  const service = found.ok;
  const refused = refusalOf(service);
  if (refused !== undefined) return refused;
  const numbers = [...new Set(services.map(({ port }) => port))].sort((a, b) => a - b);
  const ports = collectResults(numbers.map((port) => checkPort(port, service)));
  return 'refused' in ports ? ports : ok({ service, ports: ports.ok });
}

const nameOf = ({ namespace, name }: Service): string => `Service ${namespace}/${name}`;

function refusalOf(service: Service): ReturnType<typeof refuse> | undefined {
  const what = nameOf(service);
  if (service.ignored) return refuse('service-ignored', `${what} is annotated kuma.io/ignore, so the mesh does not know it`);
  switch (service.shape) {
    case 'externalName':
      return refuse(
        'service-external-name',
        `${what} is an ExternalName: its callers are sent out of the cluster`,
        'expose a Service that selects pods',
      );
    case 'headless':
      return refuse(
        'service-headless',
        `${what} is headless: its callers dial pods, past the rules for the service`,
        'expose a Service with a cluster IP',
      );
    case 'selectorless':
      return refuse(
        'service-no-selector',
        `${what} has no selector: somebody else keeps its endpoints`,
        'expose a Service that selects pods',
      );
    default:
      return undefined;
  }
}

function checkPort(number: number, service: Service): Result<ServicePort> {
  const what = nameOf(service);
  const same = service.ports.filter((port) => port.number === number);
  const port = same.find(({ transport }) => transport === 'TCP') ?? same[0];
  if (port === undefined) {
    return refuse('no-such-port', `${what} has no port ${number}; it has ${service.ports.map((one) => one.number).join(', ') || 'none'}`);
  }
  if (port.transport !== 'TCP') return refuse('port-protocol', `Port ${number} of ${what} is not TCP`, 'expose its TCP ports only');
  if (isHttp(port.protocol)) return ok(port);
  const told = port.protocolFrom === 'default' ? 'since it does not say what it carries (its name does not count)' : 'as it says itself';
  return refuse(
    'port-not-http',
    `Kuma takes port ${number} of ${what} for ${port.protocol.toUpperCase()}, ${told}, so no rule can look at its requests`,
    'if it carries HTTP, set appProtocol: http on the port; for HTTP/2 and gRPC, http2 and grpc',
  );
}
