import { isRecord } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import { resolveGateway } from '../decode/hosts.js';
import { type Raw, records, texts } from '../decode/raw.js';
import { isMeshTable } from './site.js';
import { MESH_GATEWAY } from './virtual-service.js';

/** `port`, `gateways`, `sourceLabels` and `sourceNamespace` say in which proxies and listeners a match exists; 0 and empty say nothing. */
export const portFilter = (match: Raw): number | undefined => (typeof match.port === 'number' && match.port !== 0 ? match.port : undefined);

export const gatewayFilter = (match: Raw): readonly string[] => texts(match.gateways);

export function filtersCallers(match: Raw): boolean {
  const labels = isRecord(match.sourceLabels) && Object.keys(match.sourceLabels).length > 0;
  return labels || (typeof match.sourceNamespace === 'string' && match.sourceNamespace !== '');
}

/** Whether a rule has a match whose port and gateways let it into a table. Filters on the caller are not looked at. */
export function standsIn(rule: Raw, table: DecidingTable, namespace: string): boolean {
  const matches = records(rule.match);
  return matches.length === 0 || matches.some((match) => matchStandsIn(match, table, namespace));
}

function matchStandsIn(match: Raw, table: DecidingTable, namespace: string): boolean {
  const port = portFilter(match);
  if (port !== undefined && port !== table.table.port) return false;
  const gateways = gatewayFilter(match);
  if (gateways.length === 0) return true;
  if (isMeshTable(table)) return gateways.includes(MESH_GATEWAY);
  return gateways.some((gateway) => table.gateways.includes(resolveGateway(gateway, namespace)));
}

/** No condition and no filter: later rules of the object never reach a proxy (istio/istio `route.go`, IsCatchAllRoute). */
export function endsTheList(rule: Raw): boolean {
  const matches = records(rule.match);
  return matches.length === 0 || matches.some((match) => isUnconditional(match) && !isFiltered(match));
}

const isFiltered = (match: Raw): boolean => filtersCallers(match) || portFilter(match) !== undefined || gatewayFilter(match).length > 0;

/** A match without a condition on the request, whatever its filters. */
export function isUnconditional(match: Raw): boolean {
  const uri = isRecord(match.uri) ? match.uri : {};
  const everyPath = Object.keys(uri).length === 0 || uri.prefix === '/' || uri.regex === '.*';
  const isSet = (key: string) => isRecord(match[key]);
  const isFilled = (key: string) => isRecord(match[key]) && Object.keys(match[key]).length > 0;
  return everyPath && !['method', 'scheme', 'authority'].some(isSet) && !['headers', 'withoutHeaders', 'queryParams'].some(isFilled);
}
