import { compareAges } from './precedence.js';
import type { Route, Service } from './world.js';

/** Routes for a port of a Service that are kept in one namespace: they are merged. In another namespace than the Service's they hold for its clients. */
export interface Attached {
  readonly namespace: string;
  /** Those that count. */
  readonly routes: readonly Route[];
  /** Whether their parent names the port, or all ports by naming none. */
  readonly form: Form;
  /** Those of the other form: they do not count, since a route of this form is older. */
  readonly ignored: readonly Route[];
}

type Form = 'port' | 'all';

/**
 * The routes for a port of a Service, by the namespace they are kept in. Routes whose parent names the port and routes whose parent
 * names none are not merged with each other: the oldest route of all decides which of the two kinds counts (Istio 1.31, recorded).
 */
export function attachedTo(service: Service, port: number, routes: readonly Route[]): readonly Attached[] {
  const namespaces = new Map<string, { readonly route: Route; readonly form: Form }[]>();
  for (const route of routes.toSorted(compareAges)) {
    const form = formOf(route, service, port);
    if (form === undefined) continue;
    const found = namespaces.get(route.namespace) ?? [];
    found.push({ route, form });
    namespaces.set(route.namespace, found);
  }
  return [...namespaces].map(([namespace, found]) => {
    const form = found[0]?.form ?? 'port';
    const routesOf = (counts: boolean) => found.filter((one) => (one.form === form) === counts).map(({ route }) => route);
    return { namespace, form, routes: routesOf(true), ignored: routesOf(false) };
  });
}

function formOf({ parents }: Route, service: Service, port: number): Form | undefined {
  const ports = parents
    .filter(({ namespace, name }) => namespace === service.namespace && name === service.name)
    .map((parent) => parent.port);
  if (ports.includes(port)) return 'port';
  return ports.includes(undefined) ? 'all' : undefined;
}
