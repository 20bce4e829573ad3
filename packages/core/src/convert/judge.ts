import type { Regexes } from '../evaluate/re2.js';
import type { RequestView } from '../evaluate/request-view.js';
import type { Request } from '../model/match.js';
import type { PodRef, RouteTable, Rule } from '../model/table.js';
import type { Client } from '../model/view.js';
import { createDecider, type Decider } from '../plan/decide.js';
import type { Result } from '../plan/outcome.js';
import type { TablePair } from '../plan/table-pairs.js';
import { describeTold } from './describe-told.js';
import { differingTold, toldParts } from './told-parts.js';
import type { LossWitness, ToldPart } from './types.js';

/** What two meshes do with one request, where anybody can tell it apart. */
export interface Difference {
  readonly client: Client;
  readonly request: Request;
  readonly parts: readonly ToldPart[];
  /** The source's rule that decides, and the target's; `undefined`: none does. */
  readonly rule: Rule | undefined;
  readonly later: Rule | undefined;
  /** The two proxies do not read the same path in it, or one refuses it, before they look at rules. */
  readonly readsOtherwise: boolean;
  readonly witness: LossWitness;
}

/** The tables that decide one client's requests before and after, ready for many requests. */
export interface Judge {
  readonly before: Decider;
  readonly after: Decider;
  readonly regexes: Regexes;
  /** The source's rule that decides. */
  rule(request: Request): Rule | undefined;
  /** `undefined`: nobody can tell the results apart. */
  judge(request: Request): Difference | undefined;
}

export interface JudgeContext {
  /** Envoy's version in the source's mesh, and in the target's. */
  readonly envoys: readonly [string | undefined, string | undefined];
  /** The ready Pods of the Service that is dialled; `undefined`: it is none. */
  readonly direct: readonly PodRef[] | undefined;
  /** Patterns that were compiled before. */
  readonly regexes: Regexes;
}

export function createJudge(pair: Pick<TablePair, 'before' | 'after' | 'client'>, { envoys, direct, regexes }: JudgeContext): Judge {
  const decider = (table: RouteTable | undefined, other: RouteTable | undefined, envoy: string | undefined) =>
    createDecider(table ?? passingThrough(other), regexes, envoy === undefined ? {} : { envoy });
  const before = decider(pair.before, pair.after, envoys[0]);
  const after = decider(pair.after, pair.before, envoys[1]);
  const alike = new Map<Rule | undefined, Set<Rule | undefined>>();
  const { client } = pair;
  return {
    before,
    after,
    regexes,
    rule: (request) => decided(before, before.view(request)),
    judge(request) {
      const views = [before.view(request), after.view(request)] as const;
      const [rule, later] = [decided(before, views[0]), decided(after, views[1])];
      const readsOtherwise = views[0].target !== views[1].target || views[0].refused?.status !== views[1].refused?.status;
      const isPlain = !readsOtherwise && views[0].refused === undefined && !looksAtRequest(rule) && !looksAtRequest(later);
      // What two rules make of one request they make of all, where neither makes anything of it.
      if (isPlain && alike.get(rule)?.has(later) === true) return undefined;
      const [was, is]: readonly [Result, Result] = [
        { rule, answer: before.answer(rule, request) },
        { rule: later, answer: after.answer(later, request) },
      ];
      const parts = differingTold(toldParts(was, direct), toldParts(is, direct));
      if (parts.length === 0 && isPlain) alike.set(rule, (alike.get(rule) ?? new Set()).add(later));
      if (parts.length === 0) return undefined;
      const told = { client, request, before: describeTold(was, parts), after: describeTold(is, parts), differs: parts };
      return { client, request, parts, rule, later, readsOtherwise, witness: told };
    },
  };
}

/** Whether a rule's answer, or what arrives of a request, depends on more of it than that the rule decides. */
function looksAtRequest(rule: Rule | undefined): boolean {
  if (rule === undefined) return false;
  const { action, rewrite, preflight } = rule;
  if (rewrite !== undefined || preflight !== undefined || typeof action === 'string') return true;
  return !('to' in action) || action.to.some(({ authority }) => authority !== undefined);
}

function decided(decider: Decider, view: RequestView): Rule | undefined {
  return view.refused === undefined ? decider.rule(view) : undefined;
}

/** Stands for "no table covers it": such requests are sent on unrouted. */
function passingThrough(other: RouteTable | undefined): RouteTable {
  return {
    view: other?.view ?? { plane: 'mesh', clients: {} },
    ...{ domains: ['*'], port: other?.port ?? 0, protocol: 'http', rules: [], otherwise: 'passthrough' },
  };
}
