import { cannotRehearse } from '../apply/write-edit.js';
import type { ShadowNeeds } from '../contracts/mesh-adapter.js';
import type { Agent } from '../contracts/tunnel-provider.js';
import { clusterReason } from '../errors/cluster-error.js';
import type { Change, Note, Refusal } from '../model/change.js';
import type { Match } from '../model/match.js';
import { type KubeObject, type Labels, metaOf } from '../model/object.js';
import type { Owner } from '../model/owner.js';
import { observe, planChange } from '../plan/index.js';
import { editAccess, ownAccess, refuseMissingRights } from './access.js';
import { meshOf } from './deps.js';
import { sessionId } from './id.js';
import { listLeases } from './lease/leases.js';
import { SESSION_LABEL, secretName, serviceHost, shadowName } from './names.js';
import { orphanedSessions, orphanNotes } from './orphan-rules.js';
import { overlapRefusal, type Rival, rivalsOf } from './overlap.js';
import { readService } from './read-service.js';
import { explainAdmission } from './shadow/admission.js';
import { refuseBehind, unrouted } from './shadow/behind-service.js';
import { hasNamedTargets, type ResolvedPort, refuseService, resolvePorts } from './shadow/ports.js';
import { shadowConflicts } from './shadow/selectors.js';
import { agentContainer } from './shadow/shadow.js';
import { assumedShadow, podLabelsOf, redacted, type ShadowObjects, shadowObjects } from './shadow/shadow-objects.js';
import { TIMING } from './timing.js';
import type { SessionDeps, SessionOptions, SessionPlan } from './types.js';

/** A session as planned, with what only its own process may know. */
export interface Prepared {
  readonly session: SessionPlan;
  readonly change: Change;
  readonly ports: readonly ResolvedPort[];
  readonly agent: Agent;
  readonly needs: ShadowNeeds;
  readonly objects: ShadowObjects;
}

/** `dead`: sessions in the way that may be cleaned up first; `orphans`: ids of sessions that left rules and have no record any more. */
export type Preparation = ({ readonly prepared: Prepared } | { readonly refused: readonly Refusal[] }) & {
  readonly dead: readonly Rival[];
  readonly orphans?: readonly string[];
};

/**
 * Everything that can be found out before the cluster is changed. Throws input errors (`unknown-service`, `unknown-port`, `duplicate-port`),
 * `pod-security`, and what the API server refuses.
 */
