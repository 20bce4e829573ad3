import { describeRef, describeView, type Refusal } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import { type Exposed, isOwnTable } from './site.js';

/**
 * Where HTTPRoutes or GRPCRoutes decide what reaches the service: a VirtualService beside them does not count (for callers in the
 * routes' namespace whatever its age, for others if it is younger; istio `pilot/pkg/model/virtualservice.go`, 1.31). One refusal for
 * the routes that decide together.
 */
export function refuseAttachedRoutes(tables: readonly DecidingTable[], exposed: Exposed): readonly Refusal[] {
  const deciding = tables.filter(({ routes, services }) => routes.length > 0 && services.some(exposed.includes));
  return [...new Map(deciding.map((table) => [nameOf(table), refusalOf(table, exposed)])).values()];
}

const nameOf = ({ routes }: DecidingTable): string => routes.map(describeRef).join(' and ');

function refusalOf(table: DecidingTable, exposed: Exposed): Refusal {
  const [ref] = table.routes;
  const several = table.routes.length > 1;
  const who = `${describeView(table.table.view)} on port ${table.table.port}`;
  const says = isOwnTable(table, exposed)
    ? `${several ? 'decide' : 'decides'} for ${who}`
    : `${several ? 'send' : 'sends'} requests for ${table.host} to the service, for ${who}`;
  const them = several ? 'the routes' : `the ${ref?.kind ?? 'route'}`;
  return {
    code: 'http-route',
    message: `${nameOf(table)} ${says}, and a VirtualService does not count beside ${several ? 'them' : 'it'}`,
    instead: `write rules of the Gateway API with its own adapter, if it is installed (--mesh gateway-api), or take ${them} away`,
    ...(ref === undefined ? {} : { ref }),
  };
}
