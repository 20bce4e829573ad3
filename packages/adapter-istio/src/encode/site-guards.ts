import { contentHash, describeRef, type Refusal, refOf, refuse } from '@heddle/core';
import { records } from '../decode/raw.js';
import { ownerOf, type Placed } from './arrange.js';
import type { BaseService } from './base-service.js';
import type { Placing } from './place-rules.js';
import { boundToMesh, type Site } from './site.js';
import { specOf } from './virtual-service.js';

/** Why rules for a service cannot be put into a VirtualService, whoever keeps it. */
export function refuseSite(site: Site, service: BaseService): readonly Refusal[] {
  const ref = refOf(site.object);
  const called = describeRef(ref);
  const refused: Refusal[] = [];
  const add = (code: string, message: string, instead: string) => refused.push(...refuse(code, message, instead).refused);
  const merged = site.tables.find(({ virtualServices }) => virtualServices.length > 1);
  if (merged !== undefined) {
    const others = merged.virtualServices.map((one) => describeRef(one.ref)).join(' and ');
    add(
      'several-virtual-services',
      `${others} are merged for ${merged.host}; catch-alls of the one move behind rules of the other`,
      'put the rules of that host into one VirtualService',
    );
  }
  const sections = ['tcp', 'tls'].filter((section) => records(specOf(site.object)[section]).length > 0);
  if (sections.length > 0 && boundToMesh(site) && service.guessedPorts.length > 0) {
    add(
      'tcp-section',
      `${called} has a ${sections.join(' and a ')} section, and port ${service.guessedPorts[0]} does not say that it carries HTTP, so connections may pass its HTTP rules by`,
      'say appProtocol: http on the port',
    );
  }
  return refused.map((refusal) => ({ ...refusal, ref }));
}

/**
 * Where one rule decides for several services, standing routes of two of them could not both have what they say of a request. A copy that
 * is another service's leaves the destinations of such a rule as they are, word for word.
 */
export function refuseMeeting(others: readonly Placed[], { shared }: Placing, { object }: Site): readonly Refusal[] {
  const owners = others.flatMap(({ rule }) =>
    shared.some(({ route }) => contentHash(route) === contentHash(rule.route)) ? (ownerOf(rule) ?? []) : [],
  );
  const routes = owners.filter(({ kind }) => kind === 'route');
  return [...new Map(routes.map((owner) => [owner.id, owner])).values()].flatMap(({ id, namespace }) =>
    refuse(
      'standing-routes-meet',
      `${describeRef(refOf(object))} has a rule that decides for several services, and standing route ${namespace}/${id} has one of its own for the same requests`,
      'give each service a rule of its own, or clear that standing route first',
    ).refused.map((refusal) => ({ ...refusal, ref: refOf(object) })),
  );
}
