import type { HttpRoute } from '../schema/http-route.js';
import { each, type Report } from './report.js';

type Rule = NonNullable<HttpRoute['rules']>[number];
type Filter = NonNullable<Rule['filters']>[number];
type BackendRef = Pick<NonNullable<Rule['backendRefs']>[number], 'group' | 'kind' | 'port'>;

const FIELDS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
} as const;
const ONCE = ['CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'];
/** A channel that does not have it drops the field. */
const MAY_BE_DROPPED = 'externalAuth';

/** Of a rule or one of its backends (kubernetes-sigs/gateway-api `apis/v1/httproute_types.go`, 1.6). */
export function filterFaults(filters: readonly Filter[] | undefined, pointer: string, report: Report): void {
  const types = (filters ?? []).map(({ type }) => type ?? '');
  each(filters, pointer, (item, at) => oneFilterFaults(item, at, report));
  for (const [index, type] of types.entries()) {
    if (ONCE.includes(type) && types.indexOf(type) < index) report(`${pointer}/${index}`, `${type} may be there once`);
  }
  if (types.includes('RequestRedirect') && types.includes('URLRewrite'))
    report(pointer, 'there must not be both a RequestRedirect and a URLRewrite');
}

function oneFilterFaults(filter: Filter, pointer: string, report: Report): void {
  for (const [type, field] of Object.entries(FIELDS)) {
    if (filter.type === type && filter[field] === undefined) report(`${pointer}/${field}`, 'there must be one');
    if (filter.type !== type && filter[field] !== undefined && field !== MAY_BE_DROPPED)
      report(`${pointer}/${field}`, `must not stand in a filter of type ${filter.type}`);
  }
  for (const field of ['requestRedirect', 'urlRewrite'] as const) replacedFaults(filter[field]?.path, `${pointer}/${field}/path`, report);
  const { backendRef = {}, fraction } = filter.requestMirror ?? {};
  if (filter.requestMirror !== undefined) report(`${pointer}/requestMirror/backendRef/port`, backendFault(backendRef));
  const { numerator = 0, denominator = 1 } = fraction ?? {};
  if (numerator > denominator) report(`${pointer}/requestMirror/fraction/numerator`, `must be ${denominator} at most, not ${numerator}`);
  for (const key of ['allowHeaders', 'allowMethods', 'allowOrigins'] as const) {
    const all: readonly string[] = filter.cors?.[key] ?? [];
    if (all.includes('*') && all.length > 1) report(`${pointer}/cors/${key}`, '* must stand alone');
  }
}

function replacedFaults(path: NonNullable<Filter['urlRewrite']>['path'], pointer: string, report: Report): void {
  if (path === undefined) return;
  for (const [type, field] of [
    ['ReplaceFullPath', 'replaceFullPath'],
    ['ReplacePrefixMatch', 'replacePrefixMatch'],
  ] as const) {
    if ((path.type === type) !== (path[field] !== undefined))
      report(`${pointer}/${field}`, path.type === type ? 'there must be one' : `must not stand beside type ${path.type}`);
  }
}

/** A Service has many ports. */
export const backendFault = ({ group, kind, port }: BackendRef): string | undefined =>
  group === '' && kind === 'Service' && port === undefined ? 'there must be one for a Service' : undefined;

/** Whether exactly one of the filters replaces the prefix that was matched: with more, the CRDs do not ask what it replaces. */
export function replacesPrefix(filters: readonly Filter[] | undefined): boolean {
  return (['requestRedirect', 'urlRewrite'] as const).some(
    (field) => (filters ?? []).filter((filter) => filter[field]?.path?.replacePrefixMatch !== undefined).length === 1,
  );
}
