import { type Change, type MeshEnvironment, ok, type Result, refuse } from '@heddle/core';
import { capabilities } from '../capabilities/capabilities.js';
import { fqdnOf } from './hosts.js';
import { ownSubsetName } from './own-subsets.js';

/** Where requests or copies of them are to go: a Service, or a subset of one. */
export interface VersionHost {
  readonly host: string;
  readonly subset?: string;
}

/** A version of a change, as Istio names it. */
export function destinationOf(id: string, { versions, owner, services: [service] }: Change, env: MeshEnvironment): Result<VersionHost> {
  const version = versions.find((one) => one.id === id);
  if (version === undefined)
    return refuse('no-version', `The change does not say what version ${id} is`, 'name a version that the change has');
  if (version.realise === 'service') return ok({ host: fqdnOf(version.service, env) });
  const support = capabilities(env)[`to.${version.realise}`];
  if (support !== undefined && support !== 'supported') {
    return refuse(`to.${version.realise}`, `Istio: ${support.unsupported}`, support.instead);
  }
  if (service === undefined) return refuse('no-service', 'The change names no service', 'name one');
  const subset = version.ref ?? ownSubsetName(owner, id);
  if (subset === undefined)
    return refuse(
      'subset-name',
      `A subset for version ${id} and the ports of ${owner.id} has no name that Istio takes`,
      'name one port: SERVICE:PORT',
    );
  return ok({ host: fqdnOf(service, env), subset });
}

/** The destination in a rule. The port is said: on the mesh one without keeps the listener's, which the Service may not have. */
export const written = ({ host, subset }: VersionHost, port: number) => ({
  host,
  ...(subset === undefined ? {} : { subset }),
  port: { number: port },
});
