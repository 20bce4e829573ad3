import {
  type Change,
  describeRef,
  describeView,
  type MeshEnvironment,
  type ObjectEdit,
  type Observed,
  objectsOf,
  type Planned,
  type Refusal,
  refKey,
  refOf,
  withoutObjects,
} from '@heddle/core';
import { ambientMessage, isAmbient } from '../decode/ambient.js';
import { type DecidingTable, type DecidingTables, type DecidingVirtualService, decidingTables } from '../decode/deciding.js';
import { isOf, ownerOf } from './arrange.js';
import { refuseAttachedRoutes } from './attached-routes.js';
import { type BaseService, baseServiceOf } from './base-service.js';
import { isOwnObject } from './own-object.js';
import { removeRules } from './remove.js';
import { inViews, type Site, sitesOf } from './site.js';
import { GROUP, httpOf, KIND } from './virtual-service.js';
import { wantedOf } from './wanted.js';
import { writeRules } from './write-rules.js';

/**
 * The edits that make an owner's rules exactly the change's. See `MeshAdapter.encode`; the shape of the rules is in design §6
 * (one rule or copies, order and drift, ownership in the object, Istio).
 */
export function encode(change: Change, seen: Observed, env: MeshEnvironment): Planned<readonly ObjectEdit[]> {
  const objects = objectsOf(seen, GROUP, KIND);
  const destinationRules = objectsOf(seen, GROUP, 'DestinationRule');
  if (change.intents.length === 0 && change.views === 'all') return removeRules(change, objects, destinationRules, env);
  const base = baseServiceOf(change.services, seen, env);
  const wanted = wantedOf(change, env);
  if ('refused' in base || 'refused' in wanted) {
    return { refused: [base, wanted].flatMap((outcome) => ('refused' in outcome ? outcome.refused : [])) };
  }
  // An object of ours that holds nobody else's rules must not hide the VirtualService that a user has made since.
  const lone = objects.filter(
    (object) => isOwnObject(object) && httpOf(object).every((rule) => ownerOf(rule) === undefined || isOf(rule, change.owner)),
  );
  const decided = withoutObjects(seen, lone);
  const deciding = decidingTables({ services: change.services }, decided, env);
  const tables = withOtherPorts(deciding, base.ok, decided, env);
  const all = sitesOf(tables, base.ok.exposed);
  const isWanted = (table: DecidingTable) => inViews(change.views, table);
  const sites = all.sites.filter((site) => site.tables.some(isWanted));
  const kept = new Set(all.sites.filter((site) => !site.tables.some(isWanted)).map(keyOf));
  const bare = all.bare.filter(isWanted);
  const editable = objects.filter(
    (object) => !kept.has(refKey(refOf(object))) && (bare.length > 0 || all.bare.length === 0 || !lone.includes(object)),
  );
  if (change.intents.length === 0) return removeRules(change, editable, destinationRules, env);
  const refused: Refusal[] = [
    ...deciding.gaps.map(({ feature, message, ref }) => ({ code: feature, message, ...(ref === undefined ? {} : { ref }) })),
    ...deciding.tables.flatMap(({ virtualServices }) => virtualServices.filter(({ ref }) => ref.kind === 'RouteRule').map(legacy)),
    ...refuseAttachedRoutes(tables.filter(isWanted), base.ok.exposed),
    ...sites.filter((site) => !site.tables.every(isWanted)).map(partly),
    ...distinct(tables.filter((table) => isWanted(table) && sendsConnections(table, base.ok)).map(connections)),
  ];
  if (refused.length > 0) return { refused };
  const planned = writeRules({
    change,
    env,
    objects: editable,
    destinationRules,
    service: base.ok,
    wanted: wanted.ok,
    sites,
    bare,
    lone,
  });
  if ('refused' in planned || !isAmbient(base.ok.namespace, seen)) return planned;
  return { ...planned, notes: [...planned.notes, { code: 'ambient', message: ambientMessage(base.ok.namespace) }] };
}

/** A request to another port of the service may be sent to an exposed one. What cannot be read there is no reason to refuse. */
function withOtherPorts({ tables }: DecidingTables, service: BaseService, seen: Observed, env: MeshEnvironment): readonly DecidingTable[] {
  const { allPorts, ports } = service.exposed;
  if (allPorts.every((port) => ports.includes(port))) return tables;
  return decidingTables({ services: allPorts.map((port) => ({ namespace: service.namespace, name: service.name, port })) }, seen, env)
    .tables;
}

/** At a gateway, a port may carry HTTP for pods in the mesh and plain TCP for those who come in from outside. */
const sendsConnections = ({ role, table, services }: DecidingTable, { exposed }: BaseService): boolean =>
  role !== 'rest' && table.protocol === 'tcp' && services.some(exposed.includes);

function connections({ table, host, virtualServices }: DecidingTable): Refusal {
  const [by] = virtualServices;
  const code = 'tcp-route';
  const passed = 'and rules for requests do not reach these';
  if (table.view.plane === 'gateway' || by === undefined) {
    const message = `The ${describeView(table.view)} sends TCP connections on port ${table.port} to the service, ${passed}`;
    return { code, message, instead: 'let that port of the gateway carry HTTP' };
  }
  const message = `${describeRef(by.ref)} sends TCP connections to ${host}:${table.port} on to the service, ${passed}`;
  return { code, message, instead: 'say appProtocol: http on that port, or take that TCP route out', ref: by.ref };
}

/** Tables of several views may say the same. */
const distinct = (refusals: readonly Refusal[]): readonly Refusal[] => [...new Map(refusals.map((one) => [one.message, one])).values()];

const legacy = ({ ref }: DecidingVirtualService): Refusal => ({
  code: 'legacy-route-rule',
  message: `${describeRef(ref)} decides for the service as in Istio before 1.0, which heddle reads and does not write`,
  instead: 'route the service by a VirtualService',
  ref,
});

const keyOf = (site: Site): string => refKey(refOf(site.object));

const partly = (site: Site): Refusal => ({
  code: 'views',
  message: `VirtualService ${site.namespace}/${refOf(site.object).name} decides in views that the change names and in others`,
  instead: 'change all views',
  ref: refOf(site.object),
});
