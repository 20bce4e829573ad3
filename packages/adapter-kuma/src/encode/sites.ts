import type { Action, Destination, ServiceRef } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import type { Service, ServicePort, World } from '../decode/world-types.js';
import type { BaseService } from './base-service.js';

/** A port that callers dial and whose rules send to the exposed service, or can: the service's own, and others whose rules lead to it. */
export interface Site {
  readonly service: Service;
  readonly port: ServicePort;
  readonly isOwn: boolean;
  /** One for each set of callers that see the same rules. */
  readonly tables: readonly DecidingTable[];
}

export function sitesOf(tables: readonly DecidingTable[], world: World, base: BaseService): readonly Site[] {
  const found = new Map<string, Site>();
  for (const deciding of tables) {
    const { dialled } = deciding;
    if (dialled === undefined || deciding.services.length === 0 || !isRouted(deciding, base)) continue;
    const service = world.services.find(({ namespace, name }) => namespace === dialled.namespace && name === dialled.name);
    const port = service?.ports.find(({ number, transport }) => number === dialled.port && transport === 'TCP');
    if (service === undefined || port === undefined) continue;
    const isOwn = service === base.service && base.ports.some(({ number }) => number === port.number);
    const leads = deciding.table.rules.some((rule) => exposedPorts(rule.action, base, port.number).length > 0);
    if (!isOwn && !leads) continue;
    const key = keyOf(dialled);
    found.set(key, { service, port, isOwn, tables: [...(found.get(key)?.tables ?? []), deciding] });
  }
  return [...found.values()];
}

const keyOf = ({ namespace, name, port }: ServiceRef): string => `${namespace}/${name}:${port}`;

/** Callers in the service's mesh that the mesh routes. */
export const isRouted = ({ table, role, mesh, by }: DecidingTable, { service }: BaseService): boolean =>
  table.view.plane === 'mesh' && role === 'service' && mesh === service.mesh && by !== 'passthrough';

/** The exposed ports of the service that an action sends to; what goes to a version of it keeps the port that was dialled. */
export function exposedPorts(action: Action, base: BaseService, dialled: number): readonly ServicePort[] {
  if (typeof action !== 'object' || !('to' in action)) return [];
  const isHere = (to: Destination, number: number) =>
    isVersion(to, base) ? number === dialled : to.host === base.service.host && (to.port ?? number) === number;
  return base.ports.filter(({ number }) => action.to.some((to) => isHere(to, number)));
}

/** Whether an action sends some requests to the service and some elsewhere. */
export function isShared(action: Action, base: BaseService): boolean {
  if (typeof action !== 'object' || !('to' in action)) return false;
  const isHere = (to: Destination) => isVersion(to, base) || to.host === base.service.host;
  return action.to.some(isHere) && !action.to.every(isHere);
}

const isVersion = ({ versionOf }: Destination, { service }: BaseService): boolean =>
  versionOf?.namespace === service.namespace && versionOf.name === service.name;
