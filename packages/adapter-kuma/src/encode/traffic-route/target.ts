import { contentHash, type KubeObject, metaOf, ok, ownerKey, type Result, type RouteTable, refuse, sameOwner } from '@heddle/core';
import { SERVICE_TAG } from '../../decode/tags.js';
import type { TrafficRoute } from '../../decode/world-types.js';
import { serviceTag } from '../../owned/ownership.js';
import type { EncodeTask } from '../encode-task.js';
import type { Site } from '../sites.js';
import { copyName, copyOf } from './copy.js';
import { refuseEditing } from './guards.js';
import type { Placed } from './items.js';
import { copiedContent, isCopy, placedItems } from './object.js';

/** A TrafficRoute that decides for callers of a site, and the table that it makes. */
export interface Deciding {
  readonly route: TrafficRoute;
  readonly site: Site;
  readonly table: RouteTable;
}

export function decidingRoutes({ sites }: EncodeTask): readonly Deciding[] {
  const found = new Map<string, Deciding>();
  for (const site of sites) {
    for (const { table, trafficRoute: route } of site.tables) {
      if (route !== undefined) found.set(`${tagOf(site)} ${route.name}`, { route, site, table });
    }
  }
  return [...found.values()];
}

const tagOf = ({ service, port }: Site): string => serviceTag({ namespace: service.namespace, name: service.name, port: port.number });

export interface Target {
  /** What is written to: as it stands, or as it is to be made. */
  readonly object: KubeObject;
  /** Absent when it is still to be made. */
  readonly live: KubeObject | undefined;
  /** Items of other owners that stay. */
  readonly others: readonly Placed[];
}

/** The TrafficRoute itself if it is for this port of the service alone; else a copy of ours. */
export function targetOf({ route, site }: Deciding, task: EncodeTask): Result<Target> {
  const { change, objects, env } = task;
  const tag = tagOf(site);
  const others = (object: KubeObject) => placedItems(object).filter(({ owner }) => !sameOwner(owner, change.owner));
  if (route.destinations.every((tags) => tags[SERVICE_TAG] === tag)) {
    const refused = refuseEditing(route.object);
    return refused.length > 0 ? { refused } : ok({ object: route.object, live: route.object, others: others(route.object) });
  }
  const fresh = copyOf(route, tag, env);
  const live = objects.find((object) => object.kind === 'TrafficRoute' && metaOf(object).name === copyName(route, tag));
  if (live === undefined) return ok({ object: fresh, live: undefined, others: [] });
  if (!isCopy(live))
    return refuse('name-taken', `TrafficRoute ${metaOf(live).name} is not heddle's, yet has the name that heddle would use`, 'rename it');
  const refused = refuseEditing(live);
  if (refused.length > 0) return { refused };
  const kept = others(live);
  if (contentHash(copiedContent(live)) === contentHash(copiedContent(route.object))) return ok({ object: live, live, others: kept });
  if (kept.length > 0) {
    return refuse(
      'copy-outdated',
      `TrafficRoute ${metaOf(live).name} was copied from ${route.name}, which has changed since, and holds rules of ${kept.map(({ owner }) => ownerKey(owner)).join(', ')}`,
      'stop those first: the copy goes with the last of them and is then made anew',
    );
  }
  return ok({ object: { ...fresh, metadata: { ...(live.metadata as object), ...metadataOf(fresh, live) } }, live, others: kept });
}

/** What the server has put into the metadata stays. */
function metadataOf(fresh: KubeObject, live: KubeObject): object {
  const [{ labels, annotations }, own] = [metaOf(fresh), metaOf(live)];
  return { labels: { ...own.labels, ...labels }, annotations: { ...own.annotations, ...annotations } };
}
