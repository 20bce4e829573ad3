import { matchesQuery, type ObjectQuery, type Observed, objectsOf, queryKey, type Target } from '@heddle/core';
import type { Findings } from './findings.js';
import { baseQueries, POLICIES, podQueries } from './reads.js';
import type { Subjects } from './subjects.js';
import type { World } from './world-types.js';

/** Says what could not be read, and what was asked for and is not there. */
export function reportUnread(world: World, target: Target, subjects: Subjects, seen: Observed, found: Findings): void {
  for (const query of baseQueries()) reportQuery(query, seen, found);
  // A plan decodes objects that do not exist yet, with their Pods among what was seen.
  const pods = objectsOf(seen, '', 'Pod');
  for (const query of podQueries(world, subjects)) {
    if (seen.has(queryKey(query)) || !pods.some((pod) => matchesQuery(pod, query))) reportQuery(query, seen, found);
  }
  for (const { namespace, name, port } of target.services) {
    const service = world.services.find((one) => one.namespace === namespace && one.name === name);
    if (service === undefined) found.problem('service-missing', `there is no Service ${namespace}/${name}`);
    else if (!service.ports.some((one) => one.number === port)) {
      found.problem('port-missing', `Service ${namespace}/${name} has no port ${port}`, service.ref);
    }
  }
}

function reportQuery(query: ObjectQuery, seen: Observed, found: Findings): void {
  const observation = seen.get(queryKey(query));
  if (observation !== undefined && ('objects' in observation || observation.unread === 'no such kind')) return;
  const group = query.group === '' ? '' : `.${query.group}`;
  const where = query.namespace === undefined ? 'in all namespaces' : `in namespace ${query.namespace}`;
  const why = observation === undefined ? 'was not read' : `could not be read (${observation.unread})`;
  if (POLICIES.includes(query.kind)) {
    found.problem('policies-unread', `${query.kind}${group} ${where} ${why}: what it says of single routes is not known`);
    return;
  }
  found.gap('unread', `${query.kind}${group} ${where} ${why}: this needs the right to list it ${where}`);
}
