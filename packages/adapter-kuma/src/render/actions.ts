import type { Action, Destination, Redirect, Rewrite, Rule } from '@heddle/core';
import { isHostname } from '../validate/values.js';
import { backendsOf, type DestinationContext, nobody } from './destinations.js';
import { type Effect, sendsTo } from './entry.js';
import { type Lose, lost } from './losses.js';
import { mirrorTo } from './mirrors.js';
import { retryConf } from './retries.js';
import { isWhole } from './rewrites.js';

export interface ActionContext extends DestinationContext {
  /** Whether timeouts and retries of single rules can be written. */
  readonly hasLimits: boolean;
}

const CODES = [301, 302, 303, 307, 308];

/** What a rule does, as far as the mesh can; what it answers itself and cannot say is answered 503, so that no other rule takes it. */
export function effectOf(rule: Rule, context: ActionContext, lose: Lose): Effect {
  const byTrafficRoute = context.around.routesBy === 'TrafficRoute';
  if (rule.fault !== undefined)
    lose(
      lost(
        'fault',
        'The fault is left out: Kuma injects faults where requests arrive, whichever rule sent them',
        'write a MeshFaultInjection for the Pods of the destination, which holds for all their callers',
      ),
    );
  if (rule.preflight !== undefined)
    lose(lost('cors', 'Preflight requests go to the service, as Kuma has no CORS for calls within the mesh', 'answer them in the service'));
  for (const key of Object.keys(rule.opaque ?? {})) lose(lost('unread', `${key} is left out: what it does is not known`));
  const to = actionOf(rule.action, context, lose);
  if (!Array.isArray(to) || !sendsTo(rule.action)) return { to, mirrors: [], ...headersOf(rule, to, byTrafficRoute, lose) };
  const mirrors = (rule.mirrors ?? []).flatMap(({ destination, percent }) => mirrorTo(destination, percent, context, lose));
  return {
    to,
    mirrors,
    ...rewriteOf(rule, rule.action.to, byTrafficRoute, lose),
    ...headersOf(rule, to, byTrafficRoute, lose),
    ...limitsOf(rule, context, lose),
  };
}

export function actionOf(action: Action, context: ActionContext, lose: Lose): Effect['to'] {
  if (sendsTo(action)) return backendsOf(action.to, context, lose);
  if (typeof action === 'object' && 'redirect' in action) return redirectOf(action.redirect, context, lose);
  if (typeof action === 'object' && 'status' in action) {
    if (action.status !== 503) lose(lost('status', `Requests are answered 503 and no longer ${action.status}`));
  } else if (typeof action === 'object') {
    const { status } = action.directResponse;
    lose(
      lost(
        'direct-response',
        `Kuma gives no answers of its own: requests are answered 503 and no longer ${status}`,
        'let a service give the answer',
      ),
    );
  } else {
    const was = action === 'closed' ? 'closed' : 'sent where the client resolved the name';
    lose(lost(action, `Requests are answered 503, and their connections no longer ${was}`));
  }
  return [nobody(context)];
}

function redirectOf(redirect: Redirect, context: ActionContext, lose: Lose): Effect['to'] {
  const { code, scheme, authority = '', path } = redirect;
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
  const full = path !== undefined && 'full' in path ? path.full : '';
  const isSayable =
    context.around.routesBy === 'MeshHTTPRoute' &&
    CODES.includes(code) &&
    (scheme === undefined || scheme === 'http' || scheme === 'https') &&
    (authority === '' || isHostname(host)) &&
    !(path !== undefined && 'regex' in path && !isWhole(path)) &&
    !/[?\\]/.test(full);
  if (isSayable) {
    if (port !== undefined && redirect.port !== undefined)
      lose(lost('redirect.port', `The redirect names the port of ${authority} alone, and not a second one after it`));
    const named = port === undefined ? {} : { authority: host, port: Number(port) };
    return { redirect: { ...redirect, ...named } };
  }
  const by = context.around.routesBy;
  const how = by === 'TrafficRoute' ? 'A TrafficRoute has no redirects' : 'A MeshHTTPRoute cannot say this redirect';
  lose(lost('redirect', `${how}: requests are answered 503 and no longer ${code}`, 'redirect in the service or at the gateway'));
  return [nobody(context)];
}

function rewriteOf(rule: Rule, to: readonly Destination[], byTrafficRoute: boolean, lose: Lose): { readonly rewrite?: Rewrite } {
  const { path, authority: written } = rule.rewrite ?? {};
  const own = new Set(to.filter(({ weight }) => to.length === 1 || weight > 0).map(({ authority }) => authority));
  if (written === undefined && own.size > 1)
    lose(lost('destination-authority', 'Destinations see the authority that was asked for: Kuma rewrites it for all of a rule alike'));
  const authority = written ?? (own.size === 1 ? [...own][0] : undefined);
  const isSayable = byTrafficRoute || (typeof authority === 'string' && isHostname(authority));
  if (authority !== undefined && !isSayable)
    lose(
      lost(
        'rewrite.authority',
        'The authority is not rewritten: a MeshHTTPRoute takes a plain host name only',
        'rewrite it to a name without port',
      ),
    );
  const rewrite: Rewrite = {
    ...(path === undefined ? {} : { path }),
    ...(authority === undefined || !isSayable ? {} : { authority }),
  };
  return Object.keys(rewrite).length === 0 ? {} : { rewrite };
}

function headersOf(rule: Rule, to: Effect['to'], byTrafficRoute: boolean, lose: Lose): { readonly headers?: Rule['headers'] } {
  const { headers } = rule;
  if (headers === undefined) return {};
  const names = [headers.request, headers.response].flatMap((change) => [
    ...Object.keys({ ...change?.set, ...change?.add }),
    ...(change?.remove ?? []),
  ]);
  const odd = names.find((name) => /^(:|host$)/i.test(name) || !/^[\w!#$%&'*+\-.^`|~]+$/.test(name));
  const unsaid = odd !== undefined ? `header ${odd}` : byTrafficRoute && typeof to === 'object' && 'redirect' in to ? 'headers' : undefined;
  if (unsaid !== undefined) {
    lose(lost('headers', `Headers are not changed: Kuma cannot change ${unsaid} here`));
    return {};
  }
  return { headers };
}

function limitsOf(rule: Rule, { hasLimits, around }: ActionContext, lose: Lose): Pick<Effect, 'timeoutMs' | 'retry'> {
  const { timeoutMs } = rule;
  const retry = rule.retry === undefined ? undefined : retryConf(rule.retry);
  if (timeoutMs !== undefined && !hasLimits)
    lose(
      lost(
        'timeout',
        `The timeout is left out: Kuma has none for single rules of a ${around.routesBy}`,
        'write a MeshTimeout for the whole service',
      ),
    );
  if (rule.retry !== undefined && (retry === undefined || !hasLimits))
    lose(
      lost(
        'retry',
        'Retries are left out: Kuma has no such conditions, or none for single rules',
        'write a MeshRetry for the whole service',
      ),
    );
  return {
    ...(timeoutMs === undefined || !hasLimits ? {} : { timeoutMs }),
    ...(retry === undefined || !hasLimits ? {} : { retry }),
  };
}
