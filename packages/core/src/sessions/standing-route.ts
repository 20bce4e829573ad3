import { UserError } from '../errors/user-error.js';
import type { SessionRecord } from './lease/record.js';

/** What is said to who takes standing routes for a session. */
export function standingRoute({ id, namespace, service }: SessionRecord): UserError {
  return new UserError({
    code: 'standing-route',
    exit: 'refused',
    message: `${id} in namespace ${namespace} is no session: these are standing routes of ${service}, which no process looks after`,
    next: [`See them: heddle route list ${service} -n ${namespace}`, `Take them back: heddle route clear ${service} -n ${namespace}`],
  });
}
