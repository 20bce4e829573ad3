import type { KubeObject, Mention } from '@heddle/core';
import { type Assumed, listed } from './ready-pod.js';

/** What HTTP is served on where nothing says more. */
const USUAL_PORT = 80;

/** A Service for each that the mesh's objects name, with the ports that they name and the one that is asked for. For files without any Service. */
export function namedServices(mentions: readonly Mention[], port: number | undefined): Assumed {
  const ports = new Map<string, { readonly namespace: string; readonly name: string; readonly ports: Set<number> }>();
  for (const { namespace, name, port: named } of mentions) {
    const key = `${namespace}/${name}`;
    const known = ports.get(key) ?? { namespace, name, ports: new Set<number>() };
    if (named !== undefined) known.ports.add(named);
    ports.set(key, known);
  }
  const services = [...ports.values()].map(({ ports: known, ...service }) => {
    const all = [...new Set([...known, ...(port === undefined ? [] : [port])])];
    return serviceOf(service, all.length === 0 ? [USUAL_PORT] : all);
  });
  if (services.length === 0) return { objects: [], notes: [] };
  const names = [...ports.values()].map((one) => `${one.namespace}/${one.name}`);
  return {
    objects: services,
    notes: [`No Service is in the files: HTTP Services that the mesh's objects name are assumed (${listed(names)}).`],
  };
}

function serviceOf({ namespace, name }: { readonly namespace: string; readonly name: string }, ports: readonly number[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: {
      selector: { app: name },
      ports: ports.map((port) => ({ name: `http-${port}`, port, targetPort: port, appProtocol: 'http' })),
    },
  };
}
