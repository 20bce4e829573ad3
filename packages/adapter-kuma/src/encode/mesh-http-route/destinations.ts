import type { Raw } from '../../decode/raw.js';
import { DISPLAY_NAME_LABEL, NAMESPACE_TAG } from '../../decode/tags.js';
import { modeOf } from '../../decode/world.js';
import type { Service, ServicePort, World } from '../../decode/world-types.js';
import { serviceTag } from '../../owned/ownership.js';
import type { Share, WantedIntent } from '../wanted.js';

/**
 * How rules name Services: by the value of the tag `kuma.io/service`, which up to 2.x is understood for a MeshService too (kuma
 * `core/rules/resolve/targetref.go`, parseService, 2.14); by the MeshService's name where nothing else is dialled; by its labels from 3.0
 * on, which knows no other way (`UPGRADE.md`, 3.0).
 */
function namingOf(world: World, mesh: string): Naming {
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
  return shares.map(({ weight, to }) => ({
    ...refTo(service, port, to, namingOf(world, service.mesh)),
    weight: shares.length === 1 ? 1 : weight,
  }));
}

/**
 * Where copies go. Up to 2.14.3 the destination of a mirror is looked up by the tag `kuma.io/service` alone (kuma
 * `meshhttproute/plugin/v1alpha1/listeners.go`), and later ones of 2.x know the tag too, so it is named by that whatever the mesh dials.
 */
export function mirrorFilter(world: World, service: Service, port: ServicePort, { to, percent }: Mirroring): Raw {
  const backendRef = refTo(service, port, to, world.release.major >= 3 ? 'labels' : 'tag');
  // The API server would fill the weight in, and what is written must be what is stored.
  return { type: 'RequestMirror', requestMirror: { percentage: percentage(percent), backendRef: { ...backendRef, weight: 1 } } };
}

type Mirroring = NonNullable<WantedIntent['mirror']>;

/** A whole number, or a decimal as text (kuma `common_api.NewDecimalFromIntOrString`, 2.14). */
const percentage = (percent: number): number | string => (Number.isInteger(percent) ? percent : String(percent));

type Naming = 'tag' | 'name' | 'labels';

function refTo(service: Service, port: ServicePort, to: Share['to'], naming: Naming): Raw {
  if ('labels' in to) return { kind: 'MeshServiceSubset', name: tagOf(service, port), tags: to.labels };
  const { namespace, name } = to.service;
  if (naming === 'labels') return { kind: 'MeshService', labels: labelsOf(to.service), port: port.number };
  if (naming === 'name') return { kind: 'MeshService', name, namespace, port: port.number };
  return { kind: 'MeshService', name: serviceTag({ namespace, name, port: port.number }) };
}

/** A policy that selects by these two alone is a producer's in the service's namespace (kuma `core/resources/labels/compute.go`, 3.0). */
const labelsOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): Raw => ({
  [DISPLAY_NAME_LABEL]: name,
  [NAMESPACE_TAG]: namespace,
});

const tagOf = (service: Service, port: ServicePort): string =>
  serviceTag({ namespace: service.namespace, name: service.name, port: port.number });
