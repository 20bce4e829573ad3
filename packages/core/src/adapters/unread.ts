import type { Gap } from '../contracts/mesh-adapter.js';
import type { ObjectQuery } from '../model/object.js';
import { matchesQuery, type Observed, objectsOf, queryKey } from '../model/observed.js';
import { type Refused, refuse } from './result.js';

/**
 * What a query did not tell, in words: `Route.mesh.example in all namespaces could not be read (forbidden)`. `undefined` where it was
 * answered, or where the cluster has no such kind. A missing right must not look like an empty list.
 */
export function describeUnread(query: ObjectQuery, seen: Observed): string | undefined {
  const observation = seen.get(queryKey(query));
  if (observation !== undefined && ('objects' in observation || observation.unread === 'no such kind')) return undefined;
  // A plan decodes a shadow that does not exist yet, with its Pod among what was seen: nobody could ask for that Pod.
  if (observation === undefined && query.kind === 'Pod' && objectsOf(seen, '', 'Pod').some((pod) => matchesQuery(pod, query)))
    return undefined;
  const kind = query.group === '' ? query.kind : `${query.kind}.${query.group}`;
  const where = query.namespace === undefined ? 'in all namespaces' : `in namespace ${query.namespace}`;
  return `${kind} ${where} ${observation === undefined ? 'was not read' : `could not be read (${observation.unread})`}`;
}

/** A gap `unread` for each query of a decode that was not answered. */
export function unreadGaps(queries: readonly ObjectQuery[], seen: Observed): readonly Gap[] {
  return queries.flatMap((query) => {
    const unread = describeUnread(query, seen);
    return unread === undefined ? [] : [{ feature: 'unread', message: `${unread}: this needs the right to list it there` }];
  });
}

/** The refusal for a Service that was not seen: it is missing only if the Services of all namespaces could be listed. */
export function refuseUnseenService({ namespace, name }: { readonly namespace: string; readonly name: string }, seen: Observed): Refused {
  const observation = seen.get(queryKey({ group: '', kind: 'Service' }));
  if (observation === undefined || 'objects' in observation) return refuse('no-such-service', `There is no Service ${namespace}/${name}`);
  return refuse(
    'unread',
    `Services of all namespaces could not be read (${observation.unread}), so it cannot be said which rules decide for ${namespace}/${name}`,
    'ask for the rights that the guide lists under Rights: to list services, pods, namespaces and the objects of the mesh in all namespaces',
  );
}