export async function prepare(deps: SessionDeps, options: SessionOptions): Promise<Preparation> {
  const { cluster, adapter, env } = deps;
  const { namespace, name } = options.service;
  const service = await readService(cluster, options.service);
  const leases = await listLeases(cluster, namespace);
  const serverTime = await cluster.serverTime();
  const rights = await refuseMissingRights(cluster, ownAccess(namespace));
  const unfit = [...rights, ...refuseService(service, deps.tunnel.protocols)];
  if (unfit.length > 0) return { refused: unfit, dead: [] };

  const pods = hasNamedTargets(service) ? await cluster.list({ group: '', kind: 'Pod', namespace }) : [];
  const resolved = resolvePorts(service, options.ports, pods);
  if ('refused' in resolved) return { refused: resolved.refused, dead: [] };
  const { ports } = resolved;
  const services = ports.map((port) => port.service);
  const { realise = 'service' } = options;
  const apart = realise === 'service' ? [] : refuseBehind(service, ports);
  if (apart.length > 0) return { refused: apart, dead: [] };

  const id = sessionId(serverTime);
  const owner: Owner = { kind: 'session', namespace, id };
  const match: Match = options.match ?? { headers: [{ name: options.defaultHeader.toLowerCase(), is: { exact: id } }] };
  const claim = { id, namespace, service: name, ports: services.map(({ port }) => port), match };
  const graceMs = (deps.timing ?? TIMING).expiryGraceMs;
  const rivals = rivalsOf(claim, leases, { serverTime, graceMs, identity: deps.identity, isGone: (identity) => deps.isGone(identity) });
  const { dead } = rivals;
  if (rivals.holders.length > 0) return { refused: rivals.holders.map((rival) => overlapRefusal(claim, rival)), dead };

  const mesh = meshOf(deps);
  const shadow = shadowName(name, id);
  const seen = await observe(mesh, { services });
  const orphans = await orphanedSessions(mesh, namespace, seen, leases);
  const planned = adapter.shadow(
    { owner, services, name: shadow, realise, sidecar: options.sidecar, acceptPolicyGap: options.acceptPolicyGap },
    seen,
    env,
  );
  if ('refused' in planned) return { refused: planned.refused, dead };
  const needs = planned.ok;
  const agent = await deps.tunnel.agent({
    image: options.agent.image,
    ...(options.agent.imagePullPolicy === undefined ? {} : { imagePullPolicy: options.agent.imagePullPolicy }),
    secretName: secretName(id),
    ports: ports.map((port) => ({ name: port.portName, port: port.containerPort })),
    permitOpen: services.map((one) => ({ host: serviceHost(one), port: one.port })),
  });
  const objects = shadowObjects({ id, namespace, name: shadow, ports, agent, needs, options: options.agent, realise });
  const labels = podLabelsOf({ id, needs, options: options.agent });
  const conflicts = await selectedBy(deps, namespace, labels, realise === 'service' ? undefined : name);
  if (conflicts.refused.length > 0) return { refused: conflicts.refused, dead };
  await tryAdmission(deps, objects.pod);

  const change: Change = {
    owner,
    services,
    views: 'all',
    versions: [
      realise === 'service' ? { id, realise, service: { namespace, name: shadow } } : { id, realise, labels: { [SESSION_LABEL]: id } },
    ],
    intents: [{ match: [match], to: [{ version: id, weight: 100 }] }],
  };
  const planning = await planChange(mesh, change, { assume: assumedShadow(objects) });
  if ('refused' in planning) return { refused: planning.refused, dead, orphans };
  const unwritable = await refuseMissingRights(cluster, editAccess(adapter, planning.plan.edits));
  if (unwritable.length > 0) return { refused: unwritable, dead };
  const notes = [
    ...rivals.notes,
    ...deadNotes(dead),
    ...orphanNotes(orphans),
    ...planned.notes,
    ...conflicts.notes,
    ...(realise === 'service' ? [] : [unrouted(service)]),
    ...planning.plan.notes,
  ];
  const session = {
    id,
    match,
    shadow: [redacted(objects.secret), ...(objects.service === undefined ? [] : [objects.service]), objects.pod],
    plan: planning.plan,
    notes,
  };
  return { prepared: { session, change, ports, agent, needs, objects }, dead, orphans };
}

/** `base`: the Service whose pods the shadow is to be one of. */
async function selectedBy(deps: SessionDeps, namespace: string, labels: Labels, base: string | undefined) {
  const list = (group: string, kind: string) => readable(deps, () => deps.cluster.list({ group, kind, namespace }));
  const services = (await list('', 'Service')).filter((service) => metaOf(service).name !== base);
  const budgets = await list('policy', 'PodDisruptionBudget');
  const policies = await list('networking.k8s.io', 'NetworkPolicy');
  return shadowConflicts(labels, { services, budgets, policies });
}

/** Budgets and policies only lead to notes, so a missing right to read them stops nobody. */
async function readable(deps: SessionDeps, read: () => Promise<readonly KubeObject[]>): Promise<readonly KubeObject[]> {
  try {
    return await read();
  } catch (error) {
    const reason = clusterReason(error);
    if (reason !== 'Forbidden' && reason !== 'NotFound') throw error;
    deps.log('Not checked against the shadow', { reason });
    return [];
  }
}

/** A dry run of the pod shows what admission would say, while nothing has been changed yet. */
async function tryAdmission(deps: SessionDeps, pod: KubeObject): Promise<void> {
  try {
    await deps.cluster.create(pod, { dryRun: true });
  } catch (error) {
    // Then the real creation will tell.
    if (cannotRehearse(error)) return;
    throw explainAdmission(error, agentContainer(pod), metaOf(pod).namespace ?? '');
  }
}

function deadNotes(dead: readonly Rival[]): readonly Note[] {
  return dead.map(({ record, standing }) => ({
    code: 'cleaned-first',
    message: `Session ${record.id} of ${record.startedBy.user} on the same requests is over (${standing.why}) and is cleaned up first`,
  }));
}
