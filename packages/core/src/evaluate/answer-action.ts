import type { Answer } from '../model/answer.js';
import type { Match } from '../model/match.js';
import type { Action, Destination, Rule } from '../model/table.js';
import { mirrorOutcome, outcomesOf } from './outcomes.js';
import { redirectLocation } from './redirect-location.js';
import type { RequestView } from './request-view.js';
import { authorityFromPath, rewritePath } from './rewrite-path.js';

/** The part of an answer that the action decides. */
export type ActionAnswer = Omit<Answer, 'trace' | 'notes' | 'route' | 'decidedBy'> & { readonly notes?: readonly string[] };

interface Context {
  readonly rule?: Rule;
  /** The match that held. */
  readonly match: Match;
  readonly view: RequestView;
  readonly protocol: 'http' | 'tcp';
}

/** The host that outcomes name when a request is sent on to where the client resolved it, unrouted. */
export const PASSTHROUGH = 'PassthroughCluster';

export function answerAction(action: Action, context: Context): ActionAnswer {
  const tcp = context.protocol === 'tcp' ? { protocol: 'tcp' as const } : {};
  const faults = context.rule?.fault === undefined ? {} : { faults: context.rule.fault };
  if (action === 'closed') return { ...tcp, outcomes: [] };
  if (action === 'passthrough') {
    const { target, request } = context.view;
    return { ...tcp, outcomes: [{ probability: 1, host: PASSTHROUGH }], seen: { path: target, authority: request.authority } };
  }
  if ('status' in action) return { ...tcp, status: action.status, outcomes: [], ...faults };
  if ('redirect' in action) {
    const { code } = action.redirect;
    const location = redirectLocation(action.redirect, context.match.path, context.view);
    return { ...tcp, status: code, outcomes: [], redirect: { code, location }, ...faults };
  }
  if ('directResponse' in action) {
    const { status, body } = action.directResponse;
    const sent = status === 204 || status === 304 ? undefined : body;
    const location = tellsWhere(status)
      ? { redirect: { code: status, location: redirectLocation({ code: status }, undefined, context.view) } }
      : {};
    return { ...tcp, status, outcomes: [], ...(sent === undefined ? {} : { body: sent }), ...location, ...faults };
  }
  return { ...tcp, ...forward(action.to, context), ...faults };
}

/** A direct response of such a status names the request's own URL as its location (envoy `source/common/router/router.cc`). Observed with Envoy 1.40. */
const tellsWhere = (status: number): boolean => status === 201 || (status >= 300 && status < 400);

function forward(to: Extract<Action, { to: unknown }>['to'], context: Context): ActionAnswer {
  const outcomes = outcomesOf(to, context.protocol);
  if (outcomes.length === 0) return { status: 503, outcomes: [], notes: ['the rule has no destination that can be chosen'] };
  const live = outcomes.some(({ reason }) => reason === undefined);
  const [first] = outcomes;
  const same = outcomes.every(({ status }) => status === first?.status) ? first?.status : undefined;
  const mirrors = live ? (context.rule?.mirrors ?? []).map(mirrorOutcome) : [];
  return {
    ...(same === undefined ? {} : { status: same }),
    outcomes,
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(live ? { seen: seenBy(context, liveIn(to)) } : {}),
    ...(live && !seenAlike(to) ? { notes: ['each destination sees an authority of its own: the first one is shown'] } : {}),
  };
}

const chosen = (to: readonly Destination[]): readonly Destination[] => (to.length === 1 ? to : to.filter(({ weight }) => weight > 0));

const liveIn = (to: readonly Destination[]): Destination | undefined =>
  chosen(to).find(({ endpoints }) => endpoints !== 'no-cluster' && endpoints.length > 0);

const seenAlike = (to: readonly Destination[]): boolean => new Set(chosen(to).map(({ authority }) => authority)).size < 2;

function seenBy({ rule, match, view, protocol }: Context, by: Destination | undefined): { path: string; authority: string } {
  const { authority } = view.request;
  if (protocol === 'tcp') return { path: view.request.path, authority };
  const { path, authority: made = by?.authority ?? authority } = rule?.rewrite ?? {};
  return {
    path: path === undefined ? view.target : rewritePath(view.target, match.path, path),
    authority: typeof made === 'string' ? made : authorityFromPath(view.target, made),
  };
}
