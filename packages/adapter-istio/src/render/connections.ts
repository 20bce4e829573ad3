import { type RouteTable, sourcesMeet } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { REFUSE } from './actions.js';
import { type Section, withSources } from './callers.js';
import { isImplicit, routeTo } from './destinations.js';
import { hostFrom } from './hosts.js';
import type { Lose } from './losses.js';
import type { Writing } from './rules.js';

/**
 * `tcp` rules of a port whose connections are passed on as they are: the first that applies to a caller decides (istio
 * `pilot/pkg/networking/core/tls.go`, 1.31).
 */
export function connectionRules(sections: readonly Section[], writing: Writing): readonly Raw[] {
  const { sending } = writing;
  const isIdle = ({ tables: [table] }: Section) =>
    table === undefined || (table.rules.length === 0 && (table.otherwise === 'passthrough' || isImplicit(table.otherwise, sending)));
  const needed = sections.slice(0, sections.findLastIndex((one) => !isIdle(one)) + 1);
  return needed.flatMap((section, index) => {
    const followed = needed.slice(index + 1).some((later) => sourcesMeet(section.sources, later.sources));
    if (!followed && isIdle(section)) return [];
    const match = withSources([], section.sources);
    return [{ ...(match.length === 0 ? {} : { match }), route: routeFor(section, writing) }];
  });
}

/** The port is always said: a connection would else go to the only port of the destination. */
function routeFor({ tables }: Section, { place, sending, losses }: Writing): readonly Raw[] {
  const { service, port, env, versions } = sending;
  const [table] = tables;
  const host = hostFrom(service.namespace, service, env);
  const own = [{ destination: { host, port: { number: port } } }];
  if (table === undefined) return own;
  const { action, opaque, rule } = decidingIn(table);
  const lose: Lose = (code, message, instead) =>
    losses.add({ ...place, tables, ...(rule === undefined ? {} : { rule }) }, code, message, instead);
  if (opaque !== undefined) lose('opaque', `the rule depends on ${Object.keys(opaque).join(', ')}, which is left out with it`);
  if (action === 'passthrough' || opaque !== undefined) return own;
  const route = typeof action === 'object' && 'to' in action ? routeTo(action.to, { ...sending, port: 0 }, lose) : undefined;
  if (route !== undefined) return route;
  lose('closed', 'connections are accepted and closed by way of a subset that is defined nowhere', REFUSE);
  return [{ destination: { host, subset: versions.missing(service, 'closed'), port: { number: port } } }];
}

function decidingIn({ rules: [rule], otherwise }: RouteTable) {
  return rule === undefined
    ? { action: otherwise, opaque: undefined, rule: undefined }
    : { action: rule.action, opaque: rule.opaque, rule: 0 };
}
