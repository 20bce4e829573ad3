import { describeUnread, type Findings, type ObjectQuery, type Observed, type Target, unreadGaps, wasRead } from '@heddle/core';
import { baseQueries, POLICIES, podQueries } from './reads.js';
import type { Subjects } from './subjects.js';
import type { World } from './world-types.js';

/** Says what could not be read, and what was asked for and is not there. */
export function reportUnread(world: World, target: Target, subjects: Subjects, seen: Observed, found: Findings): void {
  const queries = [...baseQueries(), ...podQueries(world, subjects)];
  const deciding = queries.filter((query) => !isPolicy(query));
  for (const { feature, message } of unreadGaps(deciding, seen)) found.gap(feature, message);
  for (const query of queries.filter(isPolicy)) {
    const unread = describeUnread(query, seen);
    if (unread !== undefined) found.problem('policies-unread', `${unread}: what it says of single routes is not known`);
  }
  for (const { namespace, name, port } of target.services) {
    const service = world.services.find((one) => one.namespace === namespace && one.name === name);
    if (service === undefined) {
      if (wasRead(seen, '', 'Service')) found.problem('service-missing', `there is no Service ${namespace}/${name}`);
    } else if (!service.ports.some((one) => one.number === port)) {
      found.problem('port-missing', `Service ${namespace}/${name} has no port ${port}`, service.ref);
    }
  }
}

const isPolicy = ({ kind }: ObjectQuery): boolean => POLICIES.includes(kind);
