import { groupOf, type Labels, labelsIn, refOf } from '@heddle/core';
import { record } from '../decode/raw.js';
import { NETWORKING } from '../decode/world.js';

/** The proxies that a Gateway selects, wherever they run; the usual ones are installed beside istiod. One without a selector names none. */
export function gatewayProxies(object: unknown): { readonly labels: Labels; readonly namespace: string } | undefined {
  const { apiVersion, kind } = refOf(object);
  if (groupOf(apiVersion) !== NETWORKING || kind !== 'Gateway') return undefined;
  const labels = labelsIn(record(record(object).spec).selector);
  return Object.keys(labels).length === 0 ? undefined : { labels, namespace: 'istio-system' };
}
