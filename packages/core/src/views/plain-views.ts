import type { Labels } from '../model/object.js';
import type { ClientSet, View } from '../model/view.js';

/** The same clients by namespaces and labels alone: one view for each way of being among the clients that a mesh has a name for. */
export function plainViews(view: View): readonly View[] {
  if (view.plane === 'gateway' || view.among === undefined) return [view];
  return view.among.anyOf.flatMap((some): readonly View[] => {
    const clients = shared(some.clients, view.clients);
    const except = [...(some.except ?? []), ...(view.except ?? [])];
    return clients === undefined ? [] : [{ plane: 'mesh', clients, ...(except.length === 0 ? {} : { except }) }];
  });
}

/** Who is in both; `undefined`: nobody. */
function shared(a: ClientSet, b: ClientSet): ClientSet | undefined {
  const namespaces = a.namespaces?.filter((one) => b.namespaces?.includes(one) ?? true) ?? b.namespaces;
  const differs = Object.entries(a.labels ?? {}).some(([key, value]) => (b.labels?.[key] ?? value) !== value);
  if (namespaces?.length === 0 || differs) return undefined;
  const labels: Labels = { ...a.labels, ...b.labels };
  return { ...(namespaces === undefined ? {} : { namespaces }), ...(Object.keys(labels).length === 0 ? {} : { labels }) };
}
