import {
  contentHash,
  describeService,
  joinsRepeated,
  type KubeObject,
  type Note,
  type ObjectEdit,
  ok,
  ownerKey,
  type Planned,
  type Refusal,
  type Result,
  refKey,
  refOf,
  refuse,
} from '@heddle/core';
import type { TrafficRoute } from '../../decode/world-types.js';
import type { EncodeTask } from '../encode-task.js';
import { refuseShared } from '../refuse-shared.js';
import { exposedPorts, isShared } from '../sites.js';
import { notesOn } from './guards.js';
import { arrange, type ForeignItemAt, type Placed, placeItems, ruleAt } from './items.js';
import { editTo, foreignItems, marksFor, withItems } from './object.js';
import { leavingItems } from './parked-items.js';
import { removeItems } from './remove.js';
import { type Deciding, decidingRoutes, type Target, targetOf } from './target.js';

/** Items into every TrafficRoute that decides, or into a copy of it for the service alone, and none of the owner's anywhere else. */
export function encodeTrafficRoutes(task: EncodeTask): Planned<readonly ObjectEdit[]> {
  const { change, objects } = task;
  const deciding = decidingRoutes(task);
  const refused: Refusal[] = [];
  const notes: Note[] = [];
  const edits: ObjectEdit[] = [];
  const written = new Set<string>();
  let taken = 0;
  for (const one of deciding) {
    const target = targetOf(one, task);
    const made = 'refused' in target ? target : itemsFor(one, target.ok, task);
    if ('refused' in made) {
      refused.push(...made.refused);
      continue;
    }
    const { body, live, placed, parking } = made.ok;
    taken += placed;
    // What holds none of this owner's items is left to be cleared of them.
    if (placed === 0) continue;
    const why = `rules of ${ownerKey(change.owner)} for ${change.services.map(describeService).join(', ')}`;
    if (live === undefined) edits.push({ ref: refOf(body), stage: 'rules', op: 'create', body, why });
    else edits.push(...(parking === undefined ? editTo(live, body, why) : inTwo(live, parking, body, why)));
    notes.push(...notesOn(live ?? one.route.object));
    written.add(refKey(refOf(body)));
  }
  if (refused.length > 0) return { refused };
  if (taken === 0) return nothingToTake(task);
  const stale = removeItems(
    change,
    objects.filter((object) => object.kind === 'TrafficRoute' && !written.has(refKey(refOf(object)))),
  );
  return { ok: [...edits, ...stale], notes: [...notes, ...unreadyNotes(task)] };
}

interface Made {
  readonly body: KubeObject;
  readonly live: KubeObject | undefined;
  readonly placed: number;
  /** The body with what goes beside it, for no request: written first, where destinations would go together with their items. */
  readonly parking: KubeObject | undefined;
}

const inTwo = (live: KubeObject, parking: KubeObject, body: KubeObject, why: string): readonly ObjectEdit[] => [
  ...editTo(live, parking, why),
  ...editTo(live, body, `${why}, without the destinations that they had`).map((edit) => ({ ...edit, stage: 'remove' as const })),
];

function itemsFor({ route, site, table }: Deciding, { object, live, others }: Target, task: EncodeTask): Result<Made> {
  const { change, env, base, wanted } = task;
  const foreign = foreignItems(route.object);
  const items = foreign.map(
    ({ item, index }): ForeignItemAt => ({
      raw: item,
      where: `TrafficRoute ${route.name}, http[${index}]`,
      rule: ruleAt(table, `/spec/conf/http/${index}`),
    }),
  );
  const conf = table.rules.find(({ origins }) => origins.some(({ name }) => name === 'conf'));
  const [falls] = conf === undefined ? (site.isOwn ? [site.port] : []) : exposedPorts(conf.action, base, site.port.number);
  if (conf !== undefined && change.owner.kind === 'route' && isShared(conf.action, base))
    return refuseShared(`TrafficRoute ${route.name}, conf`);
  const joins = joinsRepeated(env.envoy);
  const placed = placeItems(items, falls, { owner: change.owner, wanted, base, dialled: site.port.number, joinsRepeated: joins });
  if ('refused' in placed) return placed;
  const all = [...others, ...placed.ok];
  const taken = refuseTwins(placed.ok, [...foreign.map(({ item }) => item), ...others.map(({ item }) => item)], route);
  if (taken !== undefined) return taken;
  const raw = foreign.map(({ item }) => item);
  const arranged = (items: readonly Placed[]) => withItems(object, arrange(raw, items), marksFor(object, items, change.owner));
  const body = arranged(all);
  const leaving = live === undefined ? [] : leavingItems(live, body, change.owner);
  return ok({ body, live, placed: placed.ok.length, parking: leaving.length === 0 ? undefined : arranged([...all, ...leaving]) });
}

/** An item says nothing of its owner, so two that are equal could not be told apart. */
function refuseTwins(ours: readonly Placed[], others: readonly unknown[], { name }: TrafficRoute): ReturnType<typeof refuse> | undefined {
  const known = new Set(others.map((item) => contentHash(item)));
  if (!ours.some(({ item }) => known.has(contentHash(item)))) return undefined;
  return refuse(
    'item-taken',
    `TrafficRoute ${name} has an item already that is just what ours would be, and the two could not be told apart`,
    'remove that item first',
  );
}

function nothingToTake({ base }: EncodeTask): { readonly refused: readonly Refusal[] } {
  const { namespace, name } = base.service;
  return refuse(
    'nothing-to-take',
    `No TrafficRoute of the mesh sends requests to ${namespace}/${name} that could match`,
    'write a TrafficRoute for the service first: without one, connections to it are closed',
  );
}

/**
 * Kuma decides by all destinations together what a listener speaks (kuma `outbound_proxy_generator.go`, inferProtocol, 2.14), and an item of
 * a listener that speaks TCP joins its split with weight 1. What a Service without a ready pod speaks is not known. A version by tags is
 * one of the service's own, so it changes nothing of that. A shadow is ready whatever becomes of its tunnel; its pod may still go.
 */
function unreadyNotes({ change, base, wanted }: EncodeTask): readonly Note[] {
  if (!wanted.some(({ shares = [] }) => shares.some(({ to }) => 'service' in to))) return [];
  const isSession = change.owner.kind === 'session';
  const when = isSession
    ? "the shadow's pod go while the rule stands (its node is drained, say)"
    : 'a version have no ready pod while the route stands';
  const until = isSession
    ? 'heddle takes the rule out at once; if heddle itself was killed, they fail until heddle clean has run'
    : 'they fail until it has one, or the route is cleared';
  const message = `Mesh ${base.service.mesh} routes by TrafficRoutes. Should ${when}, Kuma passes everybody's connections to ${base.service.namespace}/${base.service.name} on without looking at requests, and some fail: ${until}`;
  return [{ code: 'ready-or-tcp', message }];
}
