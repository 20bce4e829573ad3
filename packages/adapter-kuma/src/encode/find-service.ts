import { type Observed, unreadReason } from '@heddle/core';
import type { Service, World } from '../decode/world-types.js';
import { type Outcome, ok, refuse } from './outcome.js';

/** A Service that was seen. One that was not is missing only if Services could be listed. */
export function findService(
  world: World,
  seen: Observed,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Outcome<Service> {
  const service = world.services.find((one) => one.namespace === namespace && one.name === name);
  if (service !== undefined) return ok(service);
  const reason = unreadReason(seen, { group: '', kind: 'Service' });
  if (reason === undefined || reason === 'not asked') return refuse('no-such-service', `There is no Service ${namespace}/${name}`);
  return refuse(
    'unread',
    `Services of all namespaces could not be read (${reason}), so it cannot be said which rules decide for ${namespace}/${name}`,
    'ask for the rights that the guide lists under Rights: to list services, pods, namespaces and the objects of the mesh in all namespaces',
  );
}
