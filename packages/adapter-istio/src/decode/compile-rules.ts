import { describeRef, type Findings, type Match, type MeshEnvironment, type Owner, type Rule, refKey } from '@heddle/core';
import { parseRuleName } from '../owned/rule-name.js';
import { type ActionContext, compileAction, faultOf, headersOf, mirrorsOf, rewriteOf } from './compile-action.js';
import { appliesEverywhere, appliesHere, compileMatch, isCatchAll, type MatchContext } from './compile-match.js';
import { preflightOf } from './preflight.js';
import { milliseconds, text } from './raw.js';
import type { HttpRule, VirtualService } from './world-types.js';

export type RulesContext = MatchContext & ActionContext & { readonly env: MeshEnvironment; readonly found: Findings };

/** What a (rule, match) pair becomes in the proxy. */
export interface Route {
  readonly rule: HttpRule;
  readonly match: Match;
  readonly claims: readonly string[];
  /** A catch-all, or behind one of ours: a gateway tries it after the routes of others. */
  readonly last: boolean;
  readonly virtualService: VirtualService;
  /** Where it was compiled: a gateway's routes of one host can come from servers with different ports. */
  readonly context: RulesContext;
}

/**
 * The routes of a VirtualService for one proxy, port and gateway; a catch-all ends the list. Empty: it does not count here.
 * One of ours does not: no later rule decides anything behind it, but those of others must be known, to be copied and given back.
 */
export function routesOf(virtualService: VirtualService, context: RulesContext): readonly Route[] {
  const routes: Route[] = [];
  let behindOurs = false;
  for (const [position, rule] of virtualService.http.entries()) {
    for (const raw of rule.match.length === 0 ? [undefined] : rule.match) {
      if (raw !== undefined && !appliesHere(raw, context)) continue;
      const { match, claims } = raw === undefined ? { match: {}, claims: [] } : compileMatch(raw, context.env, rule.dialect);
      const catchAll = isCatchAll(match, claims) && rule.opaque === undefined;
      routes.push({ rule, match, claims, last: catchAll || behindOurs, virtualService, context });
      if (!catchAll) continue;
      behindOurs = true;
      if (ownerOf(rule) !== 'foreign') break;
      // For other ports or callers the list may go on.
      if (raw === undefined || appliesEverywhere(raw)) reportUnreached(virtualService, position, context.found);
      return routes;
    }
    if (rule.match.length === 0 && ownerOf(rule) === 'foreign') break;
  }
  return routes;
}

/** A rule of a route with several matches stands in several places: it is reached if one of them is. */
function reportUnreached(virtualService: VirtualService, position: number, found: Findings): void {
  const reached = new Set(virtualService.http.slice(0, position + 1).map(placeOf));
  for (const rule of virtualService.http.slice(position + 1)) {
    const at = rule.origins.at(-1);
    if (rule.dialect !== undefined && reached.has(placeOf(rule))) continue;
    const own = rule.dialect !== undefined || virtualService.legacy === true;
    const ref = (own ? at?.ref : undefined) ?? virtualService.ref;
    const named = virtualService.legacy ? 'it' : rule.name === '' ? `rule ${at?.index ?? '?'}` : `rule ${rule.name}`;
    const why = rule.dialect === undefined ? 'an earlier rule' : 'one that goes before it';
    const pointer = at !== undefined && refKey(at.ref) === refKey(ref) ? { pointer: at.pointer } : {};
    found.problem('rule-unreached', `${describeRef(ref)}: ${named} is never reached, ${why} matches every request`, ref, pointer);
  }
}

const placeOf = ({ origins }: HttpRule): string => JSON.stringify(origins.map(({ ref, pointer }) => [refKey(ref), pointer]));

/** Rules of a table from routes in their final order; neighbouring routes of one rule become one rule with several matches. */
export function rulesFrom(routes: readonly Route[]): readonly Rule[] {
  const groups: Route[][] = [];
  for (const route of routes) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    const same =
      first?.rule === route.rule && first.context === route.context && JSON.stringify(first.claims) === JSON.stringify(route.claims);
    if (last !== undefined && same) last.push(route);
    else groups.push([route]);
  }
  return groups.flatMap(([first, ...more]) => (first === undefined ? [] : [compileRule(first, more)]));
}

function compileRule(first: Route, more: readonly Route[]): Rule {
  const { rule, virtualService, context } = first;
  const isSentOn = rule.redirect === undefined && rule.directResponse === undefined;
  const rewrite = isSentOn ? rewriteOf(rule) : undefined;
  const mirrors = mirrorsOf(rule, context);
  const headers = headersOf(rule);
  const { fault, grpc } = faultOf(rule.fault);
  const timeoutMs = milliseconds(rule.timeout);
  const preflight = isSentOn ? preflightOf(rule.corsPolicy) : undefined;
  const opaque = {
    ...rule.opaque,
    ...(first.claims.length === 0 ? {} : { 'request.auth.claims': first.claims }),
    ...(grpc === undefined ? {} : { 'fault.abort.grpcStatus': grpc }),
  };
  const everything = more.length === 0 && Object.keys(first.match).length === 0;
  const routes = [first, ...more];
  return {
    match: everything ? [] : routes.map(({ match }) => match),
    action: compileAction(rule, context),
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(fault === undefined ? {} : { fault }),
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(headers === undefined ? {} : { headers }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(rule.retries === undefined ? {} : { retry: rule.retries }),
    ...(preflight === undefined ? {} : { preflight }),
    ...(Object.keys(opaque).length === 0 ? {} : { opaque }),
    owner: ownerOf(rule),
    origins: rule.origins,
    label:
      rule.dialect === undefined ? labelOf(virtualService, rule.name, more.length === 0 ? text(first.match.name) : '') : labelOfRoute(rule),
  };
}

function labelOf(virtualService: VirtualService, ruleName: string, matchName: string): string {
  const name = matchName === '' ? ruleName : `${ruleName}.${matchName}`;
  return `${virtualService.namespace}/${virtualService.name}${name === '' ? '' : ` ${name}`}`;
}

/** The mesh's own name for it (`shop.cart.0`) is not what the user wrote. */
const labelOfRoute = ({ origins: [at] }: HttpRule): string => (at === undefined ? '' : `${describeRef(at.ref)} rule ${at.index}`);

function ownerOf(rule: HttpRule): Owner | 'foreign' {
  return parseRuleName(rule.origins.at(-1)?.name)?.owner ?? 'foreign';
}
