import { inputError } from '../errors/user-error.js';

export const DEFAULT_ROUTE_NAME = 'split';

/** A route's name, fit to be part of a Lease's name. Throws an input error of code `route-name-invalid`. */
export function checkRouteName(name: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,18}[a-z0-9])?$/.test(name)) return name;
  throw inputError('route-name-invalid', {
    path: '--name',
    expected: 'at most 20 lower-case letters, digits and inner dashes',
    received: name === '' ? 'nothing' : name,
  });
}
