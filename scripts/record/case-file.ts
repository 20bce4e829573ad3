import { dump } from 'js-yaml';
import type { RoutingCase } from './routing-case.ts';

/** A case in the form of the recorded ones; answers and `rejected` are somebody else's to add. */
export function caseFile({ id, title, objects, client, requests }: RoutingCase): string {
  return dump(
    {
      id,
      title,
      mesh: 'istio',
      objects: objects.map((object) => dump(object, { lineWidth: 140, noRefs: true })).join('---\n'),
      client,
      requests: requests.map(({ method, url, headers }) => ({ method, url, ...(headers.length === 0 ? {} : { headers }) })),
    },
    { lineWidth: 160, noRefs: true },
  );
}
