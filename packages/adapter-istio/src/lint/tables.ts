import { describeView, type Labels, labelsMatch, type View } from '@heddle/core';
import { type DecidingTable, decidingTables } from '../decode/deciding.js';
import type { ClientProxy } from '../decode/proxy.js';
import type { LintContext } from './context.js';
import type { Group } from './groups.js';

/** The tables of a group for all callers, for what rules of others make of them. */
export function tablesOf(group: Group, { env }: LintContext): readonly DecidingTable[] {
  const services = group.services.flatMap(({ namespace, name, ports }) =>
    ports.filter(({ protocol }) => protocol !== 'udp').map(({ number }) => ({ namespace, name, port: number })),
  );
  return decidingTables({ services, hosts: group.hosts }, group.seen, env).tables;
}

/** One of the proxies that a view is of. */
export function proxyIn(view: View): ClientProxy {
  if (view.plane === 'gateway') {
    const { namespace, selector } = view.gateway;
    return { kind: 'gateway', namespace, has: (labels: Labels) => labelsMatch(labels, selector) };
  }
  const { namespaces, labels = {} } = view.clients;
  return { kind: 'sidecar', namespace: namespaces?.[0] ?? '', has: (asked: Labels) => labelsMatch(asked, labels) };
}

const SHOWN = 3;

/** `pods in the mesh in a, gateway in b and 2 more`. */
export function describeViews(views: readonly View[]): string {
  const names = [...new Set(views.map(describeView))];
  const shown = names.length <= SHOWN ? names : names.slice(0, SHOWN - 1);
  return `${shown.join(', or ')}${shown.length === names.length ? '' : ` and ${names.length - shown.length} other groups`}`;
}
