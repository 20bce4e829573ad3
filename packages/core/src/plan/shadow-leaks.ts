import { describeRule } from '../describe/describe-rule.js';
import type { Refusal } from '../model/change.js';
import { isRecord, metaOf } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import { type Owner, ownerKey, sameOwner } from '../model/owner.js';
import { type Destination, podName, type RouteTable, type Rule } from '../model/table.js';
import { describeView } from '../model/view.js';
import { SESSION_LABEL } from '../sessions/names.js';
import { isServiceHost } from './outcome.js';
import { matchImplies, orEvery } from './overlap.js';
import { allObjects } from './simulate.js';

/** A way by which requests of others come to a session's shadow. */
export interface ShadowLeak {
  readonly owner: Owner;
  readonly destination: Destination;
  readonly table: RouteTable;
  /** `undefined`: the end of the table. */
  readonly rule: Rule | undefined;
  /** It is copies of requests that come. */
  readonly mirrored: boolean;
}

/**
 * Where shadows that stand behind the service itself are among the endpoints that a rule, a mirror or the end of a table sends to, though
 * it is not their session's (semantics case 20). A rule that standing or foreign rules before it hide sends nothing.
 */
export function shadowLeaks(tables: readonly RouteTable[], seen: Observed): readonly ShadowLeak[] {
  const shadows = shadowsIn(seen);
  if (shadows.size === 0) return [];
  const apart = servicesOfShadows(seen);
  return tables.flatMap((table) =>
    [...table.rules, undefined].flatMap((rule, index) => {
      const shared = destinationsOf(table, rule).filter(
        ({ destination: { host } }) => !apart.some((service) => isServiceHost(host, service)),
      );
      const found = shared.flatMap(({ destination, mirrored }) =>
        ownersAmong(destination, shadows)
          .filter((owner) => rule === undefined || rule.owner === 'foreign' || !sameOwner(rule.owner, owner))
          .map((owner) => ({ owner, destination, table, rule, mirrored })),
      );
      return found.length === 0 || isHidden(rule, table.rules.slice(0, index)) ? [] : found;
    }),
  );
}

/** `pinnable`: names of versions that requests could be kept to. */
export function leakRefusal(leak: ShadowLeak, change: Owner, pinnable: readonly string[]): Refusal {
  const { owner, destination, table, rule, mirrored } = leak;
  const [service = '', namespace = ''] = destination.host.split('.');
  const whose = sameOwner(owner, change) ? 'The shadow' : `The shadow of ${ownerKey(owner)}`;
  const decided = rule === undefined ? 'what no rule decides' : `requests that a rule decides (${describeRule(rule)})`;
  const what = `${mirrored ? 'copies of ' : ''}${decided}, from ${describeView(table.view)}, port ${table.port},`;
  return {
    code: 'shadow-leak',
    message:
      destination.subset === undefined
        ? `${whose} is among the pods of ${namespace}/${service}, and ${what} may go to any of these`
        : `${whose} would be among the pods of version ${destination.subset} of ${namespace}/${service}, where ${what} go`,
    instead: sameOwner(owner, change)
      ? wayOut(leak, pinnable)
      : `End that session first: heddle sessions stop ${owner.id} -n ${owner.namespace}`,
    ...(rule?.origins[0] === undefined ? {} : { ref: rule.origins[0].ref }),
  };
}

const OWN_SERVICE = 'give the shadow a Service of its own (--realise service)';

function wayOut({ destination, table, mirrored }: ShadowLeak, [version = 'VERSION']: readonly string[]): string {
  const [service = '', namespace = ''] = destination.host.split('.');
  if (destination.subset !== undefined) return `Take the labels that tell the version apart from the Service's selector, or ${OWN_SERVICE}`;
  if (mirrored) return `Name a version where that rule mirrors to, or ${OWN_SERVICE}`;
  if (table.protocol === 'tcp') return `Connections cannot be kept to a version: ${OWN_SERVICE}`;
  return `Keep all requests to a version first: heddle route pin ${service} ${version} -n ${namespace}; or ${OWN_SERVICE}`;
}

function shadowsIn(seen: Observed): ReadonlyMap<string, Owner> {
  const pods = allObjects(seen).filter(({ kind }) => kind === 'Pod');
  return new Map(
    pods.flatMap((pod) => {
      const { namespace = '', name, labels } = metaOf(pod);
      const id = labels[SESSION_LABEL];
      return id === undefined ? [] : [[podName({ namespace, name }), { kind: 'session', namespace, id }] as const];
    }),
  );
}

/** Services of their own, which lead to a shadow and to nobody else: whoever calls one by its name means it. */
function servicesOfShadows(seen: Observed): readonly { readonly namespace: string; readonly name: string }[] {
  return allObjects(seen).flatMap((object) => {
    const selector = object.kind === 'Service' && isRecord(object.spec) ? object.spec.selector : undefined;
    if (!isRecord(selector) || selector[SESSION_LABEL] === undefined) return [];
    const { namespace = '', name } = metaOf(object);
    return [{ namespace, name }];
  });
}

function destinationsOf({ otherwise }: RouteTable, rule: Rule | undefined): readonly Pick<ShadowLeak, 'destination' | 'mirrored'>[] {
  const action = rule === undefined ? otherwise : rule.action;
  const to = typeof action === 'object' && 'to' in action ? action.to : [];
  return [
    ...to.map((destination) => ({ destination, mirrored: false })),
    ...(rule?.mirrors ?? []).map(({ destination }) => ({ destination, mirrored: true })),
  ];
}

function ownersAmong({ endpoints }: Destination, shadows: ReadonlyMap<string, Owner>): readonly Owner[] {
  if (endpoints === 'no-cluster') return [];
  return endpoints.flatMap((pod) => shadows.get(podName(pod)) ?? []);
}

/** By rules that stay when sessions go. */
function isHidden(rule: Rule | undefined, earlier: readonly Rule[]): boolean {
  const staying = earlier.filter(({ owner }) => owner === 'foreign' || owner.kind === 'route').flatMap(({ match }) => orEvery(match));
  return orEvery(rule?.match ?? []).every((narrow) => staying.some((wide) => matchImplies(narrow, wide)));
}
