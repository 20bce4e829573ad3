import type { Action, Destination, MeshEnvironment } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { wildcardDomainFault } from '../validate/values/names.js';
import { hostFrom, type ServiceName, sameService, serviceOf } from './hosts.js';
import type { Lose } from './losses.js';
import type { Surroundings } from './surroundings.js';
import type { Versions } from './versions.js';
import { sharesOf } from './weights.js';

/** What destinations are written with: for a Service's object, on a port that its clients dial. */
export interface Sending {
  readonly service: ServiceName;
  readonly port: number;
  readonly env: MeshEnvironment;
  readonly around: Surroundings;
  readonly versions: Versions;
}

type To = Extract<Action, { to: unknown }>['to'];

/** `route`; `undefined`: no destination can be chosen, and callers get 503. */
export function routeTo(to: To, sending: Sending, lose: Lose): readonly Raw[] | undefined {
  const chosen = to.length === 1 ? to : to.filter(({ weight }) => weight > 0);
  const entries = new Map<string, { readonly entry: Raw; weight: number }>();
  for (const destination of chosen) {
    const { authority, weight } = destination;
    const headers = authority === undefined ? {} : { headers: { request: { set: { Host: authority } } } };
    const entry = { destination: destinationFor(destination, sending, lose), ...headers };
    const known = entries.get(JSON.stringify(entry));
    if (known === undefined) entries.set(JSON.stringify(entry), { entry, weight });
    else known.weight += weight;
  }
  const all = [...entries.values()];
  const [only] = all;
  if (only === undefined) return undefined;
  if (all.length === 1) return [only.entry];
  const { weights, exact } = sharesOf(
    all.map(({ weight }) => weight),
    sending.env,
  );
  if (!exact) {
    const shares = all.map(({ weight }) => weight).join(' : ');
    lose('weights', `Istio takes whole percentages here: the shares ${shares} become ${weights.join(' : ')} percent`);
  }
  // A share that was rounded to nothing is none.
  return all.flatMap(({ entry: { destination, ...more } }, index) =>
    weights[index] === 0 ? [] : [{ destination, weight: weights[index], ...more }],
  );
}

/** Where nothing is, so that callers get 503: a subset that is defined nowhere. */
export function routeToNobody({ service, env, versions }: Sending): readonly Raw[] {
  return [{ destination: { host: hostFrom(service.namespace, service, env), subset: versions.missing(service, 'none') } }];
}

/**
 * A destination as it is named from the Service's namespace: without the port that the client dialled, which it has then anyway (istio
 * `pilot/pkg/networking/core/route/route.go`, 1.31).
 */
export function destinationFor(destination: Destination, sending: Sending, lose: Lose): Raw {
  const { host, port, endpoints, missingStatus } = destination;
  const { service, env, versions } = sending;
  const found = serviceOf(host);
  const number = port === undefined || port === sending.port ? {} : { port: { number: port } };
  const at = (name: string, subset: string | undefined): Raw => ({ host: name, ...(subset === undefined ? {} : { subset }), ...number });
  if (missingStatus !== undefined && endpoints === 'no-cluster') {
    lose('missing-status', `a destination that does not exist answers ${missingStatus} for its share, with Istio 503`);
  }
  const isReached = endpoints !== 'no-cluster' && endpoints.length > 0;
  if (found === undefined) {
    if (!isHost(host)) {
      if (isReached) lose('destination', `${host} is the name of no host, so that its share is answered with 503`);
      return at(hostFrom(service.namespace, service, env), versions.missing(service, 'unknown'));
    }
    const needs = `Istio knows ${host} by a ServiceEntry alone; until there is one, its share is answered with 503`;
    if (isReached) lose('destination.external', needs, `write a ServiceEntry for ${host}`);
    return at(host, undefined);
  }
  const name = hostFrom(service.namespace, found, env);
  if (endpoints === 'no-cluster') return at(name, missingSubset(destination, found, sending));
  const labels = sending.around.podLabels(destination);
  if (Object.keys(labels).length < Object.keys(destination.labels ?? {}).length && sending.around.reachesMore(found, labels, endpoints)) {
    lose('to.tag', `no label of Pods tells ${told(destination)} of ${found.name} from others, so that those get requests too`);
  }
  return at(name, versions.subset(destination));
}

/** Whether a name is that of a host beyond the cluster. */
export const isHost = (name: string): boolean => name.includes('.') && wildcardDomainFault(name) === undefined;

/** Where Istio would have the destination, a subset that is defined nowhere takes it away again. */
function missingSubset(
  { subset, port }: Destination,
  found: ServiceName,
  { around, versions, port: dialled }: Sending,
): string | undefined {
  const known = around.service(found);
  const exists = known?.ports.has(port ?? dialled) === true;
  return exists || subset !== undefined ? versions.missing(found, subset) : undefined;
}

const told = ({ version, labels = {} }: Destination): string =>
  version ??
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

/** Whether an action sends everything to the Service itself, as its implicit route does. */
export function isImplicit(action: Action, { service, port, around }: Omit<Sending, 'versions' | 'env'>): boolean {
  if (typeof action !== 'object' || !('to' in action) || action.to.length !== 1) return false;
  const [only] = action.to;
  if (only === undefined || only.endpoints === 'no-cluster' || only.authority !== undefined) return false;
  const found = serviceOf(only.host);
  if (found === undefined || !sameService(found, service) || (only.port ?? port) !== port) return false;
  return Object.keys(around.podLabels(only)).length === 0;
}
