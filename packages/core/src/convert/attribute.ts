import { describeMatches } from '../describe/describe-match.js';
import { describeService } from '../model/change.js';
import type { KubeObject } from '../model/object.js';
import type { RenderLoss, RoutedService } from '../model/routing.js';
import type { RouteTable, Rule } from '../model/table.js';
import { describeView } from '../model/view.js';
import type { PairDifferences } from './compare-service.js';
import type { Difference } from './judge.js';
import { fieldOfRule } from './source-field.js';
import type { Loss, ToldPart } from './types.js';

/** A loss, and whether it is about the requests that a rule of a table decides (`undefined`: no rule does). */
export interface ScopedLoss {
  readonly loss: Loss;
  /** The objects show that nobody sends such requests: it is no loss, but explains what becomes of one. */
  readonly unmet?: boolean;
  covers(decides: Rule | undefined, table: RouteTable | undefined): boolean;
}

/** Losses that a renderer foresaw, with what comparing found of them, and what it found besides. */
export interface Attributed {
  readonly losses: readonly ScopedLoss[];
  /** Differences that no loss is about. */
  readonly unforeseen: readonly FoundDifference[];
}

/** A difference, and the tables that decide the request, the source's and the target's. */
export interface FoundDifference {
  readonly difference: Difference;
  readonly before: RouteTable | undefined;
  readonly after: RouteTable | undefined;
}

export const allIn = (pairs: readonly PairDifferences[]): readonly FoundDifference[] =>
  pairs.flatMap(({ pair: { before, after }, differences }) => differences.map((difference) => ({ difference, before, after })));

/**
 * Gives each difference to the losses in whose scope it is: those of the rule that decides, of the table where none does, of the Service.
 * A loss for which a full search finds no request that differs is none.
 */
export function attribute(
  service: RoutedService,
  losses: readonly RenderLoss[],
  pairs: readonly PairDifferences[],
  objects: ReadonlyMap<string, KubeObject>,
): Attributed {
  const found = allIn(pairs);
  const kept = losses.flatMap((loss): readonly ScopedLoss[] => {
    const own = found.filter(({ difference, before }) => !difference.readsOtherwise && concerns(loss, difference.rule, before));
    const part = partOf(loss);
    const telling = own.find(({ difference }) => difference.parts.some((one) => one === part));
    const witness = (telling ?? own[0])?.difference.witness;
    const isSure = pairs.every((one) => one.isSure || (loss.table !== undefined && one.pair.before !== loss.table));
    if (witness === undefined && isSure) return [];
    const told = { ...lossOf(service, loss, objects), ...(witness === undefined ? {} : { witness }) };
    return [{ loss: told, covers: (decides, table) => concerns(loss, decides, table) }];
  });
  const isForeseen = ({ difference, before }: FoundDifference) => {
    const about = losses.filter((loss) => concerns(loss, difference.rule, before)).map(partOf);
    const isAll = about.some((part) => part === undefined || !BESIDE.has(part));
    return !difference.readsOtherwise && about.length > 0 && (isAll || difference.parts.every((part) => about.includes(part)));
  };
  return { losses: kept, unforeseen: found.filter((one) => !isForeseen(one)) };
}

function concerns({ table, rule }: RenderLoss, decides: Rule | undefined, before: RouteTable | undefined): boolean {
  if (rule !== undefined) return rule === decides;
  return table === undefined || (table === before && decides === undefined);
}

/** The part of a result that a feature is about, where it is one of its own. */
const PARTS: Readonly<Record<string, ToldPart>> = {
  mirror: 'mirror',
  fault: 'fault',
  timeout: 'timeout',
  retry: 'retry',
  headers: 'headers',
  rewrite: 'rewrite',
  redirect: 'redirect',
};

/** What is lost beside where requests go: such a loss explains no other difference. */
const BESIDE: ReadonlySet<ToldPart> = new Set(['mirror', 'timeout', 'retry', 'headers']);

const partOf = ({ code }: RenderLoss): ToldPart | undefined => PARTS[code.split('.')[0] ?? ''];

function lossOf(service: RoutedService, loss: RenderLoss, objects: ReadonlyMap<string, KubeObject>): Loss {
  const { code, message, instead, table, rule } = loss;
  const origins = rule?.origins ?? table?.rules.find(({ origins: [one] }) => one !== undefined)?.origins ?? [];
  const place = fieldOfRule(origins, rule === undefined ? '' : code, objects);
  return {
    code,
    message,
    ...place,
    service: { namespace: service.namespace, name: service.name },
    requests: requestsOf(service, table, rule),
    ...(instead === undefined ? {} : { instead }),
  };
}

/** Which requests, and whose: `requests with x-dev = alice from pods in the mesh to shop/reviews:80`. */
export function requestsOf({ namespace, name, ports }: RoutedService, table: RouteTable | undefined, rule: Rule | undefined): string {
  if (table === undefined) return `all requests to ${namespace}/${name}`;
  const which = rule === undefined ? 'requests that no rule takes' : whichMatch(rule);
  // A table for all other ports names none.
  const service = ports.some(({ port }) => port === table.port)
    ? describeService({ namespace, name, port: table.port })
    : `${namespace}/${name}`;
  return `${which} from ${describeView(table.view)} to ${service}`;
}

function whichMatch({ match }: Rule): string {
  const said = describeMatches(match);
  return said === 'every request' ? 'requests that no earlier rule takes' : `requests with ${said}`;
}
