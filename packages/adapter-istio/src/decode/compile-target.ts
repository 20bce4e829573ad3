import {
  type ClientCell,
  clientCells,
  findings,
  type MeshEnvironment,
  MOST_CELLS,
  mergeCells,
  type Observed,
  type PathNormalisation,
  type ServiceRef,
  type Target,
  type View,
} from '@heddle/core';
import { clientConditions } from './client-conditions.js';
import type { CompiledTable } from './compiled-table.js';
import type { DecidingTable, DecidingTables, DecidingVirtualService } from './deciding-types.js';
import { indexDestinationRules } from './destination-rules.js';
import { gatewayProxies } from './gateway-proxies.js';
import { gatewayTables } from './gateway-tables.js';
import { type MeshInput, meshTables } from './mesh-tables.js';
import { reportDestinations } from './problems.js';
import { reportLegacyKinds, reportRouteRules } from './route-rule/report.js';
import { type Subjects, subjectsOf } from './subjects.js';
import { reportUnread } from './unread.js';
import { readWorld } from './world.js';
import type { VirtualService } from './world-types.js';

/** Tables and the objects behind them, of one target after another; see `decidingTables`. What they share is read once. */
export function targetCompiler(seen: Observed, env: MeshEnvironment, world = readWorld(seen, env)): (target: Target) => DecidingTables {
  const index = indexDestinationRules(world, env.settings.defaultDestinationRuleExportTo === '.');
  return (target) => compileTarget(target, { seen, env, world, index });
}

interface Shared extends Pick<MeshInput, 'world' | 'index' | 'env'> {
  readonly seen: Observed;
}

function compileTarget(target: Target, { seen, env, world, index }: Shared): DecidingTables {
  const found = findings();
  const subjects = subjectsOf(world, target);
  reportUnread(world, target, subjects, seen, env, found);
  reportRouteRules(world, subjects, env, found);
  reportLegacyKinds(world, subjects, seen, found);
  const input: MeshInput = { world, index, env, subjects, found, normalisation: normalisationOf(env) };
  const conditions = clientConditions(world, subjects);
  const cells = clientCells(conditions.namespaces, conditions.labelSets);
  if (cells === undefined) found.gap('many-clients', `objects tell more than ${MOST_CELLS} groups of clients apart`);
  const compiled = (cells ?? []).map((cell): readonly [ClientCell, readonly CompiledTable[], string] => {
    const tables = meshTables(input, cell.proxy);
    return [cell, tables, keyOf(tables)];
  });
  const gatewayLabels = conditions.labelSets.map(({ labels }) => labels);
  const proxies = gatewayProxies(world, world.gateways, gatewayLabels, found);
  const views: (readonly [View, readonly CompiledTable[]])[] = [
    ...mergeCells(compiled, conditions.namespaces),
    ...proxies.map(({ view, proxy, pod, gateways }) => [view, gatewayTables(input, proxy, pod, gateways)] as const),
  ];
  const tables = views.flatMap(([view, all]) => all.map((one) => decidingTable(view, one, subjects)));
  reportDestinations(tables, found);
  return { tables, problems: found.problems(), gaps: found.gaps() };
}

function normalisationOf(env: MeshEnvironment): PathNormalisation | undefined {
  const known: Readonly<Record<string, PathNormalisation | undefined>> = {
    NONE: undefined,
    MERGE_SLASHES: 'mergeSlashes',
    DECODE_AND_MERGE_SLASHES: 'decodeAndMergeSlashes',
  };
  const setting = env.settings.pathNormalization ?? 'DEFAULT';
  return setting in known ? known[setting] : 'base';
}

/** Equal for equal tables that the same objects made. */
const keyOf = (tables: readonly CompiledTable[]): string =>
  JSON.stringify(tables.map(({ table, virtualServices }) => [table, virtualServices.map((one) => `${one.namespace}/${one.name}`)]));

function decidingTable(view: View, compiled: CompiledTable, subjects: Subjects): DecidingTable {
  const { table, role, host, virtualServices, gateways } = compiled;
  return {
    table: { view, ...table },
    role,
    host,
    services: servicesOf(compiled, subjects),
    virtualServices: virtualServices.filter(({ routes }) => routes === undefined).map(decidingVirtualService),
    routes: virtualServices.flatMap(({ routes = [] }) => routes.map(({ ref }) => ref)),
    gateways,
  };
}

/** The services asked for that a table can send to. */
function servicesOf({ table }: CompiledTable, subjects: Subjects): readonly ServiceRef[] {
  const actions = [...table.rules.map(({ action }) => action), table.otherwise];
  const reached = new Set(
    actions.flatMap((action) =>
      typeof action === 'object' && 'to' in action ? action.to.map(({ host, port }) => `${host}:${port ?? ''}`) : [],
    ),
  );
  const byName = new Map([...subjects.services.keys()].map((service) => [`${service.namespace}/${service.name}`, service]));
  return subjects.asked.filter((ref) => {
    const service = byName.get(`${ref.namespace}/${ref.name}`);
    if (service === undefined) return false;
    const own = table.port === ref.port && (table.domains.includes(service.host) || table.addresses?.includes(service.host) === true);
    return own || reached.has(`${service.host}:${ref.port}`);
  });
}

function decidingVirtualService(one: VirtualService): DecidingVirtualService {
  const { ref, object, gateways, exportTo, delegates } = one;
  return { ref, object, hosts: one.hosts.map((host) => host.toLowerCase()), gateways, exportTo, delegates };
}
