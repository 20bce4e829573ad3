import type { Cluster } from '../contracts/cluster.js';
import { seenPods } from '../lint/seen-pods.js';
import type { Refusal, ServiceRef, Version } from '../model/change.js';
import { isRecord, type KubeObject, type Labels, labelsMatch, metaOf } from '../model/object.js';
import { observeObjects } from '../model/observed.js';
import { portsOf } from './service-ports.js';

/** What is known of a service's versions. */
export interface KnownVersions {
  readonly service: KubeObject;
  readonly services: readonly ServiceRef[];
  /** As the mesh tells them apart. */
  readonly ofMesh: readonly Version[];
  /** What names of versions that only standing routes use which stay as they are were taken for when these were set. */
  readonly kept: readonly Version[];
}

/**
 * What each name means: a version that the mesh tells apart, else a Service `<service>-<version>` of the namespace with the same ports.
 * A name that means nothing is refused as `unknown-version`, with the names that there are and, where pods carry it as a label, with
 * what is missing; where only routes that stay have it, it goes on to mean what it did, gone or not, unless such a Service has a ready pod:
 * a Service of pods that have gone is as empty as the version, and a mesh may route otherwise for it (Kuma: by connections alone).
 */
export async function resolveVersions(
  cluster: Cluster,
  names: readonly string[],
  known: KnownVersions,
): Promise<{ readonly ok: readonly Version[] } | { readonly refused: readonly Refusal[] }> {
  const unknown = names.filter((version) => known.ofMesh.every(({ id }) => id !== version));
  const { namespace = '', name } = metaOf(known.service);
  const siblings = unknown.length === 0 ? [] : await cluster.list({ group: '', kind: 'Service', namespace });
  const siblingOf = (version: string) => siblings.find((object) => metaOf(object).name === `${name}-${version}`);
  const refused: Refusal[] = [];
  const resolved: Version[] = [];
  for (const version of names) {
    const ofMesh = known.ofMesh.find(({ id }) => id === version);
    const sibling = siblingOf(version);
    const missing = sibling === undefined ? [] : missingPorts(sibling, known.services);
    const kept = known.kept.find(({ id }) => id === version);
    if (ofMesh !== undefined) resolved.push(ofMesh);
    else if (kept !== undefined && (sibling === undefined || missing.length > 0 || !(await hasReadyPod(cluster, sibling))))
      resolved.push(kept);
    else if (sibling === undefined) refused.push(await unknownVersion(cluster, version, known, siblings));
    else if (missing.length > 0) refused.push(otherPorts(version, sibling, missing));
    else resolved.push({ id: version, realise: 'service', service: { namespace, name: metaOf(sibling).name } });
  }
  return refused.length > 0 ? { refused } : { ok: resolved };
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

async function unknownVersion(cluster: Cluster, version: string, known: KnownVersions, siblings: readonly KubeObject[]): Promise<Refusal> {
  const { namespace = '', name } = metaOf(known.service);
  const prefix = `${name}-`;
  const names = [
    ...known.ofMesh.map(({ id }) => id),
    ...siblings.map((object) => metaOf(object).name).flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : [])),
  ];
  const there = names.length === 0 ? 'it has none that the mesh can tell apart' : `there is ${[...new Set(names)].sort().join(', ')}`;
  const label = await labelWith(cluster, version, known.service);
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
async function labelWith(cluster: Cluster, version: string, service: KubeObject): Promise<string | undefined> {
  const { namespace = '' } = metaOf(service);
  const wanted = selectorOf(service);
  const pods = await cluster.list({ group: '', kind: 'Pod', namespace });
  const labels = pods
    .map((pod) => metaOf(pod).labels)
    .filter((each) => labelsMatch(wanted, each))
    .flatMap((each) => Object.entries(each).flatMap(([key, value]) => (value === version ? [key] : [])));
  return labels.includes('version') ? 'version' : labels.sort()[0];
}

async function hasReadyPod(cluster: Cluster, service: KubeObject): Promise<boolean> {
  const { namespace = '' } = metaOf(service);
  const query = { group: '', kind: 'Pod', namespace };
  return seenPods(observeObjects(await cluster.list(query), [query]))
    .selected(namespace, selectorOf(service))
    .some(({ ready }) => ready);
}

function selectorOf({ spec }: KubeObject): Labels {
  const selector = isRecord(spec) && isRecord(spec.selector) ? spec.selector : {};
  return Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)]));
}
