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
  const assumed = [...ports.values()].map(({ ports: known, ...service }) => {
    const all = [...new Set([...known, ...(port === undefined ? [] : [port])])];
    return { ...service, ports: all.length === 0 ? [USUAL_PORT] : all };
  });
  if (assumed.length === 0) return { objects: [], notes: [] };
  const names = assumed.map((one) => `${one.namespace}/${one.name}:${one.ports.join(',')}`);
  return {
    objects: assumed.map((one) => serviceOf(one, one.ports)),
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
