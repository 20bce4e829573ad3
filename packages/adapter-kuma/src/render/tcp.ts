import { describeView, type RouteTable } from '@heddle/core';
import { type Backend, backendsOf, isAllOf, nobody, type Routed } from './destinations.js';
import { sendsTo } from './entry.js';
import { lost } from './losses.js';
import type { ServiceTask } from './render-task.js';

/**
 * Where connections of a table go that is not looked into; `undefined`: to the Service itself, which needs no rule. `isStated`: they
 * need one all the same.
 */
export function tcpBackends(
  table: RouteTable,
  isStated: boolean,
  task: ServiceTask & { readonly routed: Routed },
): readonly Backend[] | undefined {
  const { service, losses, routed } = task;
  const [rule] = table.rules;
  const action = rule?.action ?? table.otherwise;
  const lose = (what: ReturnType<typeof lost>) => losses.add({ service, table, rule }, what);
  const context = { ...task, plane: 'tcp' as const };
  if (action === 'passthrough' && !isStated) return undefined;
  if (!sendsTo(action)) {
    lose(lost('tcp', `Connections of ${describeView(table.view)} find no Pod: a route sends them somewhere or not at all`));
    return [nobody(context)];
  }
  const backends = backendsOf(action.to, context, lose);
  return !isStated && isAllOf(backends, routed) ? undefined : backends;
}
