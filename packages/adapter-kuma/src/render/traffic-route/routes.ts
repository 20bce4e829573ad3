import { type KubeObject, type RouteTable, sourcesMeet } from '@heddle/core';
import { isHttp } from '../../decode/protocols.js';
import type { Raw } from '../../decode/raw.js';
import { rankOf, SERVICE_TAG } from '../../decode/tags.js';
import type { Service } from '../../decode/world-types.js';
import { serviceTag } from '../../owned/ownership.js';
import { type Callers, callersOf, labelsOf, leavesToOthers } from '../callers.js';
import type { TableContext } from '../drafts.js';
import { entriesOf, isImplicit } from '../entries.js';
import { loseTable, lost } from '../losses.js';
import type { ServiceTask } from '../render-task.js';
import { freeName } from '../surroundings.js';
import { tcpBackends } from '../tcp.js';
import { itemOf, sharesOf } from './items.js';

/** The TrafficRoutes of one Service: one for each port and set of callers, each of which decides alone for them. */
export function trafficRoutes(task: ServiceTask, base: Service): readonly KubeObject[] {
  const ports = [...Map.groupBy(task.service.tables, ({ port }) => port)];
  const taken = task.names('TrafficRoute');
  return ports.flatMap(([port, tables]) => {
    const { told, untold } = callersOf(tables);
    const routes: Callers[] = [];
    for (const table of untold) untoldLoss(table, task);
    return told.flatMap((callers) => {
      const weaker = routes.filter((one) => sourcesMeet(one.sources, callers.sources));
      // Of as many tags the newest counts, and all of these are as new.
      if (weaker.some((one) => !outranks(callers, one) && !leavesToOthers(callers, one))) {
        untoldLoss(callers.table, task);
        return [];
      }
      const conf =
        callers.table.protocol === 'tcp' ? tcpConf(callers.table, weaker.length > 0, task, base) : httpConf(callers.table, task, base);
      if (conf === undefined || (conf === 'implicit' && weaker.length === 0)) return [];
      routes.push(callers);
      const destination = { [SERVICE_TAG]: serviceTag({ ...base, port }) };
      const name = freeName(ports.length === 1 ? base.name : `${base.name}-${port}`, taken);
      taken.add(name);
      return [
        objectOf(name, base.mesh, task, {
          sources: callers.sources.map((source) => ({ match: { [SERVICE_TAG]: '*', ...labelsOf(source) } })),
          destinations: [{ match: destination }],
          conf: conf === 'implicit' ? { destination } : conf,
        }),
      ];
    });
  });
}

function untoldLoss(table: RouteTable, { losses, service }: ServiceTask): void {
  const what = 'These callers are routed as others are: no tags tell them apart so that their TrafficRoute would count';
  loseTable(losses, { service, table }, lost('view.mesh', what, 'give the callers a label of their own'));
}

function outranks(strong: Callers, weak: Callers): boolean {
  const least = Math.min(...strong.sources.map((source) => rankOf(labelsOf(source)).exact));
  return weak.sources.every((source) => rankOf(labelsOf(source)).exact < least);
}

/** `implicit`: all goes to the Service itself, as it would anyway. */
function httpConf(table: RouteTable, task: ServiceTask, base: Service): Raw | 'implicit' {
  const context: TableContext = { ...task, table, routed: { service: base, port: table.port }, hasLimits: false, hasNowhere: false };
  const entries = entriesOf(context);
  const last = entries.at(-1);
  if (entries.length === 1 && last !== undefined && isImplicit(last, context)) return 'implicit';
  const isPlain = last !== undefined && itemOf(last).modify === undefined;
  const items = (isPlain ? entries.slice(0, -1) : entries).map((entry) => itemOf(anyPath(entry)));
  return { ...(items.length === 0 ? {} : { http: items }), ...sharesOf(last?.effect.to ?? []) };
}

/** An item has a condition at least. */
const anyPath = (entry: ReturnType<typeof entriesOf>[number]): typeof entry =>
  Object.keys(entry.match).length > 0 ? entry : { ...entry, match: { path: { kind: 'rawPrefix', value: '/' } } };

function tcpConf(table: RouteTable, isStated: boolean, task: ServiceTask, base: Service): Raw | undefined {
  if (base.ports.some(({ number, protocol }) => number === table.port && isHttp(protocol))) {
    const what = `Connections to port ${table.port} are looked into: the Service has to say that it speaks HTTP, for the rules that send requests there`;
    loseTable(task.losses, { service: task.service, table }, lost('protocol', what, 'give those requests a port of their own'));
  }
  const backends = tcpBackends(table, isStated, { ...task, routed: { service: base, port: table.port } });
  return backends === undefined ? undefined : sharesOf(backends);
}

/** The route of everything that has none of its own: without it, a mesh with any TrafficRoute closes connections to other services. */
export function routeAll(mesh: string, task: Pick<ServiceTask, 'around' | 'names'>): KubeObject | undefined {
  const all = { [SERVICE_TAG]: '*' };
  const isThere = task.around.world.trafficRoutes.some(
    (route) =>
      route.mesh === mesh &&
      [route.sources, route.destinations].every((sides) =>
        sides.some((tags) => Object.keys(tags).length === 1 && tags[SERVICE_TAG] === '*'),
      ),
  );
  if (isThere) return undefined;
  const name = freeName(`route-all-${mesh}`, task.names('TrafficRoute'));
  task.names('TrafficRoute').add(name);
  return objectOf(name, mesh, task, { sources: [{ match: all }], destinations: [{ match: all }], conf: { destination: all } });
}

function objectOf(name: string, mesh: string, { around }: Pick<ServiceTask, 'around'>, spec: Raw): KubeObject {
  return { apiVersion: around.env.served.TrafficRoute ?? 'kuma.io/v1alpha1', kind: 'TrafficRoute', mesh, metadata: { name }, spec };
}
