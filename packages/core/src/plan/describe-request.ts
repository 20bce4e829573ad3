import type { Request } from '../model/match.js';

/** A request as a person would note it: `GET http://tomcat:8080/api with x-dev: alice`. */
export function describeRequest({ method, scheme, authority, path, headers }: Request): string {
  const list = headers.map(([name, value]) => `${name}: ${value === '' ? '""' : value}`).join(', ');
  return `${method} ${scheme}://${authority}${path}${list === '' ? '' : ` with ${list}`}`;
}
