import { type KubeObject, metaOf, type Observed, objectsOf, unreadReason } from '@heddle/core';
import { type Outcome, ok, refuse } from './outcome.js';

/** A Service that was seen. One that was not is missing only if Services could be listed. */
export function findService(
  seen: Observed,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Outcome<KubeObject> {
  const object = objectsOf(seen, '', 'Service').find((one) => metaOf(one).namespace === namespace && metaOf(one).name === name);
  if (object !== undefined) return ok(object);
  const reason = unreadReason(seen, { group: '', kind: 'Service' });
  if (reason === undefined || reason === 'not asked') return refuse('no-such-service', `There is no Service ${namespace}/${name}`);
  return refuse(
    'unread',
    `Services of all namespaces could not be read (${reason}), so it cannot be said which rules decide for ${namespace}/${name}`,
    'ask for the rights that the guide lists under Rights: to list services, pods, namespaces and the objects of the mesh in all namespaces',
  );
}
