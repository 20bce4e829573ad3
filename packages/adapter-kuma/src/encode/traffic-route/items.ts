import { canonicalJson, collectResults, type Owner, ok, ownerKey, type Result, type RouteTable, type Rule, refuse } from '@heddle/core';
import { type Raw, record } from '../../decode/raw.js';
import type { ServicePort } from '../../decode/world-types.js';
import { serviceTag } from '../../owned/ownership.js';
import type { BaseService } from '../base-service.js';
import { refuseShared } from '../refuse-shared.js';
import { exposedPorts, isShared } from '../sites.js';
import type { Share, WantedIntent } from '../wanted.js';
import { type Condition, conditionsOf } from './condition.js';
import { conjoin } from './conjoin.js';

/** An item of ours and the number of users' items that stay in front of it. */
export interface Placed {
  readonly gap: number;
  readonly item: Raw;
  readonly owner: Owner;
}

export interface Placing {
  readonly owner: Owner;
  readonly wanted: readonly WantedIntent[];
  readonly base: BaseService;
  /** The port that was dialled. */
  readonly dialled: number;
  /** Whether a header sent twice is one value for the mesh's Envoy. */
  readonly joinsRepeated: boolean;
}

/** A user's item, and the rule that the mesh makes of it; without one it sends nowhere. */
export interface ForeignItemAt {
  readonly raw: Raw;
  readonly where: string;
  readonly rule: Rule | undefined;
}

/**
 * For each intent one copy for each of the users' items that sends to the service, in front of the block of such items that it belongs to,
 * and one item for what none of them matches, if that goes to the service (`falls`: to which of its ports). In a block an earlier intent's
 * copies come first. An item that sends elsewhere stays in front of the copies of those behind it.
 */
export function placeItems(foreign: readonly ForeignItemAt[], falls: ServicePort | undefined, placing: Placing): Result<readonly Placed[]> {
  const placed = collectResults(placing.wanted.map((intent) => placeIntent(foreign, falls, intent, placing)));
  if ('refused' in placed) return placed;
  const inOrder = placed.ok
    .flatMap((items, intent) => items.map((one) => ({ ...one, intent })))
    .sort((a, b) => a.gap - b.gap || a.intent - b.intent);
  // Of two for the same requests the first decides.
  const asked = Map.groupBy(inOrder, ({ gap, item }) => canonicalJson([gap, item.match]));
  return ok(
    [...asked.values()].flatMap(([first]) => (first === undefined ? [] : { gap: first.gap, item: first.item, owner: first.owner })),
  );
}

function placeIntent(
  foreign: readonly ForeignItemAt[],
  falls: ServicePort | undefined,
  { matches, shares = [] }: WantedIntent,
  { base, owner, dialled, joinsRepeated }: Placing,
): Result<readonly Placed[]> {
  const found = collectResults(matches.map(conditionsOf));
  if ('refused' in found) return found;
  const conditions = found.ok.flat();
  const placed: Placed[] = [];
  let gap = 0;
  for (const [index, { raw, where, rule }] of foreign.entries()) {
    if (rule === undefined) continue;
    const [port, ...more] = exposedPorts(rule.action, base, dialled);
    if (port === undefined) {
      gap = index + 1;
      continue;
    }
    if (more.length > 0) return refuse('several-ports-in-rule', `${where} sends to several of the exposed ports`, 'expose one of them');
    if (owner.kind === 'route' && isShared(rule.action, base)) return refuseShared(where);
    const item = { where, replacesPrefix: record(record(raw.modify).path).rewritePrefix !== undefined, joinsRepeated };
    const met = collectResults(conditions.map((condition) => conjoin(record(raw.match), condition, item)));
    if ('refused' in met) return met;
    for (const match of met.ok) {
      if (match !== undefined)
        placed.push({ gap, owner, item: { ...withoutDestination(raw), match, ...destinationOf(shares, base, port) } });
    }
  }
  if (falls !== undefined) {
    const destination = destinationOf(shares, base, falls);
    placed.push(...conditions.map((condition) => ({ gap, owner, item: { match: matchOf(condition), ...destination } })));
  }
  return ok(placed);
}

function withoutDestination(raw: Raw): Raw {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => key !== 'split' && key !== 'destination'));
}

function destinationOf(shares: readonly Share[], { service }: BaseService, port: ServicePort): Raw {
  const split = shares.map(({ weight, to }) => ({
    weight,
    destination:
      'labels' in to
        ? { 'kuma.io/service': serviceTag({ namespace: service.namespace, name: service.name, port: port.number }), ...to.labels }
        : { 'kuma.io/service': serviceTag({ ...to.service, port: port.number }) },
  }));
  const [only, ...more] = split;
  return only !== undefined && more.length === 0 ? { destination: only.destination } : { split };
}

/** An item must have a condition (kuma `traffic_route_validator.go`, 2.14): every path begins with a slash. */
function matchOf({ path, method, headers }: Condition): Raw {
  return {
    path: path ?? { prefix: '/' },
    ...(method === undefined ? {} : { method }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** The list in its one order: users' items as they stood; in each gap between them sessions, older first, then standing routes. */
export function arrange(foreign: readonly Raw[], placed: readonly Placed[]): readonly Raw[] {
  const sorted = placed.toSorted((a, b) => a.gap - b.gap || compareOwners(a.owner, b.owner));
  const inGap = (gap: number) => sorted.filter((one) => Math.min(one.gap, foreign.length) === gap).map(({ item }) => item);
  return [...foreign.flatMap((item, gap) => [...inGap(gap), item]), ...inGap(foreign.length)];
}

function compareOwners(a: Owner, b: Owner): number {
  if (a.kind !== b.kind) return a.kind === 'session' ? -1 : 1;
  // Ids of sessions sort by time.
  const [x, y] = [`${a.id} ${ownerKey(a)}`, `${b.id} ${ownerKey(b)}`];
  return x === y ? 0 : x < y ? -1 : 1;
}

export const ruleAt = (table: RouteTable, pointer: string): Rule | undefined =>
  table.rules.find(({ origins }) => origins.some((origin) => origin.pointer === pointer));
