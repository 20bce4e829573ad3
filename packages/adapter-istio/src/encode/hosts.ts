import type { MeshEnvironment } from '@heddle/core';
import { resolveHost } from '../decode/hosts.js';

export const domainOf = (env: MeshEnvironment): string => env.settings.clusterDomain ?? 'cluster.local';

export function fqdnOf(service: { readonly namespace: string; readonly name: string }, env: MeshEnvironment): string {
  return `${service.name}.${service.namespace}.svc.${domainOf(env)}`;
}

/** A host as an object names it, as an FQDN in lower case. */
export function completeHost(host: unknown, namespace: string, env: MeshEnvironment): string | undefined {
  return typeof host === 'string' ? resolveHost(host, namespace, domainOf(env)).toLowerCase() : undefined;
}
