import { isAllOf } from './destinations.js';
import { draftsOf, normalisationLost, otherwiseOf, type TableContext } from './drafts.js';
import { type Entry, isSent } from './entry.js';
import { filled, withoutDead } from './holes.js';

/** A table as a list of which the first entry that a request satisfies decides; the last takes every request. */
export function entriesOf(context: TableContext): readonly Entry[] {
  const { losses, service, table } = context;
  const drafts = table.rules.flatMap((rule) => draftsOf(rule, context));
  const entries = withoutDead(filled([...drafts, otherwiseOf(context)], context));
  // Paths that a proxy refuses to look at are no rule's.
  for (const what of normalisationLost(context)) losses.add({ service, table }, what);
  // What no request meets is not missed.
  for (const { rule, losses: own } of entries) for (const what of own) losses.add({ service, table, rule }, what);
  return entries;
}

/** Whether no entry has to be written for an effect: Kuma sends to the service what no rule takes. */
export const isImplicit = ({ match, effect }: Entry, context: TableContext): boolean =>
  Object.keys(match).length === 0 &&
  isSent(effect.to) &&
  isAllOf(effect.to, context.routed) &&
  effect.mirrors.length === 0 &&
  effect.rewrite === undefined &&
  effect.headers === undefined &&
  effect.timeoutMs === undefined &&
  effect.retry === undefined;
