import type { HttpRule } from '../schema/virtual-service.js';
import { isWholeSeconds } from '../values/duration.js';
import { corsHeaderFault } from '../values/header.js';
import { regexFault } from '../values/regex.js';
import { destinationFaults } from './fields.js';
import { injectedFaults, responseFaults } from './http-faults.js';
import { authorityFault, headersFaults } from './http-headers.js';
import { matchFaults, regexMatchFault } from './http-match.js';
import { retryFaults } from './http-retry.js';
import { each, eachIf, type Report } from './report.js';
import { weightFaults } from './weights.js';

interface Around {
  /** Whether the VirtualService has no hosts. */
  readonly delegate: boolean;
  readonly minor: number;
}

/** istio/istio `pkg/config/validation/virtualservice.go`, validateHTTPRoute, 1.31. */
export function httpFaults(rule: HttpRule, pointer: string, { delegate, minor }: Around, report: Report): void {
  if (rule.delegate !== undefined && !delegate) rootFaults(rule, pointer, report);
  else actionFaults(rule, pointer, delegate, report);
  each(rule.match, `${pointer}/match`, (item, at) => matchFaults(item, at, report));
  headersFaults(rule.headers, `${pointer}/headers`, report);
  corsFaults(rule.corsPolicy, `${pointer}/corsPolicy`, report);
  injectedFaults(rule.fault, `${pointer}/fault`, report);
  mirrorFaults(rule, pointer, report);
  redirectFaults(rule, `${pointer}/redirect`, report);
  responseFaults(rule.directResponse, `${pointer}/directResponse`, report);
  retryFaults(rule.retries, `${pointer}/retries`, report);
  rewriteFaults(rule.rewrite, `${pointer}/rewrite`, report);
  report(pointer, authorityFault(rule));
  each(rule.route, `${pointer}/route`, ({ destination = {}, headers }, at) => {
    destinationFaults(destination, `${at}/destination`, report);
    headersFaults(headers, `${at}/headers`, report);
  });
  weightFaults(rule.route ?? [], `${pointer}/route`, minor, report);
}

/** A rule that hands over to a delegate; an empty list counts as absent. */
function rootFaults(rule: HttpRule, pointer: string, report: Report): void {
  if (rule.redirect !== undefined) report(`${pointer}/redirect`, 'must not stand beside delegate');
  if ((rule.route ?? []).length > 0) report(`${pointer}/route`, 'must not stand beside delegate');
}

function actionFaults(rule: HttpRule, pointer: string, delegate: boolean, report: Report): void {
  if (delegate && rule.delegate !== undefined) report(`${pointer}/delegate`, 'a delegate, which has no hosts, cannot hand over itself');
  const { route = [], redirect, directResponse } = rule;
  const answer = redirect === undefined ? 'directResponse' : 'redirect';
  if (redirect !== undefined || directResponse !== undefined) {
    if (route.length > 0) report(`${pointer}/route`, `must not stand beside ${answer}`);
    if (rule.fault !== undefined) report(`${pointer}/fault`, `must not stand beside ${answer}`);
    if (rule.rewrite !== undefined) report(`${pointer}/rewrite`, `must not stand beside ${answer}`);
    if (redirect !== undefined && directResponse !== undefined) report(`${pointer}/directResponse`, 'must not stand beside redirect');
  } else if (route.length === 0) report(pointer, 'there must be a route, a redirect or a directResponse');
  if (rule.mirror !== undefined && (rule.mirrors ?? []).length > 0) report(`${pointer}/mirrors`, 'must not stand beside mirror');
}

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

function corsFaults(policy: HttpRule['corsPolicy'], pointer: string, report: Report): void {
  if (policy === undefined) return;
  eachIf(
    policy.allowOrigins,
    `${pointer}/allowOrigins`,
    (origin) =>
      (origin.exact ?? origin.prefix ?? origin.regex ?? '') === ''
        ? 'must say an exact value, a prefix or a regex'
        : regexMatchFault(origin),
    report,
  );
  eachIf(
    policy.allowMethods,
    `${pointer}/allowMethods`,
    (method) => (CORS_METHODS.includes(method) ? undefined : `${JSON.stringify(method)} is no method`),
    report,
  );
  for (const key of ['allowHeaders', 'exposeHeaders'] as const) eachIf(policy[key], `${pointer}/${key}`, corsHeaderFault, report);
  if (policy.maxAge !== undefined && !isWholeSeconds(policy.maxAge)) report(`${pointer}/maxAge`, 'must be whole seconds');
}

function mirrorFaults(rule: HttpRule, pointer: string, report: Report): void {
  for (const key of ['mirrorPercent', 'mirror_percent'] as const) {
    if ((rule[key] ?? 0) > 100) report(`${pointer}/${key}`, `must be 100 at most, not ${rule[key]}`);
  }
  percentFaults(rule.mirrorPercentage, `${pointer}/mirrorPercentage`, report);
  if (rule.mirror !== undefined) destinationFaults(rule.mirror, `${pointer}/mirror`, report);
  each(rule.mirrors, `${pointer}/mirrors`, ({ destination = {}, percentage }, at) => {
    destinationFaults(destination, `${at}/destination`, report);
    percentFaults(percentage, `${at}/percentage`, report);
  });
}

function percentFaults(percentage: HttpRule['mirrorPercentage'], pointer: string, report: Report): void {
  const { value = 0 } = percentage ?? {};
  if (value < 0 || value > 100) report(`${pointer}/value`, `must be between 0 and 100, not ${value}`);
}

function redirectFaults({ redirect, match = [] }: HttpRule, pointer: string, report: Report): void {
  if (redirect === undefined) return;
  const { uri = '', prefixRewrite = '', authority = '', scheme = '', redirectCode = 0, port, derivePort } = redirect;
  if (uri !== '' && prefixRewrite !== '') report(`${pointer}/prefixRewrite`, 'must not stand beside uri');
  if (prefixRewrite !== '' && match.some((one) => one.uri !== undefined && one.uri.prefix === undefined))
    report(`${pointer}/prefixRewrite`, 'needs a prefix in the uri of every match');
  if (uri + prefixRewrite + authority + scheme === '' && port === undefined && derivePort === undefined)
    report(pointer, 'must say a uri, an authority, a scheme or a port');
  if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399))
    report(`${pointer}/redirectCode`, `must be between 300 and 399, not ${redirectCode}`);
  if (!['', 'http', 'https'].includes(scheme)) report(`${pointer}/scheme`, `must be http or https, not ${scheme}`);
  if (port !== undefined && port > 65_535) report(`${pointer}/port`, `must be 65535 at most, not ${port}`);
}

function rewriteFaults(rewrite: HttpRule['rewrite'], pointer: string, report: Report): void {
  if (rewrite === undefined) return;
  const { uri = '', authority = '', uriRegexRewrite } = rewrite;
  if (uriRegexRewrite === undefined) {
    if (uri + authority === '') report(pointer, 'must say a uri, a uriRegexRewrite or an authority');
    return;
  }
  if (uri !== '') report(`${pointer}/uriRegexRewrite`, 'must not stand beside uri');
  if (!uriRegexRewrite.match || !uriRegexRewrite.rewrite) report(`${pointer}/uriRegexRewrite`, 'must have both match and rewrite');
  else report(`${pointer}/uriRegexRewrite/match`, regexFault(uriRegexRewrite.match));
}
