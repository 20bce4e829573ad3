import {
  distinctFindings,
  type Finding,
  finding,
  type MeshEnvironment,
  noCatchAll,
  type Observed,
  type Problem,
  regexCache,
  unreachedRules,
} from '@heddle/core';
import { type LintContext, lintContext } from './context.js';
import { lintDelegates } from './delegates.js';
import { lintDestinationRules } from './destination-rules.js';
import { lintDestinations } from './destinations.js';
import { type Group, groupsOf } from './groups.js';
import { lintLegacy } from './legacy.js';
import { lintPorts, rulesOnTcp } from './ports.js';
import { lintRules } from './rules.js';
import { shadowed } from './shadowed.js';
import { tablesOf } from './tables.js';
import { lintHosts } from './virtual-service-hosts.js';

/**
 * What is wrong with a mesh's objects as they stand together. Rules are compiled by groups of VirtualServices that share hosts, so the work
 * grows with the number of objects and not with callers times services.
 */
export function lint(seen: Observed, env: MeshEnvironment): readonly Problem[] {
  const context = lintContext(seen, env);
  const regexes = regexCache();
  return distinctFindings([
    ...context.written.flatMap((one) => lintRules(one, env, regexes)),
    ...lintHosts(context),
    ...lintDelegates(context),
    ...lintDestinationRules(context),
    ...lintPorts(context),
    ...unusedGateways(context),
    ...lintLegacy(seen, env),
    ...groupsOf(context).flatMap((group) => lintGroup(context, group)),
  ]);
}

function lintGroup(context: LintContext, group: Group): readonly Finding[] {
  const deciding = tablesOf(group, context);
  const tables = deciding.map(({ table }) => table);
  return [
    ...shadowed(context, group, deciding),
    ...lintDestinations(context, group, deciding),
    ...rulesOnTcp(group),
    ...unreachedRules(tables),
    ...noCatchAll(tables),
  ];
}

/** In files the proxies of gateways are seldom there. */
function unusedGateways({ world, pods, isLive }: LintContext): readonly Finding[] {
  if (!isLive) return [];
  return world.gateways
    .filter(({ selector }) => Object.keys(selector).length > 0 && pods.withLabels(selector).length === 0)
    .map(({ ref }) =>
      finding('error', 'gateway-without-pods', ref, 'no Pod has the labels that it selects, so no gateway serves its hosts', {
        pointer: '/spec/selector',
        fix: 'correct the selector, or install the gateway',
      }),
    );
}
