import { contentHash, groupOf, isRecord, type KubeObject, metaOf, type OwnedRule, type Owner, refOf } from '@heddle/core';
import { type Raw, record, records, texts } from '../decode/raw.js';
import { ownedSubsets } from './owned-subsets.js';
import { parseRuleName } from './rule-name.js';

/** The rules of ours in a VirtualService, the subsets of ours in a DestinationRule: told by their names alone, so that clean-up works without a record. */
export function owned(object: unknown): readonly OwnedRule[] {
  if (!isRecord(object)) return [];
  const ref = refOf(object);
  if (groupOf(ref.apiVersion) !== 'networking.istio.io') return [];
  if (ref.kind === 'DestinationRule') return ownedSubsets(object);
  if (ref.kind !== 'VirtualService') return [];
  const http = record(object.spec).http;
  if (!Array.isArray(http)) return [];
  return http.flatMap((rule: unknown, index) => {
    const name = isRecord(rule) ? parseRuleName(rule.name) : undefined;
    if (name === undefined) return [];
    const service = serviceOf(record(rule), object, name.owner);
    return [
      { owner: name.owner, ...(service === undefined ? {} : { service }), ref, pointer: `/spec/http/${index}`, hash: contentHash(rule) },
    ];
  });
}

/** A rule does not name the service that it stands in for: an object of ours has it as host, a standing route's id and a shadow's name contain it. */
function serviceOf(rule: Raw, object: KubeObject, owner: Owner): OwnedRule['service'] {
  const { name, labels } = metaOf(object);
  if (labels['app.kubernetes.io/managed-by'] === 'heddle' && name.startsWith('heddle-')) {
    const [service, namespace] = (texts(record(object.spec).hosts)[0] ?? '').split('.');
    if (service && namespace) return { namespace, name: service };
  }
  if (owner.kind === 'route') {
    const [service = ''] = owner.id.split('.');
    return service === '' ? undefined : { namespace: owner.namespace, name: service };
  }
  const host = record(records(rule.route)[0]?.destination).host;
  const [shadow = '', namespace = ''] = typeof host === 'string' ? host.split('.') : [];
  const tail = `-${owner.id}`;
  if (namespace === '' || !shadow.startsWith('heddle-') || !shadow.endsWith(tail)) return undefined;
  const service = shadow.slice('heddle-'.length, -tail.length);
  // A name of full length may have been cut.
  return service === '' || shadow.length >= 63 ? undefined : { namespace, name: service };
}
