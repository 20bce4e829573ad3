import type { GrpcRoute } from '../schema/grpc-route.js';
import { matchCountFault, parentFaults } from './http-route.js';
import { each, type Report } from './report.js';
import { backendFault, filterFaults } from './route-filters.js';

type Rule = NonNullable<GrpcRoute['rules']>[number];
type Method = NonNullable<NonNullable<Rule['matches']>[number]['method']>;

const SERVICE = /^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i;
const METHOD = /^[A-Za-z_][A-Za-z_0-9]*$/;

/** The CEL rules of the CRD (kubernetes-sigs/gateway-api `apis/v1/grpcroute_types.go`, 1.6). */
export function grpcRouteFaults({ rules = [], parentRefs = [] }: GrpcRoute, report: Report): void {
  parentFaults(parentRefs, report);
  each(rules, '/spec/rules', ({ matches, filters, backendRefs }, at) => {
    each(matches, `${at}/matches`, ({ method }, match) => methodFaults(method, `${match}/method`, report));
    filterFaults(filters, `${at}/filters`, report);
    each(backendRefs, `${at}/backendRefs`, (ref, backend) => {
      report(`${backend}/port`, backendFault(ref));
      filterFaults(ref.filters, `${backend}/filters`, report);
    });
  });
  report('/spec/rules', matchCountFault(rules));
}

function methodFaults(matched: Method | undefined, pointer: string, report: Report): void {
  if (matched === undefined) return;
  const { type, service, method } = matched;
  if (service === undefined && method === undefined) report(pointer, 'there must be a service or a method');
  if (type !== 'Exact') return;
  if (service !== undefined && !SERVICE.test(service)) report(`${pointer}/service`, 'must be the name of a service, with its package');
  if (method !== undefined && !METHOD.test(method)) report(`${pointer}/method`, 'must be the name of a method');
}
