import { describeRef, type MeshEnvironment, metaOf, type RoutedService, type Routing, refOf } from '@heddle/core';
import { httpOf } from '../encode/virtual-service.js';
import { isHost } from './destinations.js';
import { type ServiceName, serviceOf } from './hosts.js';
import type { Written } from './objects.js';
import { protocolOf } from './ports.js';
import type { Surroundings } from './surroundings.js';
import { destinationsIn } from './versions.js';

/** What somebody who applies the objects should know of them. */
export function notesOf(routing: Routing, written: readonly Written[], around: Surroundings, env: MeshEnvironment): readonly string[] {
  const withRules = new Set(written.filter(({ object }) => httpOf(object).length > 0).map(({ service }) => nameOf(service)));
  const routed = routing.services.filter((service) => withRules.has(nameOf(service)));
  return [
    ...written.flatMap(besideNote),
    ...written.flatMap(corsNote),
    ...routed.flatMap((service) => guessedPorts(service, around)),
    ...externalHosts(routed),
    ...normalisedPaths(routed, env),
  ];
}

const nameOf = ({ namespace, name }: ServiceName): string => `${namespace}/${name}`;

function besideNote({ object, beside }: Written): readonly string[] {
  if (beside === undefined) return [];
  const counts = object.kind === 'VirtualService' ? '; of two for one host the older counts, so bring them together' : '';
  return [`${beside} is there already and stays as it is, so that the new one is named ${metaOf(object).name}${counts}`];
}

const corsNote = ({ object }: Written): readonly string[] =>
  httpOf(object).some(({ corsPolicy }) => corsPolicy !== undefined)
    ? [
        `${describeRef(refOf(object))}: a corsPolicy says only whose preflight requests are answered; add the methods and headers that they may use`,
      ]
    : [];

/** Ports whose protocol the proxy finds out by looking. */
const guessedPorts = (service: RoutedService, around: Surroundings): readonly string[] =>
  service.ports
    .filter(({ port }) => protocolOf(service, port, around) === 'auto')
    .map(
      ({ port }) =>
        `Port ${port} of Service ${service.namespace}/${service.name} does not say its protocol, so that proxies look at the first bytes; appProtocol: http settles it`,
    );

function externalHosts(services: readonly RoutedService[]): readonly string[] {
  const hosts = services.flatMap(({ tables }) => tables.flatMap(destinationsIn)).map(({ host }) => host);
  return [...new Set(hosts)]
    .filter((host) => serviceOf(host) === undefined && isHost(host))
    .sort()
    .map((host) => `${host} is no Service of the cluster: Istio sends requests there once a ServiceEntry names it`);
}

/** The source may have looked at paths as they were sent (istio `pilot/pkg/networking/core/listener.go`, path normalisation, 1.31). */
function normalisedPaths(services: readonly RoutedService[], { settings }: MeshEnvironment): readonly string[] {
  if (settings.pathNormalization === 'NONE') return [];
  const named = services
    .filter(({ tables }) =>
      tables.some(
        ({ rules, pathNormalisation }) =>
          pathNormalisation === undefined && rules.some(({ match }) => match.some(({ path }) => path !== undefined)),
      ),
    )
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return named.length === 0
    ? []
    : [
        `Istio resolves dot segments and decodes unreserved characters before it looks at paths, which was not done for ${named.join(', ')}`,
      ];
}
