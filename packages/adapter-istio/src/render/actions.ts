import { type Action, type Destination, duration, type Fault, type HeaderChange, type Mirror, type Rule, type Str } from '@heddle/core';
import { isBefore } from '../capabilities/version.js';
import type { Raw } from '../decode/raw.js';
import { fqdnOf } from '../encode/hosts.js';
import { changedHeaderFault, headerValueFault, setHeaderFault } from '../validate/values/header.js';
import { destinationFor, routeTo, routeToNobody, type Sending } from './destinations.js';
import { type Lose, UNROUTED } from './losses.js';
import type { WrittenMatch } from './matches.js';
import { redirectFor, rewriteFor } from './paths.js';
import { retriesFor } from './retries.js';

type Effects = Omit<Rule, 'match' | 'owner' | 'origins'>;

/** What an HTTP rule does, or what becomes of requests that no rule decides; fields in the order in which people write them. */
export function bodyFor(rule: Effects, match: WrittenMatch, sending: Sending, lose: Lose): Raw {
  const { action } = rule;
  const headers = rule.headers === undefined ? undefined : headersFor(rule.headers, lose);
  const changed = headers === undefined ? {} : { headers };
  const sent = (to: readonly Destination[]): Raw => ({
    ...sentBody(rule, routeTo(to, sending, lose) ?? routeToNobody(sending), match, sending, lose),
    ...changed,
  });
  if (action === 'passthrough') {
    lose('passthrough', UNROUTED);
    return sent(ownDestination(sending));
  }
  if (typeof action === 'object' && 'to' in action) return sent(action.to);
  if (rule.fault !== undefined && !isIdle(rule.fault)) {
    lose('fault', 'Istio injects no faults where the proxy answers by itself, so that there are none', 'answer in a Service of its own');
  }
  return { ...answerFor(action, match, lose), ...changed };
}

function sentBody(rule: Effects, route: readonly Raw[], match: WrittenMatch, sending: Sending, lose: Lose): Raw {
  const rewrite = rule.rewrite === undefined ? undefined : rewriteFor(rule.rewrite, match, lose);
  const fault = rule.fault === undefined ? undefined : faultFor(rule.fault, lose);
  const retries = rule.retry === undefined ? undefined : retriesFor(rule.retry, lose);
  const corsPolicy = rule.preflight === undefined ? undefined : corsFor(rule.preflight, lose);
  return {
    ...(fault === undefined ? {} : { fault }),
    ...(rewrite === undefined ? {} : { rewrite }),
    route,
    ...((rule.timeoutMs ?? 0) > 0 ? { timeout: duration(rule.timeoutMs ?? 0) } : {}),
    ...(retries === undefined ? {} : { retries }),
    ...mirrorsFor(rule.mirrors ?? [], sending, lose),
    ...(corsPolicy === undefined ? {} : { corsPolicy }),
  };
}

/** The Service itself, by way of the mesh. */
export const ownDestination = ({ service, port, env }: Sending): readonly Destination[] => [
  { host: fqdnOf(service, env), port, weight: 1, endpoints: [] },
];

type Answered = Exclude<Action, 'passthrough' | { to: unknown }>;

/** What to do where connections were closed. */
export const REFUSE = 'refuse the callers by an AuthorizationPolicy, if that is what is meant';

/** What the proxy answers by itself. */
function answerFor(action: Answered, match: WrittenMatch, lose: Lose): Raw {
  const direct = (status: number, body?: string): Raw => ({
    directResponse: { status, ...(body === undefined ? {} : { body: { string: body } }) },
  });
  if (action === 'closed') {
    lose('closed', 'Istio cannot close a connection without an answer; these requests are answered with 503', REFUSE);
    return direct(503);
  }
  if ('status' in action) return direct(action.status);
  if ('directResponse' in action) return direct(action.directResponse.status, action.directResponse.body);
  return redirectFor(action.redirect, match, lose) ?? direct(500);
}

