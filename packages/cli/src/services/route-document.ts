import { describeAction, describeMatches, describeView, type ObjectRef, ownerKey, type RouteTable } from '@heddle/core';
import { placeText } from './files/types.js';
import type { RouteReport } from './route.js';

/** Tables as JSON shows them; schemas/route-show.json. */
export function routeDocument(report: RouteReport) {
  const { mesh, services, versions, tables, problems, gaps, notes } = report;
  return {
    mesh,
    services,
    versions,
    tables: tables.map((table) => tableDocument(table, report)),
    problems: problems.map((problem) => ({ ...problem, ...placed(report, problem.ref, problem.pointer) })),
    gaps: gaps.map((gap) => ({ ...gap, ...placed(report, gap.ref) })),
    notes,
  };
}

/** `place`, `file:line`, of an object from files. */
function placed({ placeOf }: RouteReport, ref: ObjectRef | undefined, pointer?: string): { readonly place?: string } {
  const place = ref === undefined ? undefined : placeOf(ref, pointer);
  return place === undefined ? {} : { place: placeText(place) };
}

function tableDocument({ view, domains, port, protocol, rules, otherwise }: RouteTable, report: RouteReport) {
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
      ...(rule.mirrors === undefined ? {} : { mirrors: rule.mirrors }),
      ...(rule.fault === undefined ? {} : { fault: rule.fault }),
      owner: rule.owner === 'foreign' ? 'foreign' : ownerKey(rule.owner),
      origins: rule.origins.map((origin) => ({ ...origin, ...placed(report, origin.ref, origin.pointer) })),
    })),
    otherwise: { goesTo: describeAction(otherwise), action: otherwise },
  };
}
