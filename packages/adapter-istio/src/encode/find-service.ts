import { type KubeObject, metaOf, type Observed, objectsOf, ok, type Result, refuseUnseenService } from '@heddle/core';

/** A Service that was seen. */
export function findService(seen: Observed, service: { readonly namespace: string; readonly name: string }): Result<KubeObject> {
  const { namespace, name } = service;
  const object = objectsOf(seen, '', 'Service').find((one) => metaOf(one).namespace === namespace && metaOf(one).name === name);
  return object === undefined ? refuseUnseenService(service, seen) : ok(object);
}
