import {
  type ClientCell,
  clientCells,
  findings,
  type MeshEnvironment,
  type MeshView,
  MOST_CELLS,
  mergeCells,
  type NamedClients,
  type Observed,
  type ServiceRef,
  type Target,
  type View,
} from '@heddle/core';
import { clientConditions } from './client-conditions.js';
import type { CompiledTable } from './compiled-table.js';
import type { DecidingTable, DecidingTables } from './deciding-types.js';
import type { ListenerInput } from './listeners.js';
import { clientsOfMeshes } from './mesh-clients.js';
import { type MeshPolicies, meshPolicies } from './mesh-policies.js';
import { meshTables } from './mesh-tables.js';
import { reportProblems } from './problems.js';
import { type Subjects, subjectsOf } from './subjects.js';
import { reportUnread } from './unread.js';
import { readWorld } from './world.js';
import type { World } from './world-types.js';

/** Tables and the objects behind them, of one target after another; see `decidingTables`. What they share is read once. */
export function targetCompiler(seen: Observed, env: MeshEnvironment, world = readWorld(seen, env)): (target: Target) => DecidingTables {
  const meshes = [...clientsOfMeshes(world)].map(
    ([mesh, among]): MeshAndClients => ({ policies: meshPolicies(world, mesh), ...(among === undefined ? {} : { among }) }),
  );
  return (target) => compileTarget(target, { seen, world, meshes });
}

interface MeshAndClients {
  readonly policies: MeshPolicies;
  /** Absent: everybody's. */
  readonly among?: NamedClients;
}

interface Shared {
  readonly seen: Observed;
  readonly world: World;
  readonly meshes: readonly MeshAndClients[];
}

function compileTarget(target: Target, { seen, world, meshes }: Shared): DecidingTables {
  const found = findings();
  const subjects = subjectsOf(world, target);
  reportUnread(world, target, subjects, seen, found);
  const tables = meshes.flatMap(({ policies, among }) =>
    viewsOf({ world, policies, found }, subjects).flatMap(([view, all]) =>
      all.map((one) => decidingTable(among === undefined ? view : { ...view, among }, one, subjects)),
    ),
  );
  reportProblems(world, tables, found);
  return { tables, problems: found.problems(), gaps: found.gaps() };
}

/** The views of one mesh's clients. */
function viewsOf(input: ListenerInput, subjects: Subjects): readonly (readonly [MeshView, readonly CompiledTable[]])[] {
  const conditions = clientConditions(input.world, input.policies, subjects);
  const cells = clientCells(conditions.namespaces, conditions.labelSets);
  if (cells === undefined) input.found.gap('many-clients', `objects tell more than ${MOST_CELLS} groups of clients apart`);
  const compiled = (cells ?? []).map((cell): readonly [ClientCell, readonly CompiledTable[], string] => {
    const tables = meshTables(input, cell.proxy, subjects.all);
    return [cell, tables, keyOf(tables)];
  });
  return mergeCells(compiled, conditions.namespaces);
}

/** Equal for equal tables that the same objects made. */
const keyOf = (tables: readonly CompiledTable[]): string =>
  JSON.stringify(
    tables.map(({ table, mesh, by, trafficRoute, routes }) => [
      table,
      mesh,
      by,
      trafficRoute?.name,
      routes.map(({ namespace, name }) => `${namespace}/${name}`),
    ]),
  );

function decidingTable(view: View, compiled: CompiledTable, subjects: Subjects): DecidingTable {
  const { table, role, mesh, service, outbound, by, trafficRoute, routes } = compiled;
  const dialled =
    service === undefined ? undefined : { namespace: service.service.namespace, name: service.service.name, port: service.port };
  return {
    table: { view, ...table },
    role,
    mesh,
    dialled,
    outbound,
    services: servicesOf(compiled, subjects, dialled),
    by,
    trafficRoute,
    routes,
  };
}

/** The services asked for that a table can send to. */
function servicesOf({ table }: CompiledTable, { asked, all }: Subjects, dialled: ServiceRef | undefined): readonly ServiceRef[] {
  const actions = [...table.rules.map(({ action }) => action), table.otherwise];
  const reached = new Set(
    actions.flatMap((action) =>
      typeof action === 'object' && 'to' in action ? action.to.map(({ host, port }) => `${host}:${port ?? ''}`) : [],
    ),
  );
  const hosts = new Map(all.map(({ service }) => [`${service.namespace}/${service.name}`, service.host]));
  return asked.filter((ref) => {
    const own = dialled !== undefined && dialled.namespace === ref.namespace && dialled.name === ref.name && dialled.port === ref.port;
    return own || reached.has(`${hosts.get(`${ref.namespace}/${ref.name}`)}:${ref.port}`);
  });
}
