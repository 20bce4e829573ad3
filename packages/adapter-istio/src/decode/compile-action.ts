import {
  type Action,
  type Destination,
  type Fault,
  type HeaderChange,
  labelsIn,
  type Mirror,
  quoteMeta,
  type Redirect,
  type RegexRewrite,
  type Rewrite,
} from '@heddle/core';
import type { Clusters } from './clusters.js';
import { maybeRecord, milliseconds, number, type Raw, record, text, texts } from './raw.js';
import type { HttpRule, RouteDestination } from './world-types.js';

export interface ActionContext {
  readonly clusters: Clusters;
  /** The port of a destination that names none. */
  defaultPort(destination: RouteDestination): number;
  readonly port: number;
  readonly tls: boolean;
}

export function compileAction(rule: HttpRule, context: ActionContext): Action {
  if (rule.redirect !== undefined) return { redirect: redirectOf(rule.redirect, context) };
  if (rule.directResponse !== undefined) return directResponseOf(rule.directResponse);
  const counted = rule.route.length === 1 ? rule.route : rule.route.filter(({ weight }) => weight !== 0);
  const to = counted.map((route) => ({
    ...destinationOf(route, context, rule.route.length === 1 ? 1 : route.weight),
    ...authorityFor(rule, route),
  }));
  return { to: rule.dialect === undefined ? to : to.map((one) => (one.endpoints === 'no-cluster' ? { ...one, missingStatus: 500 } : one)) };
}

/** The cluster that istiod names where a backend is of a kind that it does not know (istio `route.go`, `GetDestinationCluster`). */
const UNKNOWN = 'UnknownService';

export function destinationOf(route: RouteDestination, context: ActionContext, weight: number): Destination {
  if (route.host === '') return { host: UNKNOWN, weight, endpoints: 'no-cluster' };
  const port = route.port ?? context.defaultPort(route);
  return context.clusters.destination({ host: route.host, subset: route.subset, labels: route.labels, port }, weight);
}

function redirectOf(raw: Raw, context: ActionContext): Redirect {
  const scheme = text(raw.scheme);
  const uri = text(raw.uri);
  const prefix = text(raw.prefixRewrite);
  const authority = text(raw.authority);
  const asked = number(raw.port) ?? (raw.derivePort === 'FROM_REQUEST_PORT' ? context.port : 0);
  const effective = scheme || (context.tls ? 'https' : 'http');
  const port = (asked === 80 && effective === 'http') || (asked === 443 && effective === 'https') ? 0 : asked;
  return {
    code: number(raw.redirectCode) || 301,
    ...(scheme === '' ? {} : { scheme }),
    ...(authority === '' ? {} : { authority }),
    ...(port === 0 ? {} : { port }),
    ...(prefix !== '' ? { path: { prefix } } : uri === '' ? {} : { path: { full: uri } }),
  };
}

function directResponseOf(raw: Raw): Action {
  const body = record(raw.body);
  const bytes = typeof body.bytes === 'string' ? Buffer.from(body.bytes, 'base64').toString() : undefined;
  const shown = typeof body.string === 'string' ? body.string : bytes;
  return { directResponse: { status: number(raw.status) ?? 200, ...(shown === undefined || shown === '' ? {} : { body: shown }) } };
}

/** `rewrite.uri` replaces what the match covered; a `host` header that is set is an authority rewrite (istio `route.go`). */
export function rewriteOf(rule: HttpRule): Rewrite | undefined {
  const raw = rule.rewrite ?? {};
  const regex = maybeRecord(raw.uriRegexRewrite);
  const uri = text(raw.uri);
  const path =
    regex !== undefined
      ? { regex: text(regex.match), substitution: text(regex.rewrite) }
      : uri === '/' && rule.dialect === 'gateway-api'
        ? withoutPrefix(rule)
        : uri === ''
          ? undefined
          : { prefix: uri };
  const authority = text(raw.authority) || authorityIn(rule.headers) || authorityIn(commonHeaders(rule));
  if (path === undefined && authority === '') return undefined;
  return { ...(path === undefined ? {} : { path }), ...(authority === '' ? {} : { authority }) };
}

/** In the Gateway API's dialect `/` takes the prefix away and leaves one slash (istio `route.go`, `applyHTTPRouteDestination`, 1.31). */
function withoutPrefix({ match: [match] }: HttpRule): RegexRewrite {
  const prefix = text(record(match?.uri).prefix);
  const quoted = prefix === '/' ? '' : quoteMeta(prefix);
  return { regex: `^${quoted}(/?)(.*)`, substitution: '/\\2' };
}

