import type { MeshEnvironment, Rendered, RoutedService, Routing } from '@heddle/core';
import { lossesOf } from './losses.js';
import { notesOf } from './notes.js';
import { speakingHttp, unseenPorts } from './ports.js';
import { type Surroundings, surroundingsOf } from './surroundings.js';
import { versionsIn } from './versions.js';
import { virtualServiceFor } from './virtual-service.js';

/**
 * A VirtualService for each Service whose callers do not just have its implicit route, a DestinationRule for each whose versions are told
 * apart by labels, and the Services that must say that a port speaks HTTP. In order: what rules name comes before them.
 */
export function render(routing: Routing, env: MeshEnvironment): Rendered {
  const around = surroundingsOf(routing);
  const versions = versionsIn(routing, around, env);
  const losses = lossesOf();
  const rules = routing.services.flatMap((service) => virtualServiceFor(service, { around, versions, losses, env }));
  const subsets = versions.objects();
  const amended = routing.services.flatMap((service) => amendedService(service, around));
  const written = [...subsets, ...rules];
  const services = amended.flatMap(({ object }) => (object === undefined ? [] : [object]));
  return {
    objects: [...services, ...written.map(({ object }) => object)],
    foundations: services.length + subsets.length,
    losses: losses.list(),
    notes: [...amended.map(({ note }) => note), ...notesOf(routing, written, around, env)],
  };
}

function amendedService(service: RoutedService, around: Surroundings) {
  const ports = unseenPorts(service, around);
  if (ports.length === 0) return [];
  const object = around.service(service)?.object;
  const says = object === undefined ? 'must say' : 'now says';
  const note = `Service ${service.namespace}/${service.name} ${says} appProtocol: http for port ${ports.join(', ')}, which Istio would not take for HTTP`;
  return [{ note, object: object === undefined ? undefined : speakingHttp(object, ports) }];
}
