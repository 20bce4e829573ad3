import type { Decoded, Gap, Problem } from '../contracts/mesh-adapter.js';
import type { Target } from '../model/change.js';
import { type KubeObject, metaOf } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import { type Owner, ownerKey } from '../model/owner.js';
import type { RoutedService } from '../model/routing.js';
import type { RouteTable } from '../model/table.js';
import { observeTarget } from '../plan/observe-target.js';
import { portsOf } from '../routes/service-ports.js';
import { isService, routedService, tablesFor } from './routing-of.js';
import { ownersOf, withoutSessions } from './sessions.js';
import type { MeshPart } from './types.js';

/** A Service as a mesh routes it, and what else a decode for it brought: gateways' tables, those of other hosts, the rest of its port. */
export interface DecodedService {
  readonly service: RoutedService;
  readonly others: readonly RouteTable[];
}

export interface DecodedMesh {
  readonly services: readonly DecodedService[];
  /** Whose rules are there, those of sessions included. */
  readonly owners: readonly Owner[];
  readonly gaps: readonly Gap[];
  readonly problems: readonly Problem[];
}

/**
 * How a mesh with exactly these objects routes each Service, the rules of sessions aside. One decode a Service: what tells the callers
 * of one apart is nothing to the others.
 */
export function decodeMesh(mesh: MeshPart, objects: readonly KubeObject[]): DecodedMesh {
  const services = objects.filter(isService);
  const all = services.map((service) => ({ service, target: targetOf(service) }));
  const seen = observeTarget(mesh, { services: all.flatMap(({ target }) => target.services) }, objects);
  const gaps = new Map<string, Gap>();
  const problems = new Map<string, Problem>();
  const owners = new Map<string, Owner>();
  const each = decodeEach(
    mesh,
    all.map(({ target }) => target),
    seen,
  );
  const decoded = all.map(({ service }, index): DecodedService => {
    const found = each[index] ?? NOTHING;
    for (const gap of found.gaps) gaps.set(gap.message, gap);
    for (const problem of found.problems) problems.set(problem.message, problem);
    for (const owner of ownersOf(found.tables)) owners.set(ownerKey(owner), owner);
    const tables = found.tables.map(withoutSessions);
    const own = tablesFor(service, tables);
    return { service: routedService(service, own), others: tables.filter((table) => !own.includes(table)) };
  });
  return { services: decoded, owners: [...owners.values()], gaps: [...gaps.values()], problems: [...problems.values()] };
}

const NOTHING: Decoded = { tables: [], problems: [], gaps: [] };

function decodeEach({ adapter, env }: MeshPart, targets: readonly Target[], seen: Observed): readonly Decoded[] {
  return adapter.decodeEach?.(targets, seen, env) ?? targets.map((target) => adapter.decode(target, seen, env));
}

/** What a mesh with exactly these objects does with requests for some hosts. */
export function decodeHosts(mesh: MeshPart, objects: readonly KubeObject[], hosts: readonly string[]): readonly RouteTable[] {
  const target: Target = { services: [], hosts };
  return mesh.adapter.decode(target, observeTarget(mesh, target, objects), mesh.env).tables;
}

function targetOf(service: KubeObject): Target {
  const { namespace = '', name } = metaOf(service);
  return { services: portsOf(service).map(({ port }) => ({ namespace, name, port })) };
}
