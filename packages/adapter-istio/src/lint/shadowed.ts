import { describeRef, type Finding, finding, type ObjectRef, type View } from '@heddle/core';
import { appliesHere } from '../decode/compile-match.js';
import type { DecidingTable } from '../decode/deciding.js';
import { hostsMatch } from '../decode/hosts.js';
import { sidecarScope } from '../decode/sidecar-scope.js';
import type { Config, VirtualService } from '../decode/world-types.js';
import type { LintContext } from './context.js';
import type { Group } from './groups.js';
import { describeViews, proxyIn } from './tables.js';

interface Loss {
  readonly loser: VirtualService;
  readonly host: string;
  readonly winner: ObjectRef;
  /** Of the callers. */
  readonly namespace: string;
  readonly views: View[];
}

/**
 * VirtualServices that have no say for a host of theirs, since another one that the same callers see comes first: one private to their
 * namespace, then one exported to it, then the older (istio `pilot/pkg/model/push_context.go` and `core/route/route.go`, 1.31).
 */
export function shadowed({ world }: LintContext, group: Group, tables: readonly DecidingTable[]): readonly Finding[] {
  const bound = group.virtualServices.filter(({ gateways, routes }) => gateways.includes('mesh') && routes === undefined);
  if (bound.length + group.virtualServices.filter(({ routes }) => routes !== undefined).length < 2) return [];
  const losses = new Map<string, Loss>();
  const wins = new Set<string>();
  for (const { table, role, host, virtualServices, routes } of tables) {
    const winner = virtualServices[0]?.ref ?? routes[0];
    if (role !== 'host' || winner === undefined || table.view.plane !== 'mesh') continue;
    const proxy = proxyIn(table.view);
    const scope = sidecarScope(world, proxy);
    const claiming = bound.filter((one) => one.hosts.some((name) => hostsMatch(name.toLowerCase(), host)));
    for (const one of scope.virtualServices(claiming)) {
      const key = `${describeRef(one.ref)} ${host}`;
      if (describeRef(one.ref) === describeRef(winner)) wins.add(key);
      else if (
        one.http.some(
          ({ match }) => match.length === 0 || match.some((raw) => appliesHere(raw, { proxy, port: table.port, gateway: 'mesh' })),
        )
      ) {
        const loss = losses.get(`${key} ${describeRef(winner)}`) ?? { loser: one, host, winner, namespace: proxy.namespace, views: [] };
        loss.views.push(table.view);
        losses.set(`${key} ${describeRef(winner)}`, loss);
      }
    }
  }
  return [...losses.values()].map((loss) => shadowedFinding(loss, wins.has(`${describeRef(loss.loser.ref)} ${loss.host}`), group));
}

function shadowedFinding({ loser, host, winner, namespace, views }: Loss, isOften: boolean, group: Group): Finding {
  const other = group.virtualServices.find(({ ref }) => describeRef(ref) === describeRef(winner));
  const who = describeViews(views);
  const why = whyFirst(loser, other, winner, namespace);
  const pointer = `/spec/hosts/${Math.max(
    0,
    loser.hosts.findIndex((name) => hostsMatch(name.toLowerCase(), host)),
  )}`;
  const text = isOften
    ? `for ${who} it does not decide for ${host}: ${describeRef(winner)} does, ${why}`
    : `none of its rules for ${host} is ever used: ${describeRef(winner)} decides for it (${who}), ${why}`;
  // One that is meant for some callers alone is how callers change rules for themselves.
  const severity = !isOften ? 'error' : other !== undefined && tierOf(other, namespace) < tierOf(loser, namespace) ? 'info' : 'warning';
  const fix = `put the rules of both into one, or give one of them another host or other gateways`;
  return finding(severity, 'virtual-service-shadowed', loser.ref, text, { pointer, fix });
}

/** Private to the callers' namespace, exported to it, or public. */
function tierOf({ visible, namespace: own }: VirtualService, namespace: string): number {
  if (visible.has('*')) return 2;
  return own === namespace ? 0 : 1;
}

function whyFirst(loser: VirtualService, winner: VirtualService | undefined, ref: ObjectRef, namespace: string): string {
  if (winner === undefined || ref.kind !== 'VirtualService') return 'since a route attached to the Service comes before VirtualServices';
  const tier = tierOf(winner, namespace);
  if (tier < tierOf(loser, namespace))
    return tier === 0
      ? 'which is private to their namespace, and such ones come first'
      : 'which is exported to them by name, and such ones come before public ones';
  return isDated(loser) && isDated(winner)
    ? 'which is older; the rules of two are not put together'
    : 'which comes first by its name; in a cluster the older one would, and the rules of two are not put together';
}

const isDated = ({ age }: Config): boolean => Number.isFinite(age);
