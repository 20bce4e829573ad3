import { canonicalJson } from '@heddle/core';
import { type Raw, record, records } from '../../decode/raw.js';
import { ownerOfRoute } from '../../owned/ownership.js';
import type { EncodeTask } from '../encode-task.js';
import { isStronger } from '../order.js';
import { PARKING_HEADER } from '../park.js';
import { type CallerScope, scopeKey, scopeOf } from './scope.js';

/** The matches that weaker owners have for the same callers of the same port: those of ours that meet one must come before it. */
export function weakerMatches(targetRef: Raw, scope: CallerScope, { world, base, change }: EncodeTask): readonly Raw[] {
  const target = canonicalJson(targetRef);
  return world.httpRoutes
    .filter((route) => {
      const owner = ownerOfRoute(route.object);
      return (
        route.mesh === base.service.mesh &&
        owner !== undefined &&
        isStronger(change.owner, owner) &&
        scopeKey(scopeOf(route)) === scopeKey(scope)
      );
    })
    .flatMap((route) => records(record(route.object.spec).to).filter((item) => canonicalJson(item.targetRef) === target))
    .flatMap((item) => records(item.rules).flatMap(({ matches }) => records(matches)))
    .filter((match) => !records(match.headers).some(({ name }) => name === PARKING_HEADER));
}
