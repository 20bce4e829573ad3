import { labelsIn, type Origin } from '@heddle/core';
import { maybeRecord, milliseconds, number, type Raw, record, records, text } from '../raw.js';
import type { Config, HttpRule, RouteDestination, RouteRule } from '../world-types.js';
import { requestCondition } from './match-condition.js';

/** What Envoy waits for an answer where nobody says otherwise; every VirtualService says so. */
const DEFAULT_TIMEOUT = '15s';
/** The conditions of Istio 0.x (`pilot/pkg/proxy/envoy/v1/route.go`, 0.8.0). */
const RETRY_ON = '5xx,connect-failure,refused-stream';

export function parseRouteRule(config: Config, domain: string): RouteRule {
  const spec = record(config.object.spec);
  const resolve = (service: unknown) => serviceHost(record(service), config.namespace, domain);
  const match = record(spec.match);
  const source = maybeRecord(match.source);
  const { match: condition, opaque, uriHeader } = requestCondition(record(match.request));
  const host = resolve(spec.destination);
  const origin: Origin = { ref: config.ref, pointer: '/spec', index: 0 };
  const redirect = maybeRecord(spec.redirect);
  const rewrite = maybeRecord(spec.rewrite);
  const mirror = maybeRecord(spec.mirror);
  const fault = faultOf(record(spec.httpFault));
  const retries = retriesOf(record(record(spec.httpReqRetries).simpleRetry));
  const added = labelsIn(spec.appendHeaders);
  const to = (at: string, labels: unknown, weight: number): RouteDestination => {
    return { host: at, subset: '', labels: labelsIn(labels), port: undefined, weight, headers: undefined };
  };
  const routes = records(spec.route);
  const http: HttpRule = {
    name: config.name,
    match: condition === undefined ? [] : [condition],
    route:
      routes.length === 0
        ? [to(host, undefined, 100)]
        : routes.map((one) =>
            to(maybeRecord(one.destination) === undefined ? host : resolve(one.destination), one.labels, number(one.weight) ?? 0),
          ),
    // Envoy answered 301, whatever the documentation of RouteRule says (envoy 1.5, `Utility::sendRedirect`).
    ...(redirect === undefined ? { timeout: timeoutOf(spec) } : { redirect: { uri: redirect.uri, authority: redirect.authority } }),
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(retries === undefined ? {} : { retries }),
    ...(fault === undefined ? {} : { fault }),
    ...(mirror === undefined ? {} : { mirror: to(resolve(mirror), mirror.labels, 1) }),
    ...(Object.keys(added).length === 0 ? {} : { headers: { request: { add: added } } }),
    ...(spec.corsPolicy == null ? {} : { corsPolicy: spec.corsPolicy }),
    ...(Object.keys(opaque).length === 0 ? {} : { opaque }),
    origins: [origin],
  };
  return {
    ...config,
    host,
    precedence: number(spec.precedence) ?? 0,
    source: source === undefined ? undefined : { host: resolve(source), labels: labelsIn(source.labels) },
    http,
    unread: unreadIn(spec),
    uriHeader,
  };
}

/** The name of an IstioService: `service` as it is, else `name` completed (istio 0.5.0 `pilot/pkg/model/config.go`, `ResolveHostname`). */
export function serviceHost(service: Raw, namespace: string, domain: string): string {
  const full = text(service.service);
  if (full !== '') return full;
  return [text(service.name), text(service.namespace) || namespace, text(service.domain) || `svc.${domain}`].join('.');
}

function timeoutOf(spec: Raw): unknown {
  const { timeout } = record(record(spec.httpReqTimeout).simpleTimeout);
  return (milliseconds(timeout) ?? 0) > 0 ? timeout : DEFAULT_TIMEOUT;
}

function retriesOf({ attempts, perTryTimeout }: Raw): Raw | undefined {
  if ((number(attempts) ?? 0) <= 0) return undefined;
  return { attempts, ...((milliseconds(perTryTimeout) ?? 0) > 0 ? { perTryTimeout } : {}), retryOn: RETRY_ON };
}

/** Shares were cut to whole percent, and a fault without one did nothing (istio 0.5.0 `pilot/pkg/proxy/envoy/fault.go`). */
function faultOf({ delay, abort }: Raw): Raw | undefined {
  const percentage = (raw: Raw) => ({ percentage: { value: Math.trunc(number(raw.percent) ?? 0) } });
  const [late, ended] = [record(delay), record(abort)];
  const found = {
    ...(milliseconds(late.fixedDelay) === undefined ? {} : { delay: { ...percentage(late), fixedDelay: late.fixedDelay } }),
    ...((number(ended.httpStatus) ?? 0) === 0 ? {} : { abort: { ...percentage(ended), httpStatus: ended.httpStatus } }),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

/** Fields that Istio 0.x had and did nothing with, or that ask for what a header of the request says. */
function unreadIn(spec: Raw): readonly string[] {
  const paths = [
    'match.tcp',
    'match.udp',
    'l4Fault',
    'httpReqTimeout.custom',
    'httpReqTimeout.simpleTimeout.overrideHeaderName',
    'httpReqRetries.custom',
    'httpReqRetries.simpleRetry.overrideHeaderName',
    'httpFault.delay.exponentialDelay',
    'httpFault.delay.overrideHeaderName',
    'httpFault.abort.grpcStatus',
    'httpFault.abort.http2Error',
    'httpFault.abort.overrideHeaderName',
  ];
  return paths.filter((path) => path.split('.').reduce<unknown>((at, key) => record(at)[key], spec) != null);
}