/** A `host` header that one of several destinations sets. */
function authorityFor(rule: HttpRule, { headers }: RouteDestination): { readonly authority?: string } {
  const authority = commonHeaders(rule) === undefined ? authorityIn(headers) : '';
  return authority === '' ? {} : { authority };
}

/** The header changes of the destinations, where all of them have the same. */
function commonHeaders({ route: [first, ...others] }: HttpRule): Raw | undefined {
  const same = others.every(({ headers }) => JSON.stringify(headers) === JSON.stringify(first?.headers));
  return same ? first?.headers : undefined;
}

function authorityIn(headers: Raw | undefined): string {
  if (headers === undefined) return '';
  const request = record(headers?.request);
  const of = (change: unknown) => Object.entries(labelsIn(change)).find(([name]) => isAuthority(name))?.[1] ?? '';
  return of(request.set) || of(request.add);
}

const isAuthority = (name: string): boolean => [':authority', 'host'].includes(name.toLowerCase());

const isInternal = (name: string): boolean => name.startsWith(':') || name.toLowerCase() === 'host';

export function headersOf(rule: HttpRule): { readonly request?: HeaderChange; readonly response?: HeaderChange } | undefined {
  const sources = [rule.headers, commonHeaders(rule)].filter((source) => source !== undefined);
  if (sources.length === 0) return undefined;
  const change = (key: 'request' | 'response'): HeaderChange | undefined => {
    const parts = sources.map((source) => record(source?.[key]));
    const set = Object.assign({}, ...parts.map((part) => visible(part.set)));
    const add = Object.assign({}, ...parts.map((part) => visible(part.add)));
    const remove = parts.flatMap((part) => texts(part.remove)).filter((name) => !isInternal(name));
    const out: HeaderChange = {
      ...(Object.keys(set).length === 0 ? {} : { set }),
      ...(Object.keys(add).length === 0 ? {} : { add }),
      ...(remove.length === 0 ? {} : { remove }),
    };
    return Object.keys(out).length === 0 ? undefined : out;
  };
  const [request, response] = [change('request'), change('response')];
  if (request === undefined && response === undefined) return undefined;
  return { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) };
}

const visible = (change: unknown) => Object.fromEntries(Object.entries(labelsIn(change)).filter(([name]) => !isInternal(name)));

/** Absent percentages of mirrors are 100, explicit zeros take the mirror away. */
export function mirrorsOf(rule: HttpRule, context: ActionContext): readonly Mirror[] {
  if (rule.redirect !== undefined || rule.directResponse !== undefined) return [];
  const percentage = rule.mirrorPercentage === undefined ? number(rule.mirrorPercent) : (number(rule.mirrorPercentage.value) ?? 0);
  const single = rule.mirror === undefined ? [] : [{ destination: rule.mirror, percent: percentage ?? 100 }];
  const several = (rule.mirrors ?? []).map(({ destination, percentage: part }) => ({
    destination,
    percent: part === undefined ? 100 : (number(part.value) ?? 0),
  }));
  return [...single, ...several]
    .filter(({ percent }) => percent > 0)
    .map(({ destination, percent }) => ({ destination: destinationOf(destination, context, 1), percent: millionths(percent) }));
}

/** Envoy counts in millionths, cut off. */
const millionths = (percent: number): number => Math.trunc(percent * 10_000) / 10_000;

/** Absent percentages of faults are 0. `grpc`: an abort with a gRPC status, which has no HTTP status. */
export function faultOf(raw: Raw | undefined): { readonly fault?: Fault; readonly grpc?: unknown } {
  const delay = maybeRecord(raw?.delay);
  const abort = maybeRecord(raw?.abort);
  const ms = milliseconds(delay?.fixedDelay);
  const status = number(abort?.httpStatus);
  const fault: Fault = {
    ...(delay === undefined || ms === undefined ? {} : { delay: { percent: percentOf(delay), ms } }),
    ...(abort === undefined || status === undefined ? {} : { abort: { percent: percentOf({ percentage: abort.percentage }), status } }),
  };
  return {
    ...(Object.keys(fault).length === 0 ? {} : { fault }),
    ...(abort?.grpcStatus == null ? {} : { grpc: abort.grpcStatus }),
  };
}

function percentOf(raw: Raw): number {
  const percentage = maybeRecord(raw.percentage);
  return percentage === undefined ? (number(raw.percent) ?? 0) : millionths(number(percentage.value) ?? 0);
}
