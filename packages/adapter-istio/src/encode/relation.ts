import { isRecord, type MeshEnvironment } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import { type Raw, records } from '../decode/raw.js';
import { isVisible } from '../decode/visible.js';
import { standsIn } from './filters.js';
import { completeHost } from './hosts.js';
import type { Restriction } from './restrict.js';
import { boundToMesh, type Exposed, isMeshTable, type Site } from './site.js';

/**
 * What a foreign rule is to a service: deciding some of its requests, or a barrier that copies of later rules must stay behind. (Also a
 * rule for other ports or hosts is one: a copy may match there too.)
 */
export type Relation = 'barrier' | { readonly pieces: readonly Piece[] };

/** Some of the requests that a rule decides: where they arrive, and the service's port that they go to today. */
export interface Piece {
  readonly restrict: Restriction;
  readonly port: number;
}

/**
 * A destination without a port keeps the listener's on the mesh; a gateway takes a Service's only port, else the request's
 * (mesh-semantics §1, observed).
 */
export function relationOf(rule: Raw, site: Site, exposed: Exposed, env: MeshEnvironment): Relation {
  // A delegate's route may come to stand beside its root's direct response, which then counts (istio `route.go`, translateRoute, 1.31).
  if (isRecord(rule.redirect) || isRecord(rule.directResponse)) return 'barrier';
  const ports = destinationPorts(rule, site, exposed, env);
  const pieces: Piece[] = [];
  for (const table of site.tables) {
    if (!standsIn(rule, table, site.namespace)) continue;
    for (const explicit of ports) {
      const port = explicit ?? impliedPort(table, exposed);
      if (exposed.ports.includes(port)) pieces.push({ port, restrict: restriction(table, explicit === undefined, site, exposed) });
    }
  }
  if (pieces.length === 0) return 'barrier';
  return { pieces: [...new Map(pieces.map((piece) => [JSON.stringify(piece), piece])).values()] };
}

/** Ports of the service that a rule sends a share to though they are not asked for. */
export function otherPorts(rule: Raw, site: Site, exposed: Exposed, env: MeshEnvironment): readonly number[] {
  const ports = destinationPorts(rule, site, exposed, env);
  const tables = site.tables.filter((table) => standsIn(rule, table, site.namespace));
  const reached = tables.flatMap((table) => ports.map((explicit) => explicit ?? impliedPort(table, exposed)));
  return ports.length < 2 ? [] : [...new Set(reached)].filter((port) => !exposed.ports.includes(port));
}

/** The ports, as written, of a rule's destinations that are the service. Of several destinations those without weight get nothing. */
function destinationPorts(rule: Raw, site: Site, exposed: Exposed, env: MeshEnvironment): readonly (number | undefined)[] {
  const route = records(rule.route);
  const ports = route.flatMap(({ destination, weight }) => {
    if (!isRecord(destination) || (route.length > 1 && (weight ?? 0) === 0)) return [];
    if (completeHost(destination.host, site.namespace, env) !== exposed.host) return [];
    return [isRecord(destination.port) && typeof destination.port.number === 'number' ? destination.port.number : undefined];
  });
  return [...new Set(ports)];
}

function impliedPort(table: DecidingTable, exposed: Exposed): number {
  const [only] = exposed.allPorts;
  return only !== undefined && takesOnlyPort(table, exposed) ? only : table.table.port;
}

/** A gateway for which the Service is not exported does not know its port. */
function takesOnlyPort({ table: { view } }: DecidingTable, { allPorts, visible }: Exposed): boolean {
  return view.plane === 'gateway' && allPorts.length === 1 && isVisible(visible, view.gateway.namespace);
}

/** A rule's own filters suffice unless the port that it sends to depends on where the request arrives. */
function restriction(table: DecidingTable, implied: boolean, site: Site, exposed: Exposed): Restriction {
  const mesh = isMeshTable(table);
  const own = site.hosts.every((host) => host === exposed.host);
  // On the mesh, a request to another host of the object, or to port 80, keeps a port that the service does not have.
  const meant = own && !exposed.strayOn80;
  // Some gateway of the object may not know a Service that is not for everybody.
  const known = exposed.visible.has('*') || site.gateways.length === 1;
  const single = known && exposed.allPorts.length === 1 && (meant || !mesh);
  if (!implied || (single && (meant || !boundToMesh(site)))) return {};
  return { ...(single ? {} : { port: table.table.port }), ...planeOf(site, mesh) };
}

/** The plane must be said only where the object serves both. */
export function planeOf(site: Site, mesh: boolean): Pick<Restriction, 'plane'> {
  const both = boundToMesh(site) && site.gateways.length > 1;
  return both ? { plane: mesh ? 'mesh' : 'gateway' } : {};
}
