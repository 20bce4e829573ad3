import { type Labels, labelSelector, labelText } from './object.js';

/** A set of clients: in any of the namespaces (absent: all) and carrying all of the labels. */
export interface ClientSet {
  readonly namespaces?: readonly string[];
  readonly labels?: Labels;
}

/**
 * A set of clients that see the same rules. The views of one decode are disjoint, and every client falls in exactly one.
 * A gateway's view is one proxy: the selector that Gateway objects pick it by, and the namespace it runs in.
 */
export type View =
  | { readonly plane: 'mesh'; readonly clients: ClientSet; readonly except?: readonly ClientSet[] }
  | { readonly plane: 'gateway'; readonly gateway: { readonly namespace: string; readonly selector: Labels } };

/** Who calls. `none` has no proxy, so no mesh rule applies to it. */
export type Client =
  | { readonly kind: 'sidecar'; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'gateway'; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'none' };

const inSet = (set: ClientSet, namespace: string, labels: Labels) =>
  (set.namespaces === undefined || set.namespaces.includes(namespace)) &&
  Object.entries(set.labels ?? {}).every(([key, value]) => labels[key] === value);

export function viewHolds(view: View, client: Client): boolean {
  if (client.kind === 'none') return false;
  if (view.plane === 'gateway') {
    if (client.kind !== 'gateway' || client.namespace !== view.gateway.namespace) return false;
    return Object.entries(view.gateway.selector).every(([key, value]) => client.labels[key] === value);
  }
  if (client.kind !== 'sidecar' || !inSet(view.clients, client.namespace, client.labels)) return false;
  return !(view.except ?? []).some((set) => inSet(set, client.namespace, client.labels));
}

/** One string per view, equal for equal views: label and namespace order do not count. */
export function viewKey(view: View): string {
  const set = (clients: ClientSet) => `${[...(clients.namespaces ?? ['*'])].sort().join(',')};${labelSelector(clients.labels ?? {})}`;
  if (view.plane === 'gateway') return `gateway ${view.gateway.namespace};${labelSelector(view.gateway.selector)}`;
  return `mesh ${set(view.clients)}${(view.except ?? [])
    .map((clients) => ` -${set(clients)}`)
    .sort()
    .join('')}`;
}

/** How a plan names a view: `pods in the mesh`, `gateway istio-ingress (istio=ingress)`. */
export function describeView(view: View): string {
  if (view.plane === 'gateway') {
    const selector = labelText(view.gateway.selector);
    return `gateway in ${view.gateway.namespace}${selector === '' ? '' : ` (${selector})`}`;
  }
  const set = ({ namespaces, labels }: ClientSet) =>
    [namespaces === undefined ? undefined : `in ${namespaces.join(', ')}`, labels === undefined ? undefined : `with ${labelText(labels)}`]
      .filter((part) => part !== undefined)
      .join(' ');
  const who = ['pods in the mesh', set(view.clients)].filter((part) => part !== '').join(' ');
  const except = byOneLabel(view.except ?? [])
    .map((one) => ('key' in one ? `with ${one.key}=${one.values.join(' or ')}` : set(one)))
    .join(', or ');
  return except === '' ? who : `${who}, except those ${except}`;
}

/** Sets told by one label alone, together: `app=a or b`. */
function byOneLabel(sets: readonly ClientSet[]): readonly (ClientSet | { readonly key: string; readonly values: readonly string[] })[] {
  const values = new Map<string, string[]>();
  const others: ClientSet[] = [];
  for (const one of sets) {
    const [label, ...more] = Object.entries(one.labels ?? {});
    if (one.namespaces !== undefined || label === undefined || more.length > 0) others.push(one);
    else values.set(label[0], [...(values.get(label[0]) ?? []), label[1]]);
  }
  return [...others, ...[...values].map(([key, all]) => ({ key, values: all }))];
}
