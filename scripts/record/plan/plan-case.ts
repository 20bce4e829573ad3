import {
  type Change,
  type Intent,
  type KubeObject,
  type Labels,
  labelsMatch,
  type MeshAdapter,
  type MeshEnvironment,
  metaOf,
  observe,
  planChange,
  type Refusal,
  type ServiceRef,
  VERSION_LABEL,
  type Version,
} from '@heddle/core';
import type { Random } from '../generate/random.ts';
import type { RoutingCase } from '../routing-case.ts';
import { clusterOf, objectsIn, writePlanned } from './case-cluster.ts';
import { sessionOf } from './session.ts';
import { standingIntents } from './standing-intents.ts';

/** A case as it is once a standing route was planned on it and written, or why it was not. */
export type PlannedCase = { readonly routingCase: RoutingCase } | { readonly refused: readonly Refusal[]; readonly change?: Change };

/**
 * Plans a standing route of random entries for a service of the case, in some cases beside a session that comes before or after it. Both
 * checks of a plan hold, so what the mesh does with the objects afterwards is what was planned if decode reads them right.
 */
export async function planCase(given: RoutingCase, adapter: MeshAdapter, env: MeshEnvironment, random: Random): Promise<PlannedCase> {
  const objects = given.objects.filter((object) => (adapter.validate?.(object, env) ?? []).length === 0);
  const found = await routable(objects, adapter, env, random);
  if (found === undefined) return { refused: [{ code: 'no-versions', message: 'The case has no service with versions' }] };
  const { service, versions } = found;
  const ids = idsOf(found, objects, random);
  const { intents, requests } = standingIntents(random, ids, given.requests);
  const standing = standingChange(service, versions, intents);
  const beside = random.chance(0.4) ? sessionOf(service, objects, random, given.requests) : undefined;
  const cluster = clusterOf([...objects, ...(beside?.objects ?? [])]);
  for (const change of random.shuffled([standing, ...(beside === undefined ? [] : [beside.change])])) {
    const planning = await planChange({ cluster, adapter, env }, change);
    if ('plan' in planning) await writePlanned(cluster, planning.plan.edits, adapter, env);
    else if (change === standing || planning.refused.some(({ code }) => code === 'effect-check-failed')) {
      return { refused: planning.refused, change };
    }
  }
  return {
    routingCase: {
      ...given,
      id: `${given.id}-planned`,
      title: `${given.title}; planned: ${JSON.stringify(intents)}`,
      objects: await objectsIn(cluster, [...objects, ...(beside?.objects ?? [])]),
      requests: [...given.requests, ...requests, ...(beside?.requests ?? [])],
    },
  };
}

/** As core makes it: with the versions that are used, and no others. */
export function standingChange(service: ServiceRef, versions: readonly Version[], intents: readonly Intent[]): Change {
  const used = new Set(
    intents.flatMap((one) => ('to' in one ? one.to.map(({ version }) => version) : 'mirror' in one ? [one.mirror.version] : [])),
  );
  return {
    owner: { kind: 'route', namespace: service.namespace, id: `${service.name}.${service.port}` },
    services: [service],
    views: 'all',
    versions: versions.filter(({ id }) => used.has(id)),
    intents,
  };
}

/** The versions that have a ready Pod, as far as there are any; now and then all of them, since plans must know the dead ones. */
export function idsOf({ service, versions }: Routable, objects: readonly KubeObject[], random: Random): readonly string[] {
  const inNamespace = (kind: string) => objects.filter((object) => object.kind === kind && metaOf(object).namespace === service.namespace);
  const base = inNamespace('Service').find((object) => metaOf(object).name === service.name);
  const { selector = {} } = (base?.spec ?? {}) as { readonly selector?: Labels };
  const pods = inNamespace('Pod').filter((pod) => JSON.stringify(pod.status).includes('"Ready","status":"True"'));
  const alive = versions.filter(
    (one) => one.realise !== 'service' && pods.some((pod) => labelsMatch({ ...selector, ...one.labels }, metaOf(pod).labels)),
  );
  return (alive.length === 0 || random.chance(0.1) ? versions : alive).map(({ id }) => id);
}

export interface Routable {
  readonly service: ServiceRef;
  readonly versions: readonly Version[];
}

/**
 * A port of a service, with its versions: as the mesh knows them, or by the labels of Pods alone, which are all that there is where it knows
 * none; some case has neither.
 */
async function routable(
  objects: readonly KubeObject[],
  adapter: MeshAdapter,
  env: MeshEnvironment,
  random: Random,
): Promise<Routable | undefined> {
  const mesh = { cluster: clusterOf(objects), adapter, env };
  for (const service of random.shuffled(servicesOf(objects))) {
    const named = adapter.versions(service, await observe(mesh, { services: [service] }), env);
    const labelled = labelledVersions(service, objects);
    const versions = labelled.length > 0 && (named.length === 0 || random.chance(0.3)) ? labelled : named;
    if (versions.length > 0) return { service, versions };
  }
  return undefined;
}

/** What the Pods behind a service call themselves. */
export function labelledVersions({ namespace, name }: ServiceRef, objects: readonly KubeObject[]): readonly Version[] {
  const service = objects.find(
    (object) => object.kind === 'Service' && metaOf(object).namespace === namespace && metaOf(object).name === name,
  );
  const { selector } = (service?.spec ?? {}) as { readonly selector?: Labels };
  if (selector === undefined) return [];
  const pods = objects.filter(
    (object) => object.kind === 'Pod' && metaOf(object).namespace === namespace && labelsMatch(selector, metaOf(object).labels),
  );
  const ids = new Set(pods.flatMap((pod) => metaOf(pod).labels[VERSION_LABEL] ?? []));
  return [...ids].sort().map((id) => ({ id, realise: 'subset', labels: { [VERSION_LABEL]: id } }));
}

/** Every port of every Service. */
export function servicesOf(objects: readonly KubeObject[]): readonly ServiceRef[] {
  return objects
    .filter(({ kind }) => kind === 'Service')
    .flatMap((object) => {
      const { name, namespace = '' } = metaOf(object);
      const { ports = [] } = object.spec as { readonly ports?: readonly { readonly port: number }[] };
      return ports.map(({ port }) => ({ namespace, name, port }));
    });
}
