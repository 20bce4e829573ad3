import type { Note, Refusal } from '../../model/change.js';
import { describeRef, isRecord, type KubeObject, refOf } from '../../model/object.js';
import type { ResolvedPort } from './ports.js';

const INSTEAD = 'Give the shadow a Service of its own: --realise service';

/**
 * Why a shadow cannot stand among a Service's own pods: requests that come past the mesh's rules may go to any of these, and the Service
 * finds it on the ports of the others only.
 */
export function refuseBehind(service: KubeObject, ports: readonly ResolvedPort[]): readonly Refusal[] {
  const ref = refOf(service);
  const spec = isRecord(service.spec) ? service.spec : {};
  const refused: Refusal[] = [];
  const outside = ['NodePort', 'LoadBalancer'].find((type) => type === spec.type);
  if (outside !== undefined || (Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0)) {
    const how = outside === undefined ? 'has external addresses' : `is a ${outside}`;
    const message = `${describeRef(ref)} ${how}: what comes in there goes to any of its pods, past the mesh's rules, and so to the shadow too`;
    refused.push({ code: 'shadow-leak', message, instead: INSTEAD, ref });
  }
  const declared = Array.isArray(spec.ports) ? spec.ports.filter(isRecord) : [];
  for (const { service: one, containerPort, portName } of ports) {
    const target = declared.find(({ port }) => port === one.port)?.targetPort ?? one.port;
    if (target === (typeof target === 'string' ? portName : containerPort)) continue;
    const message = `The pods of ${describeRef(ref)} listen on ${target} for port ${one.port}, where the shadow's agent cannot`;
    refused.push({ code: 'shadow-port', message, instead: INSTEAD, ref });
  }
  return refused;
}

/** Callers without the mesh's proxy know no versions. */
export function unrouted(service: KubeObject): Note {
  const ref = refOf(service);
  return {
    code: 'callers-past-the-mesh',
    message: `The shadow is one of the pods of ${describeRef(ref)}: callers that have no proxy of the mesh may reach it by chance, whatever they ask for`,
    ref,
  };
}
