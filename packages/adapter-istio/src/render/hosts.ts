import type { MeshEnvironment } from '@heddle/core';
import { fqdnOf } from '../encode/hosts.js';

export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** The Service that a full name means, whatever the cluster's domain is; `undefined`: a host of another kind. */
export function serviceOf(host: string): ServiceName | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\..+$/.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}

/** As objects of a namespace name it: bare at home, in full elsewhere (istio `pkg/config`, ResolveShortNameToFQDN, 1.31). */
export const hostFrom = (namespace: string, service: ServiceName, env: MeshEnvironment): string =>
  service.namespace === namespace ? service.name : fqdnOf(service, env);

export const sameService = (a: ServiceName, b: ServiceName): boolean => a.namespace === b.namespace && a.name === b.name;
