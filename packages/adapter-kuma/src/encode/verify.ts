import {
  canonicalJson,
  type KubeObject,
  type ObjectEdit,
  queryKey,
  type Refusal,
  type RouteTable,
  type Rule,
  refKey,
  refOf,
  refuse,
  sameOwner,
  simulate,
  viewKey,
  withoutObjects,
} from '@heddle/core';
import { type DecidingTable, decidingTables } from '../decode/deciding.js';
import { reads } from '../decode/reads.js';
import type { EncodeTask } from './encode-task.js';
import { refuseDeadMirror } from './mirror-target.js';
import { type Beneath, intentOf, misplaced } from './order.js';
import { exposedPorts, isRouted } from './sites.js';
import { isCopy, placedItems } from './traffic-route/object.js';
import type { Share, WantedIntent } from './wanted.js';

/**
 * Reads what the edits would make of it all, and says why that is not what is wanted: Kuma orders and merges rules by its own lights, so
 * the one account of that, decode, has the word.
 */
export function verify(task: EncodeTask, edits: readonly ObjectEdit[]): readonly Refusal[] {
  const { change, seen, env, base, world } = task;
  const target = { services: change.services };
  const then = simulate(seen, edits);
  // Pods of a new destination have not been looked at yet: core reads what is asked for, and encodes again.
  if (reads(target, then, env).some((query) => !seen.has(queryKey(query)))) return [];
  const dead = refuseDeadMirror(task, then);
  if (dead !== undefined) return dead.refused;
  const tablesOf = (state: typeof seen) =>
    decidingTables(target, state, env, state === seen ? world : undefined).tables.filter((one) => isRouted(one, base));
  const [before, after] = [tablesOf(withoutObjects(seen, renewed(task, edits))), tablesOf(then)];
  const found = new Map<string, Refusal>();
  for (const is of after) {
    const was = before.find((one) => keyOf(one) === keyOf(is));
    for (const refusal of wrongIn(is, was?.table, task)) found.set(canonicalJson(refusal), refusal);
  }
  return [...found.values()];
}

/** Copies of ours that are made anew, since what they were made of has changed: that counts from now on. */
function renewed({ objects, change }: EncodeTask, edits: readonly ObjectEdit[]): readonly KubeObject[] {
  const edited = new Set(edits.map(({ ref }) => refKey(ref)));
  return objects.filter(
    (object) =>
      isCopy(object) && edited.has(refKey(refOf(object))) && placedItems(object).every(({ owner }) => sameOwner(owner, change.owner)),
  );
}

const keyOf = ({ table, dialled }: DecidingTable): string => canonicalJson([viewKey(table.view), dialled]);

function wrongIn(deciding: DecidingTable, was: RouteTable | undefined, task: EncodeTask): readonly Refusal[] {
  const { change, base } = task;
  const { owner } = change;
  const { table, dialled, by } = deciding;
  const name = `${dialled?.namespace}/${dialled?.name}:${dialled?.port}`;
  // No policy is for these callers: nothing was theirs, and nothing is.
  if (by === 'closed') return [];
  const leadsHere = ({ action }: Pick<Rule, 'action'>) => exposedPorts(action, base, table.port).length > 0;
  const leads = [...table.rules.filter(isForeign), { action: table.otherwise }].some(leadsHere);
  if (!leads && !table.rules.some((rule) => sameOwner(rule.owner, owner))) return [];
  if (table.protocol !== 'http') {
    return refuse(
      'not-http',
      `With the rule, callers of ${name} would be routed by connections alone: a destination has no ready pod, or carries no HTTP`,
      'see that every destination has a ready pod and appProtocol: http',
    ).refused;
  }
  const changed = refuseChanged(was, table);
  if (changed !== undefined) return changed.refused;
  const own = table.rules.filter((rule) => sameOwner(rule.owner, owner));
  if (own.length === 0) {
    return refuse(
      'not-reached',
      `The rules would not decide for all callers of ${name}: others are in their place, or their destination has no ready pod`,
      'see that the destination has a ready pod',
    ).refused;
  }
  const intents = task.wanted.map(({ matches }) => matches);
  const isTreated = (rule: Rule, beneath: Beneath) => treatedAs(task.wanted[intentOf(rule, intents)], rule, beneath, task);
  return misplaced(table.rules, { owner, leadsHere, isTreated, otherwise: table.otherwise, intents })?.refused ?? [];
}

/** All of what the rule sends goes to the versions of the intent, or as beneath; and so with copies. */
function treatedAs(intent: WantedIntent | undefined, { action, mirrors }: Rule, beneath: Beneath, task: EncodeTask): boolean {
  if (intent === undefined) return false;
  const { shares, mirror } = intent;
  const hosts = shares?.map(({ to }) => hostOf(to, task));
  const isSent =
    hosts === undefined
      ? canonicalJson(action) === canonicalJson(beneath.action)
      : typeof action === 'object' && 'to' in action && action.to.every(({ host }) => hosts.includes(host));
  if (!isSent) return false;
  if (mirror !== undefined) {
    const [copy, ...more] = mirrors ?? [];
    return more.length === 0 && copy?.percent === mirror.percent && copy.destination.host === hostOf(mirror.to, task);
  }
  return canonicalJson(mirrors) === canonicalJson(task.change.owner.kind === 'session' ? undefined : beneath.mirrors);
}

const hostOf = (to: Share['to'], { base, world }: EncodeTask): string =>
  'labels' in to ? base.service.host : `${to.service.name}.${to.service.namespace}.svc.${world.domain}`;

/** A rule of others that is not there any more, word for word and in order, has merged with ours or lost its place. */
function refuseChanged(was: RouteTable | undefined, is: RouteTable): ReturnType<typeof refuse> | undefined {
  if (was === undefined) return undefined;
  const [from, to] = [was.rules.filter(isForeign), is.rules.filter(isForeign)];
  const at = from.findIndex((rule, index) => contentOf(rule) !== contentOf(to[index]));
  if (at < 0 && from.length === to.length) return undefined;
  const gone = from[at] ?? to[from.length];
  return refuse(
    'rule-taken',
    `${gone?.label ?? 'A rule of others'} would not be the same: it has just the matches of ours, so that Kuma makes one rule of both, or another policy comes in its place`,
    'match on another header',
  );
}

const isForeign = (rule: Rule): boolean => rule.owner === 'foreign';

function contentOf(rule: Rule | undefined): string {
  if (rule === undefined) return '';
  const { origins: _origins, label: _label, ...content } = rule;
  return canonicalJson(content);
}
