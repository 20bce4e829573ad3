import { isRecord, type KubeObject, type Labels, labelsMatch, type Mention, metaOf } from '@heddle/core';
import { selectorOf } from '../../kube-service.js';
import { labelIndex } from './label-index.js';
import { type Assumed, type AssumedPod, listed, readyPod } from './ready-pod.js';

interface Version {
  readonly id: string;
  readonly labels: Labels;
}

/**
 * A ready Pod for each Service and each of its versions that the mesh's objects name, called `<service>-<version>-assumed`. A Service
 * that selects Pods of another one's needs none of its own. For files without any Pod and workload.
 */
export function podsOfServices(services: readonly KubeObject[], mentions: readonly Mention[]): Assumed {
  const versions = versionsOf(mentions);
  const made: AssumedPod[] = [];
  const index = labelIndex();
  // Those that select most first: what `reviews-v1` has is one of `reviews` too.
  for (const { service, selector } of bySelector(services)) {
    const { namespace = 'default', name } = metaOf(service);
    const mine = index.picked(namespace, selector);
    const wanted = [...(versions.get(`${namespace}/${name}`)?.values() ?? [])].filter(
      (version) => fits(selector, version.labels) && !mine.some((labels) => labelsMatch(version.labels, labels)),
    );
    const podOf = (podName: string, labels: Labels) => {
      made.push({ namespace, name: podName, labels, spec: specFor(service) });
      index.add(namespace, labels);
    };
    for (const { id, labels } of wanted) podOf(`${name}-${id}-assumed`.toLowerCase(), { ...selector, ...labels });
    if (wanted.length === 0 && mine.length === 0) podOf(`${name}-assumed`, selector);
  }
  const names = made.map(({ namespace, name }) => `${namespace}/${name}`);
  return {
    objects: made.map(readyPod),
    notes: made.length === 0 ? [] : [`No Pod and no workload is in the files: ready pods are assumed (${listed(names)}).`],
  };
}

function bySelector(services: readonly KubeObject[]): readonly { readonly service: KubeObject; readonly selector: Labels }[] {
  return services
    .map((service) => ({ service, selector: selectorOf(service) }))
    .map((one) => ({ ...one, size: Object.keys(one.selector).length }))
    .filter(({ size }) => size > 0)
    .sort((one, other) => other.size - one.size);
}

function versionsOf(mentions: readonly Mention[]): ReadonlyMap<string, ReadonlyMap<string, Version>> {
  const found = new Map<string, Map<string, Version>>();
  for (const { namespace, name, version } of mentions) {
    if (version === undefined || version.id === '') continue;
    const key = `${namespace}/${name}`;
    const known = found.get(key) ?? new Map<string, Version>();
    found.set(key, known.set(version.id, version));
  }
  return found;
}

/** A version whose labels say other than the selector has no Pod behind that Service. */
const fits = (selector: Labels, labels: Labels): boolean =>
  Object.entries(labels).every(([key, value]) => selector[key] === undefined || selector[key] === value);

/** With a port for each that the Service names instead of numbering it. */
function specFor({ spec }: KubeObject): KubeObject {
  const ports = isRecord(spec) && Array.isArray(spec.ports) ? spec.ports : [];
  const containerPorts = ports.filter(isRecord).map(({ port, targetPort }) => {
    if (typeof targetPort === 'string') return { name: targetPort, containerPort: port };
    return { containerPort: typeof targetPort === 'number' ? targetPort : port };
  });
  return { containers: [{ name: 'app', ports: containerPorts }] };
}