/** Percentages that Envoy counts as nothing. */
const isIdle = ({ delay, abort }: Fault): boolean => (delay?.percent ?? 0) <= 0 && (abort?.percent ?? 0) <= 0;

function faultFor({ delay, abort }: Fault, lose: Lose): Raw | undefined {
  const found = {
    ...(delay === undefined || delay.percent <= 0 || delay.ms <= 0
      ? {}
      : { delay: { percentage: { value: delay.percent }, fixedDelay: duration(delay.ms) } }),
    ...(abort === undefined || abort.percent <= 0 ? {} : abortFor(abort, lose)),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

function abortFor({ percent, status }: NonNullable<Fault['abort']>, lose: Lose): Raw {
  if (status >= 200 && status <= 600) return { abort: { percentage: { value: percent }, httpStatus: status } };
  lose('fault', `Istio aborts with a status from 200 to 600, not ${status}, so that there is no abort`);
  return {};
}

function mirrorsFor(mirrors: readonly Mirror[], sending: Sending, lose: Lose): Raw {
  const written = mirrors
    .filter(({ percent }) => percent > 0)
    .map(({ destination, percent }) => ({ destination: destinationFor(destination, sending, lose), percent }));
  const [first, ...others] = written;
  if (first === undefined) return {};
  const several = others.length > 0 && !isBefore(19, sending.env);
  if (others.length > 0 && !several) lose('mirror', 'Istio before 1.19 has one mirror in a rule, so that the first counts alone');
  if (several) {
    return {
      mirrors: written.map(({ destination, percent }) => ({ destination, ...(percent === 100 ? {} : { percentage: { value: percent } }) })),
    };
  }
  return { mirror: first.destination, ...(first.percent === 100 ? {} : { mirrorPercentage: { value: first.percent } }) };
}

function headersFor({ request, response }: NonNullable<Rule['headers']>, lose: Lose): Raw | undefined {
  const written = {
    ...(request === undefined ? {} : { request: changeFor(request, setHeaderFault, lose) }),
    ...(response === undefined ? {} : { response: changeFor(response, changedHeaderFault, lose) }),
  };
  const filled = Object.fromEntries(Object.entries(written).filter(([, change]) => Object.keys(change).length > 0));
  return Object.keys(filled).length === 0 ? undefined : filled;
}

function changeFor({ set, add, remove }: HeaderChange, nameFault: (name: string) => string | undefined, lose: Lose): Raw {
  const taken = (name: string, because: string | undefined): boolean => {
    if (because !== undefined) lose('headers', `header ${name}: ${because}, so that it stays as it is`);
    return because === undefined;
  };
  const values = (all: HeaderChange['set']) =>
    Object.fromEntries(Object.entries(all ?? {}).filter(([name, value]) => taken(name, nameFault(name) ?? headerValueFault(value))));
  const [sets, adds] = [values(set), values(add)];
  const removes = (remove ?? []).filter((name) => taken(name, changedHeaderFault(name)));
  return {
    ...(Object.keys(sets).length === 0 ? {} : { set: sets }),
    ...(Object.keys(adds).length === 0 ? {} : { add: adds }),
    ...(removes.length === 0 ? {} : { remove: removes }),
  };
}

/** Whose preflight requests are answered; what they are answered is not known. */
function corsFor(preflight: NonNullable<Rule['preflight']>, lose: Lose): Raw | undefined {
  if (preflight === 'all') return { unmatchedPreflights: 'IGNORE' };
  const allowOrigins = preflight.flatMap((is) => originFor(is, lose));
  return allowOrigins.length === 0 ? undefined : { allowOrigins };
}

function originFor(is: Str, lose: Lose): readonly Raw[] {
  if ('exact' in is || 'prefix' in is || 'regex' in is) return [is];
  if ('present' in is) return [{ regex: '.*' }];
  lose('preflight', 'Istio cannot allow all origins but one; preflight requests of these go on to the destination');
  return [];
}
