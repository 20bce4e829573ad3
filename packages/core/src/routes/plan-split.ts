import type { Change, Note, Refusal } from '../model/change.js';
import { canonicalJson } from '../plan/content-hash.js';
import { observe, planChange } from '../plan/index.js';
import { editAccess, refuseMissingRights } from '../sessions/access.js';
import { meshOf } from '../sessions/deps.js';
import type { LeaseView } from '../sessions/lease/lease-object.js';
import { listLeases } from '../sessions/lease/leases.js';
import type { SessionRecord } from '../sessions/lease/record.js';
import { leaseRef, routeId } from '../sessions/names.js';
import { readService } from '../sessions/read-service.js';
import { editedRules } from '../sessions/rules/edited-rules.js';
import { isBusy, routeBusy } from './busy-route.js';
import { leaseAccess } from './lease-access.js';
import { resolveVersions } from './resolve-versions.js';
import { rivalRoutes, routeExists } from './rival-routes.js';
import { checkRouteName } from './route-name.js';
import { choosePorts, httpPorts } from './service-ports.js';
import { isStale } from './stale-routes.js';
import type { RouteDeps, RoutePlanning, SplitOptions } from './types.js';

/**
 * What a split would do, without doing any of it. Refusals are data: `unknown-version`, `version-port`, `no-ready-pods`,
 * `version-unseen`, `route-exists`, `route-busy`, `rule-edited`, `missing-rights`, and those of the plan.
 * Throws input errors (`unknown-service`, `unknown-port`, `route-name-invalid`) and what the API server refuses.
 */
export async function planSplit(deps: RouteDeps, options: SplitOptions): Promise<RoutePlanning> {
  const { cluster, adapter, env } = deps;
  const { namespace, name: service } = options.service;
  const id = routeId(service, checkRouteName(options.name));
  const object = await readService(cluster, options.service);
  const asked = choosePorts(object, options.port);
  const leases = await listLeases(cluster, namespace);
  const standing = await refuseHeld(deps, leases, id);
  const rights = await refuseMissingRights(cluster, leaseAccess(namespace));
  if (standing.length + rights.length > 0) return { refused: [...standing, ...rights] };

  const mesh = meshOf(deps);
  const seen = await observe(mesh, { services: asked });
  const chosen =
    options.port === undefined ? httpPorts(asked, adapter.decode({ services: asked }, seen, env)) : { services: asked, notes: [] };
  const { services } = chosen;
  const [first] = services;
  const rivals = rivalRoutes({ id, namespace, service, ports: services.map(({ port }) => port) }, leases);
  if (rivals.length > 0 || first === undefined) return { refused: rivals.map(routeExists) };
  const resolved = await resolveVersions(cluster, options.shares, {
    service: object,
    services,
    ofMesh: adapter.versions(first, seen, env),
  });
  if ('refused' in resolved) return resolved;

  const shares = resolved.ok;
  const change: Change = {
    owner: { kind: 'route', namespace, id },
    services,
    views: 'all',
    versions: shares.map(({ is }) => is),
    intents: [{ match: [], to: shares.filter(({ weight }) => weight > 0).map(({ version, weight }) => ({ version, weight })) }],
  };
  const planning = await planChange(mesh, change);
  if ('refused' in planning) return planning;
  const { plan } = planning;
  const record = leases.find((lease) => lease.id === id)?.record;
  const edited = editedRules(adapter, change.owner, plan.seen, record?.rules ?? [], new Map());
  const unwritable = await refuseMissingRights(cluster, editAccess(adapter, plan.edits));
  if (edited.length + unwritable.length > 0) return { refused: [...edited, ...unwritable] };
  const stale = record !== undefined && isStale(mesh, record, plan.seen) ? [takenOver(record)] : [];
  const route = { id, name: options.name, services, shares, plan, notes: [...chosen.notes, ...stale, ...plan.notes] };
  return {
    route: {
      ...route,
      ...(record?.route === undefined ? {} : { was: record.route.to }),
      unchanged: plan.edits.length === 0 && stale.length === 0 && record?.state === 'active' && sameRoute(record, route),
    },
  };
}

function sameRoute(
  { ports, route }: SessionRecord,
  planned: { readonly services: Change['services']; readonly shares: readonly { version: string; weight: number }[] },
): boolean {
  const shares = (list: readonly { version: string; weight: number }[]) => list.map(({ version, weight }) => [version, weight]);
  const [was, is] = [
    [ports, shares(route?.to ?? [])],
    [planned.services.map(({ port }) => port), shares(planned.shares)],
  ];
  return canonicalJson(was) === canonicalJson(is);
}

function takenOver({ id, namespace }: SessionRecord): Note {
  const message = 'The rules of others have changed since this route was written; it is copied from them as they are now';
  return { code: 'copied-from-changed', message, ref: leaseRef(namespace, id) };
}

/** Why the route's own record keeps it from being changed now. */
async function refuseHeld(deps: RouteDeps, leases: readonly LeaseView[], id: string): Promise<readonly Refusal[]> {
  const own = leases.find((lease) => lease.id === id);
  if (own === undefined) return [];
  const ref = leaseRef(own.namespace, id);
  if (own.record === undefined) {
    const message = `The record of standing route ${id} cannot be read: ${own.problem}`;
    return [{ code: 'record-unreadable', message, instead: 'Use the version of heddle that made it', ref }];
  }
  if (own.record.adapter !== deps.adapter.id) {
    const message = `Standing route ${id} was written by the adapter ${own.record.adapter}, not ${deps.adapter.id}`;
    return [
      {
        code: 'other-mesh',
        message,
        instead: `Take it back first: heddle route clear ${own.record.service} --mesh ${own.record.adapter}`,
        ref,
      },
    ];
  }
  return (await isBusy(deps, own, own.record)) ? [routeBusy(own.record)] : [];
}
