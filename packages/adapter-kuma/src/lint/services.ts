import { type Finding, finding } from '@heddle/core';
import { INJECTION } from '../decode/parse-kube.js';
import { record, records } from '../decode/raw.js';
import type { Service } from '../decode/world-types.js';
import type { LintContext } from './context.js';

/** Namespaces that ask for sidecars in a way that has not counted for long. */
export function lintNamespaces({ world }: LintContext): readonly Finding[] {
  return [...world.namespaces.values()].flatMap(({ name, annotated }) => {
    if (!annotated) return [];
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    const text = `it asks for sidecars by the annotation ${INJECTION}, which Kuma has not looked at since 2.2: its Pods get none, so no rule of the mesh holds for their calls`;
    return [
      finding('error', 'injection-annotation', ref, text, {
        pointer: `/metadata/annotations/${INJECTION.replace('/', '~1')}`,
        fix: `make it a label: kubectl label namespace ${name} ${INJECTION}=enabled`,
      }),
    ];
  });
}

const HTTP_NAME = /^(http2?|grpc|web|rest|api)(-|$)/i;
const HTTP_PORTS = new Set([80, 8080, 8000, 3000, 5000]);

/** Ports that seem to carry HTTP, and that Kuma takes for TCP since nothing says so: port names do not count. */
export function lintProtocols(context: LintContext): readonly Finding[] {
  return context.world.services
    .filter((service) => isInMesh(context, service))
    .flatMap((service) => {
      const places = records(record(service.object.spec).ports);
      return service.ports.flatMap((port) => {
        if (port.transport !== 'TCP' || port.protocolFrom !== 'default') return [];
        const named = HTTP_NAME.test(port.name);
        if (!named && !(port.name === '' && HTTP_PORTS.has(port.number))) return [];
        const index = Math.max(
          0,
          places.findIndex((raw) => raw.port === port.number),
        );
        const stated =
          port.appProtocol === undefined ? 'has no appProtocol' : `has the appProtocol ${port.appProtocol}, which Kuma does not know`;
        const name = named ? `, and its name ${port.name} does not count` : '';
        const text = `port ${port.number} ${stated}${name}: Kuma takes it for TCP, so rules about headers, paths and methods do nothing there`;
        return [
          finding(named ? 'warning' : 'info', 'protocol-unset', service.ref, text, {
            pointer: `/spec/ports/${index}`,
            fix: `set appProtocol: ${/^grpc/i.test(port.name) ? 'grpc' : 'http'} on the port, if it carries that`,
          }),
        ];
      });
    });
}

/** Whether a Service's namespace is to have sidecars, or some of its Pods have one. */
function isInMesh({ world, pods }: LintContext, service: Service): boolean {
  if (service.shape === 'externalName' || service.ignored) return false;
  const home = world.namespaces.get(service.namespace);
  if (home !== undefined) return home.injected || home.annotated;
  return pods.selected(service.namespace, service.selector).some(({ object }) => hasSidecar(object)) || !pods.known(service.namespace);
}

function hasSidecar(pod: unknown): boolean {
  const spec = record(record(pod).spec);
  return [...records(spec.containers), ...records(spec.initContainers)].some(({ name }) => name === 'kuma-sidecar');
}
