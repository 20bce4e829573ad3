import { type Labels, labelSelector, labelText } from './object.js';

/** A set of clients: in any of the namespaces (absent: all) and carrying all of the labels. */
export interface ClientSet {
  readonly namespaces?: readonly string[];
  readonly labels?: Labels;
}

/** Some clients, but for others among them. */
export interface ClientsExcept {
  readonly clients: ClientSet;
  readonly except?: readonly ClientSet[];
}

/** Clients that the mesh itself has a name for, whichever way they came to it. */
export interface NamedClients {
  /** As it follows "pods in". Within one decode it names these clients alone. */
  readonly name: string;
  /** Disjoint. */
  readonly anyOf: readonly ClientsExcept[];
}

/** Clients with sidecars; `among`: those of them who are in that group. */
export interface MeshView extends ClientsExcept {
  readonly plane: 'mesh';
  readonly among?: NamedClients;
}

/**
 * A set of clients that see the same rules. The views of one decode are disjoint, and every client falls in exactly one.
 * A gateway's view is one proxy: the selector that Gateway objects pick it by, and the namespace it runs in.
 */
export type View = MeshView | { readonly plane: 'gateway'; readonly gateway: { readonly namespace: string; readonly selector: Labels } };

/** Who calls. `none` has no proxy, so no mesh rule applies to it. */
export type Client =
  | { readonly kind: 'sidecar'; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'gateway'; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'none' };

const inSet = (set: ClientSet, namespace: string, labels: Labels) =>
  (set.namespaces === undefined || set.namespaces.includes(namespace)) &&
  Object.entries(set.labels ?? {}).every(([key, value]) => labels[key] === value);

const isOf = ({ clients, except = [] }: ClientsExcept, namespace: string, labels: Labels) =>
  inSet(clients, namespace, labels) && !except.some((set) => inSet(set, namespace, labels));

export function viewHolds(view: View, client: Client): boolean {
  if (client.kind === 'none') return false;
  if (view.plane === 'gateway') {
    if (client.kind !== 'gateway' || client.namespace !== view.gateway.namespace) return false;
    return Object.entries(view.gateway.selector).every(([key, value]) => client.labels[key] === value);
  }
  if (client.kind !== 'sidecar' || !isOf(view, client.namespace, client.labels)) return false;
  return view.among === undefined || view.among.anyOf.some((some) => isOf(some, client.namespace, client.labels));
}

/** All sets of clients that a view is made of; none for a gateway's. */
export function clientSetsOf(view: View): readonly ClientSet[] {
  if (view.plane === 'gateway') return [];
  return [view, ...(view.among?.anyOf ?? [])].flatMap(({ clients, except = [] }) => [clients, ...except]);
}

/** One string per view, equal for equal views: label and namespace order do not count. */
export function viewKey(view: View): string {
  const set = (clients: ClientSet) => `${[...(clients.namespaces ?? ['*'])].sort().join(',')};${labelSelector(clients.labels ?? {})}`;
  if (view.plane === 'gateway') return `gateway ${view.gateway.namespace};${labelSelector(view.gateway.selector)}`;
  const among = view.among === undefined ? '' : `${view.among.name}: `;
  return `mesh ${among}${set(view.clients)}${(view.except ?? [])
    .map((clients) => ` -${set(clients)}`)
    .sort()
    .join('')}`;
}

/** How a plan names a view: `pods in the mesh`, `pods in Mesh blue`, `gateway istio-ingress (istio=ingress)`. */
export function describeView(view: View): string {
  if (view.plane === 'gateway') {
    const selector = labelText(view.gateway.selector);
    return `gateway in ${view.gateway.namespace}${selector === '' ? '' : ` (${selector})`}`;
  }
  const set = ({ namespaces, labels }: ClientSet) =>
    [namespaces === undefined ? undefined : `in ${namespaces.join(', ')}`, labels === undefined ? undefined : `with ${labelText(labels)}`]
      .filter((part) => part !== undefined)
      .join(' ');
  const who = [`pods in ${view.among?.name ?? 'the mesh'}`, set(view.clients)].filter((part) => part !== '').join(' ');
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
