import { type Observed, ok, type Result, refuseUnseenService } from '@heddle/core';
import type { Service, World } from '../decode/world-types.js';

/** A Service that was seen. */
export function findService(world: World, seen: Observed, ref: { readonly namespace: string; readonly name: string }): Result<Service> {
  const service = world.services.find(({ namespace, name }) => namespace === ref.namespace && name === ref.name);
  return service === undefined ? refuseUnseenService(ref, seen) : ok(service);
}
