import { inputError } from '../../errors/user-error.js';
import type { Refusal, ServiceRef } from '../../model/change.js';
import { describeRef, isRecord, type KubeObject, labelsMatch, metaOf, refOf } from '../../model/object.js';
import type { ExposedPort } from '../types.js';

/** One exposed port, from what callers dial to what the agent listens on. */
export interface ResolvedPort {
  readonly service: ServiceRef;
  /** The Service's own words for the port, which the shadow's Service repeats. */
  readonly name?: string;
  readonly appProtocol?: string;
  readonly protocol: 'TCP';
  /** Where the agent listens in the shadow's pod: ≥1024, and what the service's own pods listen on wherever that is possible. */
  readonly containerPort: number;
  /** Name of the container's port: the base's where its targetPort is a name. At most 15 characters. */
  readonly portName: string;
  readonly local: { readonly host: string; readonly port: number };
}

interface ServicePort {
  readonly port: number;
  readonly name?: string;
  readonly protocol: string;
  readonly appProtocol?: string;
  readonly targetPort: number | string;
}

/** Below this only root may listen. */
const LOWEST = 1024;
const HIGHEST = 65_535;

/** Why a Service as a whole cannot have a shadow. */
export function refuseService(service: KubeObject, takesProtocols: readonly string[]): readonly Refusal[] {
  const ref = refOf(service);
  const spec = isRecord(service.spec) ? service.spec : {};
  const refuse = (code: string, message: string, instead: string): Refusal[] => [{ code, message, instead, ref }];
  if (spec.type === 'ExternalName') {
    return refuse(
      'service-external-name',
      `${describeRef(ref)} is an ExternalName: callers are sent out of the cluster`,
      'Expose a Service that selects pods',
    );
  }
  if (spec.clusterIP === 'None') {
    return refuse(
      'service-headless',
      `${describeRef(ref)} is headless: callers dial its pods one by one, past the mesh's rules for the service`,
      'Expose a Service with a cluster IP',
    );
  }
  if (!isRecord(spec.selector) || Object.keys(spec.selector).length === 0) {
    return refuse(
      'service-no-selector',
      `${describeRef(ref)} has no selector: its endpoints are kept by somebody else`,
      'Expose a Service that selects pods',
    );
  }
  return takesProtocols.includes('tcp') ? [] : refuse('tunnel-protocol', 'The tunnel does not carry TCP', 'Choose another tunnel');
}

/** Whether pods have to be looked at to know what its ports lead to. */
export function hasNamedTargets(service: KubeObject): boolean {
  return servicePorts(service).some((port) => typeof port.targetPort === 'string');
}

/**
 * Finds the ports by number or name. Throws an input error for a port that the Service does not have and for one that is named twice;
 * a port whose protocol the tunnel does not carry is a refusal. `pods` tell what number a named targetPort has.
 */
export function resolvePorts(
  service: KubeObject,
  exposed: readonly ExposedPort[],
  pods: readonly KubeObject[],
): { readonly ports: readonly ResolvedPort[] } | { readonly refused: readonly Refusal[] } {
  const ref = refOf(service);
  const offered = servicePorts(service);
  const refused: Refusal[] = [];
  const ports: ResolvedPort[] = [];
  for (const { port: wanted, local } of exposed) {
    const found = offered.find((one) => String(one.port) === wanted || one.name === wanted);
    if (found === undefined) {
      throw inputError('unknown-port', {
        path: '--expose',
        expected: `a port of ${describeRef(ref)}: ${offered.map((one) => (one.name === undefined ? `${one.port}` : `${one.port} (${one.name})`)).join(', ')}`,
        received: JSON.stringify(wanted),
      });
    }
    if (ports.some((one) => one.service.port === found.port)) {
      throw inputError('duplicate-port', { path: '--expose', expected: 'each port once', received: `port ${found.port} twice` });
    }
    if (found.protocol !== 'TCP') {
      refused.push({
        code: 'port-protocol',
        message: `Port ${found.port} of ${describeRef(ref)} is ${found.protocol}, which neither the mesh's HTTP rules nor the tunnel carry`,
        instead: 'Expose its TCP ports only',
        ref,
      });
      continue;
    }
    const named = typeof found.targetPort === 'string' ? found.targetPort : undefined;
    ports.push({
      service: { namespace: ref.namespace ?? '', name: ref.name, port: found.port },
      ...(found.name === undefined ? {} : { name: found.name }),
      ...(found.appProtocol === undefined ? {} : { appProtocol: found.appProtocol }),
      protocol: 'TCP',
      containerPort: freePort(targetNumber(found, service, pods), ports),
      portName: uniqueName(named ?? `p${found.port}`, found.port, ports),
      local,
    });
  }
  return refused.length > 0 ? { refused } : { ports };
}

function servicePorts(service: KubeObject): readonly ServicePort[] {
  const spec = isRecord(service.spec) ? service.spec : {};
  return (Array.isArray(spec.ports) ? spec.ports : []).filter(isRecord).flatMap((port) => {
    if (typeof port.port !== 'number') return [];
    const target = port.targetPort;
    return [
      {
        port: port.port,
        ...(typeof port.name === 'string' && port.name !== '' ? { name: port.name } : {}),
        protocol: typeof port.protocol === 'string' ? port.protocol : 'TCP',
        ...(typeof port.appProtocol === 'string' ? { appProtocol: port.appProtocol } : {}),
        targetPort: typeof target === 'number' || typeof target === 'string' ? target : port.port,
      },
    ];
  });
}

/** What the service's own pods listen on; the service's port where a name cannot be resolved. */
function targetNumber(port: ServicePort, service: KubeObject, pods: readonly KubeObject[]): number {
  if (typeof port.targetPort === 'number') return port.targetPort;
  const spec = isRecord(service.spec) ? service.spec : {};
  const selector = Object.fromEntries(
    Object.entries(isRecord(spec.selector) ? spec.selector : {}).map(([key, value]) => [key, String(value)]),
  );
  for (const pod of pods) {
    const meta = metaOf(pod);
    if (meta.namespace !== refOf(service).namespace || !labelsMatch(selector, meta.labels)) continue;
    for (const declared of containerPorts(pod)) {
      if (declared.name === port.targetPort && typeof declared.containerPort === 'number') return declared.containerPort;
    }
  }
  return port.port;
}

function containerPorts(pod: KubeObject): readonly Record<string, unknown>[] {
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const containers = Array.isArray(spec.containers) ? spec.containers.filter(isRecord) : [];
  return containers.flatMap((container) => (Array.isArray(container.ports) ? container.ports.filter(isRecord) : []));
}

function freePort(wanted: number, taken: readonly ResolvedPort[]): number {
  // 80 becomes 8080 and 443 becomes 8443: a number that a reader of the pod recognises.
  let port = wanted >= LOWEST ? wanted : 8000 + wanted;
  while (taken.some((one) => one.containerPort === port)) port = port >= HIGHEST ? LOWEST : port + 1;
  return port;
}

function uniqueName(wanted: string, port: number, taken: readonly ResolvedPort[]): string {
  return taken.some((one) => one.portName === wanted) ? `p${port}` : wanted;
}
