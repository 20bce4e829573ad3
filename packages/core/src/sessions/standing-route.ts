import { UserError } from '../errors/user-error.js';
import type { SessionRecord } from './lease/record.js';

/** What is said to who takes a standing route for a session. */
export function standingRoute({ id, namespace, service, route }: SessionRecord): UserError {
  return new UserError({
    code: 'standing-route',
    exit: 'refused',
    message: `${id} in namespace ${namespace} is a standing route of ${service}, which no process looks after`,
    next: [`Take it back: heddle route clear ${service}${route === undefined ? '' : ` --name ${route.name}`} -n ${namespace}`],
  });
}
