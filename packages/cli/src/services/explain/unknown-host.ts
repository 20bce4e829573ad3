import { type Answer, closest, type KubeObject, metaOf, type Request } from '@heddle/core';
import { isHeadless, servicePorts } from '../kube-service.js';
import type { Caller } from './types.js';

/**
 * What is easily overlooked where nothing routes a request: a bare name is one of the caller's own namespace, a port is one of the
 * Service's, and a name can be mistyped.
 */
export function unknownHostNotes(
  services: readonly KubeObject[],
  { host, port }: Request,
  { client, namespace }: Caller,
  answer: Pick<Answer, 'outcomes' | 'route'>,
): readonly string[] {
  const meant = serviceNameIn(host.toLowerCase().replace(/\.$/, ''), namespace, services);
  if (meant === undefined) return [];
  const { name, home } = meant;
  const same = services.filter((service) => metaOf(service).name === name);
  const here = same.find((service) => metaOf(service).namespace === home);
  if (here !== undefined) {
    const ports = servicePorts(here).map((one) => one.port);
    // A headless name leads to the Pods themselves, at whatever port they have.
    if (ports.includes(port) || isHeadless(here)) return [];
    const [only] = ports;
    const hint = ports.length === 1 ? `: http://${host}:${only}` : '';
    return [`Service ${home}/${name} has no port ${port}; it has ${ports.join(', ') || 'none'}${hint}.`];
  }
  const elsewhere = same.map((service) => metaOf(service).namespace ?? 'default');
  const [first] = elsewhere;
  if (first !== undefined && !host.includes('.')) {
    return [
      `There is no Service ${name} in the caller's namespace ${home}; there is one in ${elsewhere.join(', ')}: -n ${first} for a caller there, or http://${name}.${first}.`,
    ];
  }
  if (client.kind === 'gateway' || !isUnrouted(answer)) return [];
  if (first !== undefined) return [`There is no Service ${name} in namespace ${home}; there is one in ${elsewhere.join(', ')}.`];
  const names = services.filter((service) => metaOf(service).namespace === home).map((service) => metaOf(service).name);
  const guess = closest(name, names);
  return [
    `No Service is called ${name}, so the name leads nowhere unless something else knows it.${guess === undefined ? '' : ` Did you mean ${guess}?`}`,
  ];
}

/** The Service that a name can only be of: a bare one, one that ends as those of Services do, or `name.namespace` where one of the two is known. */
function serviceNameIn(host: string, namespace: string, services: readonly KubeObject[]) {
  if (host.includes(':')) return undefined;
  const [, name = '', home = namespace, end] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)(\.svc(?:\.cluster\.local)?)?)?$/.exec(host) ?? [];
  if (name === '') return undefined;
  const known =
    home === namespace || end !== undefined || services.some((one) => metaOf(one).namespace === home || metaOf(one).name === name);
  return known ? { name, home } : undefined;
}

const isUnrouted = ({ outcomes, route }: Pick<Answer, 'outcomes' | 'route'>): boolean =>
  route === 'blocked' || outcomes.some(({ host }) => host === 'PassthroughCluster');
