import type { Raw } from '../../decode/raw.js';
import { DISPLAY_NAME_LABEL, NAMESPACE_TAG } from '../../decode/tags.js';
import { modeOf } from '../../decode/world.js';
import type { Service, ServicePort, World } from '../../decode/world-types.js';
import { serviceTag } from '../../owned/ownership.js';
import type { Share } from '../wanted.js';

/**
 * How rules name Services: by the value of the tag `kuma.io/service`, which up to 2.x is understood for a MeshService too (kuma
 * `core/rules/resolve/targetref.go`, parseService, 2.14); by the MeshService's name where nothing else is dialled; by its labels from 3.0
 * on, which knows no other way (`UPGRADE.md`, 3.0).
 */
function namingOf(world: World, mesh: string): 'tag' | 'name' | 'labels' {
  if (world.release.major >= 3) return 'labels';
  return modeOf(world, mesh) === 'Exclusive' ? 'name' : 'tag';
}

/** The policy that an item is for: whether it is a consumer's is told by its items. */
export interface ItemHome {
  readonly namespace: string;
  readonly isConsumer: boolean;
}

/**
 * What `to` selects: one port of the service. An item that names a Service of the policy's own namespace is a producer's, so a consumer's
 * there selects by more labels than a producer's would (kuma `core/resources/labels/compute.go`, ComputePolicyRole, 2.14 and 3.0).
 */
export function toRef(world: World, service: Service, port: ServicePort, { namespace: home, isConsumer }: ItemHome): Raw {
  const kind = 'MeshService';
  const sectionName = port.name || String(port.number);
  const isHome = home === service.namespace;
  if (isHome && isConsumer) return { kind, labels: { ...labelsOf(service), 'k8s.kuma.io/service-name': service.name }, sectionName };
  const namespace = isHome ? {} : { namespace: service.namespace };
  switch (namingOf(world, service.mesh)) {
    case 'labels':
      return { kind, labels: labelsOf(service), sectionName };
    case 'name':
      return { kind, name: service.name, ...namespace, sectionName };
    default:
      return { kind, name: tagOf(service, port), ...namespace };
  }
}

export function backendRefsOf(world: World, service: Service, port: ServicePort, shares: readonly Share[]): readonly Raw[] {
  const naming = namingOf(world, service.mesh);
  return shares.map(({ weight: share, to }) => {
    const weight = shares.length === 1 ? 1 : share;
    if ('labels' in to) return { kind: 'MeshServiceSubset', name: tagOf(service, port), tags: to.labels, weight };
    const { namespace, name } = to.service;
    if (naming === 'labels') return { kind: 'MeshService', labels: labelsOf(to.service), port: port.number, weight };
    if (naming === 'name') return { kind: 'MeshService', name, namespace, port: port.number, weight };
    return { kind: 'MeshService', name: serviceTag({ namespace, name, port: port.number }), weight };
  });
}

/** A policy that selects by these two alone is a producer's in the service's namespace (kuma `core/resources/labels/compute.go`, 3.0). */
const labelsOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): Raw => ({
  [DISPLAY_NAME_LABEL]: name,
  [NAMESPACE_TAG]: namespace,
});

const tagOf = (service: Service, port: ServicePort): string =>
  serviceTag({ namespace: service.namespace, name: service.name, port: port.number });
