import { type Cluster, closest, type KubeObject, metaOf, type ServiceRef } from '@heddle/core';
import { cliError } from '../errors/cli-error.js';
import type { ServiceArgument } from '../flags/service-argument.js';
import { type ServicePort, servicePorts } from './kube-service.js';

export interface FoundService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly ServicePort[];
  readonly object: KubeObject;
}

/** Reads a Service. Throws `unknown-service`, naming the namespace's services, as far as they may be listed, and a near miss. */
export async function findService(cluster: Cluster, namespace: string, name: string): Promise<FoundService> {
  const object = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  if (object !== undefined) return { namespace, name, ports: servicePorts(object), object };
  const names = await cluster.list({ group: '', kind: 'Service', namespace }).then(
    (objects) => objects.map((each) => metaOf(each).name),
    () => undefined,
  );
  const guess = names === undefined ? undefined : closest(name, names);
  throw cliError('unknown-service', `There is no service ${name} in namespace ${namespace}.`, [
    ...(guess === undefined ? [] : [`Did you mean ${guess}?`]),
    servicesThere(names),
  ]);
}

function servicesThere(names: readonly string[] | undefined): string {
  if (names === undefined) return 'Which services there are could not be listed; check the name, and the namespace (-n).';
  if (names.length === 0) return 'The namespace has no services; choose another with -n.';
  return `Services there: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
}

/** The port that is meant, or all of them. Throws `unknown-port`, naming those that there are. */
export function serviceRefs(service: FoundService, argument: Pick<ServiceArgument, 'port'>): readonly ServiceRef[] {
  const { namespace, name, ports } = service;
  const wanted = argument.port;
  const chosen = wanted === undefined ? ports : ports.filter((port) => String(port.port) === wanted || port.name === wanted);
  if (chosen.length === 0) {
    const list = ports.map((port) => (port.name === undefined ? String(port.port) : `${port.port} (${port.name})`)).join(', ');
    throw cliError('unknown-port', `Service ${name} in namespace ${namespace} has no port ${wanted ?? ''}; it has ${list || 'none'}.`, [
      list === '' ? 'Choose a service that has ports.' : 'Choose one of these ports.',
    ]);
  }
  return chosen.map(({ port }) => ({ namespace, name, port }));
}
