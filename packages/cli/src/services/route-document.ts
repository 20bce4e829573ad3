import { describeAction, describeMatches, describeView, ownerKey, type RouteTable } from '@heddle/core';
import type { RouteReport } from './route.js';

/** Tables as JSON shows them; schemas/route-show.json. */
export function routeDocument(report: RouteReport) {
  const { mesh, services, tables, problems, gaps } = report;
  return { mesh, services, tables: tables.map(tableDocument), problems, gaps };
}

function tableDocument({ view, domains, port, protocol, rules, otherwise }: RouteTable) {
  return {
    callers: describeView(view),
    view,
    port,
    protocol,
    domains,
    rules: rules.map((rule) => ({
      requests: describeMatches(rule.match),
      match: rule.match,
      goesTo: describeAction(rule.action),
      action: rule.action,
      owner: rule.owner === 'foreign' ? 'foreign' : ownerKey(rule.owner),
      origins: rule.origins,
    })),
    otherwise: { goesTo: describeAction(otherwise), action: otherwise },
  };
}
