import type { Findings } from '@heddle/core';
import type { DecidingTable } from './deciding-types.js';
import { INJECTION } from './parse-kube.js';
import { isHttp, parseProtocol } from './protocols.js';
import type { Service, World } from './world-types.js';

/** What is missing at a service itself for rules about requests to work. */
export function reportService(world: World, { dialled, outbound, by, mesh }: DecidingTable, found: Findings): void {
  const service = world.services.find(({ namespace, name }) => namespace === dialled?.namespace && name === dialled.name);
  const port = service?.ports.find(({ number }) => number === dialled?.port);
  if (service === undefined || port === undefined) return;
  const named = `Service ${service.namespace}/${service.name}`;
  if (outbound === undefined) {
    if (by !== 'passthrough' || service.mesh !== mesh) return;
    const why = whyNotKnown(world, service);
    found.problem('not-in-mesh', `${named}: the mesh does not know it, so requests go past the mesh's rules: ${why}`, service.ref);
    return;
  }
  const protocol = outbound.as === 'tag' ? port.protocol : outbound.port.protocol;
  if (isHttp(parseProtocol(protocol))) return;
  const stated = port.appProtocol === undefined ? 'has no appProtocol' : `has appProtocol ${port.appProtocol}`;
  const then = 'so the mesh routes connections and not requests; appProtocol http, http2 or grpc would change that';
  found.problem('port-protocol', `${named}: port ${port.number} ${stated}, ${then}`, service.ref);
}

/** An annotation has not switched injection on since Kuma 2.2; it takes the label. */
function whyNotKnown(world: World, service: Service): string {
  const home = world.namespaces.get(service.namespace);
  if (home?.injected === false && home.annotated) return `namespace ${home.name} has the annotation ${INJECTION}, and it must be a label`;
  if (home?.injected === false) return `namespace ${home.name} has no label ${INJECTION}: enabled`;
  return 'its Pods have no proxy of this mesh';
}
