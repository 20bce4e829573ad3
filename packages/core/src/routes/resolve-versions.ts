import type { Cluster } from '../contracts/cluster.js';
import { type SeenPod, type SeenPods, seenPods } from '../lint/seen-pods.js';
import type { Refusal, ServiceRef, Version } from '../model/change.js';
import { isRecord, type KubeObject, type Labels, metaOf } from '../model/object.js';
import { observeObjects } from '../model/observed.js';
import { portsOf } from './service-ports.js';

/** The label by which pods say, by convention, which version they are. */
export const VERSION_LABEL = 'version';

/** What is known of a service's versions. */
export interface KnownVersions {
  readonly service: KubeObject;
  readonly services: readonly ServiceRef[];
  /** As the mesh tells them apart. */
  readonly ofMesh: readonly Version[];
  /** Whether the mesh can be made to tell pods behind the service apart by a label. */
  readonly byLabel: boolean;
  /** What names of versions that only standing routes use which stay as they are were taken for when these were set. */
  readonly kept: readonly Version[];
}

/**
 * What each name means: a version that the mesh tells apart, else the pods behind the service that carry the name as their label `version`
 * (where the mesh can be made to tell these apart), else a Service `<service>-<version>` of the namespace with the same ports. Where such a
 * Service has just the labelled pods, it is taken for them, since it is there. A name that means nothing is refused as `unknown-version`,
 * with the names that there are and, where pods carry it as another label, with what is missing; where only routes that stay have it, it goes
 * on to mean what it did, gone or not, unless such a Service has a ready pod: a Service of pods that have gone is as empty as the version,
 * and a mesh may route otherwise for it (Kuma: by connections alone).
 */
export async function resolveVersions(
  cluster: Cluster,
  names: readonly string[],
  known: KnownVersions,
): Promise<{ readonly ok: readonly Version[] } | { readonly refused: readonly Refusal[] }> {
  const unknown = names.filter((version) => known.ofMesh.every(({ id }) => id !== version));
  const { namespace = '', name } = metaOf(known.service);
  const here = async (kind: string) => (unknown.length === 0 ? [] : await cluster.list({ group: '', kind, namespace }));
  const siblings = await here('Service');
  const pods = podsOf(await here('Pod'), namespace);
  const behind = pods.selected(namespace, selectorOf(known.service));
  const refused: Refusal[] = [];
  const resolved: Version[] = [];
  for (const version of names) {
    const ofMesh = known.ofMesh.find(({ id }) => id === version);
    const sibling = siblings.find((object) => metaOf(object).name === `${name}-${version}`);
    const missing = sibling === undefined ? [] : missingPorts(sibling, known.services);
    const ofSibling = sibling === undefined || missing.length > 0 ? [] : pods.selected(namespace, selectorOf(sibling));
    const labelled = known.byLabel ? behind.filter(({ labels }) => labels[VERSION_LABEL] === version) : [];
    const kept = known.kept.find(({ id }) => id === version);
    const isService = ofSibling.some(({ ready }) => ready);
    if (ofMesh !== undefined) resolved.push(ofMesh);
    else if (kept !== undefined && isOfOurs(kept) && labelled.length > 0) resolved.push(kept);
    else if (labelled.length > 0 && !(kept?.realise === 'service' && isService) && !samePods(labelled, ofSibling))
      resolved.push({ id: version, realise: 'subset', labels: { [VERSION_LABEL]: version } });
    else if (kept !== undefined && !isService) resolved.push(kept);
    else if (sibling === undefined) refused.push(unknownVersion(version, known, siblings, behind));
    else if (missing.length > 0) refused.push(otherPorts(version, sibling, missing));
    else resolved.push({ id: version, realise: 'service', service: { namespace, name: metaOf(sibling).name } });
  }
  return refused.length > 0 ? { refused } : { ok: resolved };
}

/** A version that the mesh has no name for until routes are written for it. */
export const isOfOurs = (version: Version) => version.realise === 'subset' && version.ref === undefined;

function podsOf(pods: readonly KubeObject[], namespace: string): SeenPods {
  return seenPods(observeObjects(pods, [{ group: '', kind: 'Pod', namespace }]));
}

function samePods(some: readonly SeenPod[], others: readonly SeenPod[]): boolean {
  const names = new Set(others.map(({ name }) => name));
  return names.size === some.length && some.every(({ name }) => names.has(name));
}

function missingPorts(sibling: KubeObject, services: readonly ServiceRef[]): readonly number[] {
  const has = new Set(portsOf(sibling).map(({ port }) => port));
  return services.map(({ port }) => port).filter((port) => !has.has(port));
}

function otherPorts(version: string, sibling: KubeObject, missing: readonly number[]): Refusal {
  const { name, namespace = '' } = metaOf(sibling);
  return {
    code: 'version-port',
    message: `Service ${namespace}/${name}, which version ${version} would be, has no port ${missing.join(' and no port ')}`,
    instead: `Give ${name} the ports of the service, or name one port: SERVICE:PORT`,
  };
}

function unknownVersion(version: string, known: KnownVersions, siblings: readonly KubeObject[], behind: readonly SeenPod[]): Refusal {
  const { namespace = '', name } = metaOf(known.service);
  const prefix = `${name}-`;
  const names = [
    ...known.ofMesh.map(({ id }) => id),
    ...(known.byLabel ? behind.flatMap(({ labels }) => labels[VERSION_LABEL] || []) : []),
    ...siblings.map((object) => metaOf(object).name).flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : [])),
  ];
  const there = names.length === 0 ? 'it has none that the mesh can tell apart' : `there is ${[...new Set(names)].sort().join(', ')}`;
  const label = labelWith(version, behind);
  const ports = known.services.map(({ port }) => port).join(', ');
  return {
    code: 'unknown-version',
    message: `${namespace}/${name} has no version ${version}: ${there}${
      label === undefined ? '' : `; pods of it carry ${label}=${version}, but the mesh has no subset and no Service for them`
    }`,
    instead:
      label === undefined
        ? `Name one that there is, or make a Service ${prefix}${version} with port ${ports} in ${namespace}`
        : `Add a subset ${version} with the label ${label}=${version}, or a Service ${prefix}${version} with port ${ports} that selects these pods`,
  };
}

/** The label by which pods behind the service say that they are this version: `version`, if several do. */
function labelWith(version: string, behind: readonly SeenPod[]): string | undefined {
  const labels = behind.flatMap((pod) => Object.entries(pod.labels).flatMap(([key, value]) => (value === version ? [key] : [])));
  return labels.includes(VERSION_LABEL) ? VERSION_LABEL : labels.sort()[0];
}

function selectorOf({ spec }: KubeObject): Labels {
  const selector = isRecord(spec) && isRecord(spec.selector) ? spec.selector : {};
  return Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)]));
}
