import type { MeshEnvironment } from '../contracts/mesh-adapter.js';
import type { Regexes } from '../evaluate/re2.js';
import type { Change } from '../model/change.js';
import type { Match, Request } from '../model/match.js';
import { type Owner, ownerKey, sameOwner } from '../model/owner.js';
import type { RouteTable, Rule } from '../model/table.js';
import { describeView, type View } from '../model/view.js';
import { createDecider, type Decider } from './decide.js';
import { describeRequest } from './describe-request.js';
import type { Leaving } from './leaving.js';
import { moreLost } from './more-lost.js';
import { describeResult, differingParts, type Result } from './outcome.js';
import { matchImplies, orEvery } from './overlap.js';
import { shortcomings } from './required-result.js';
import { isForeign, mayConcern, type Scope, scopeOf, withoutOwner } from './scope.js';
import type { TablePair } from './table-pairs.js';
import type { WitnessSource } from './witness-reach.js';

/** A request whose fate changes, and the rules of ours that decide it before and after, as far as they do. */
export interface ChangedRequest {
  readonly view: View;
  readonly port: number;
  readonly ruleBefore: Rule | undefined;
  readonly ruleAfter: Rule | undefined;
  readonly before: string;
  readonly after: string;
  /** Versions to which more of it, or of its copies, is lost than before. */
  readonly lost: readonly string[];
}

/** The check of one pair of tables, request by request. */
export interface PairCheck {
  readonly source: WitnessSource;
  /** Nothing differs and nothing is declared here: no request needs to be tried. */
  readonly idle: boolean;
  judge(request: Request): Judgement;
}

export interface Judgement {
  /** What is wrong with what becomes of the request. */
  readonly failure?: string;
  /** Its fate changes, whether rightly or not. */
  readonly changed?: ChangedRequest;
  /** A rule of others decides it again, which an object of ours kept from counting. */
  readonly uncovered?: string;
}

export interface PairContext {
  readonly change: Change;
  readonly regexes: Regexes;
  readonly env: Pick<MeshEnvironment, 'envoy'>;
  readonly leaving: Leaving;
  readonly spared: ReadonlySet<string>;
}

export function createPairCheck(pair: TablePair, { change, regexes, env, leaving, spared }: PairContext): PairCheck {
  const options = env.envoy === undefined ? {} : { envoy: env.envoy };
  const today = createDecider(pair.before ?? passingThrough(pair.after), regexes, options);
  const then = createDecider(pair.after ?? passingThrough(pair.before), regexes, options);
  const { view } = today.table;
  const declared = pair.declared ? change.intents.flatMap(({ match }) => orEvery(match)) : [];
  const others = withoutOwner(change.owner);

  const result = (decider: Decider, rule: Rule | undefined, request: Request): Result => ({ rule, answer: decider.answer(rule, request) });

  return {
    source: {
      address: pair.address,
      tables: [then.table.rules, today.table.rules],
      meetings: meetings(then.table, change.owner),
      declared,
      regexes,
      view: then.view,
    },
    idle:
      today.table.rules.every(others) &&
      tableContent(today) === tableContent(then) &&
      (declared.length === 0 || !mayConcern(change, today.table)),
    judge(request) {
      const seen = today.view(request);
      // Answered before any rule is looked at, whatever the rules are.
      if (seen.refused !== undefined && then.view(request).refused !== undefined) return {};
      const before = today.rule(seen);
      const base = before === undefined || others(before) ? before : today.rule(seen, others);
      const copied = base === undefined || isForeign(base) ? base : today.rule(seen, isForeign);
      const after = then.rule(then.view(request));
      const scope = scopeOf(change, { table: today.table, view: seen, base, copied, declared: pair.declared }, regexes);
      const [kept, moved] = [today.contentOf(base) === then.contentOf(after), today.contentOf(before) !== then.contentOf(after)];
      if (kept && !moved && scope.is === 'out') return {};
      const is = result(then, after, request);
      const wrong = failureOf(request, scope, result(today, base, request), is);
      const changed = moved ? changeOf(before, after, result(today, before, request), is) : undefined;
      return {
        ...(wrong === undefined ? {} : { [leaving(base) ? 'uncovered' : 'failure']: wrong }),
        ...(changed === undefined ? {} : { changed }),
      };
    },
  };

  function failureOf(request: Request, scope: Scope, base: Result, after: Result): string | undefined {
    const inside = scope.is === 'out' ? [] : shortcomings({ change, scope, base, after, today, then, request, spared });
    const outside = scope.is === 'in' ? [] : differingParts(base, after);
    if (scope.is === 'either' && (inside.length === 0 || outside.length === 0)) return undefined;
    const wrong = scope.is === 'out' ? outside.map((part) => `its ${part} would change`) : inside;
    if (wrong.length === 0) return undefined;
    const what = scope.is === 'out' ? 'is none of the requests that may change' : 'is one of the requests that are declared';
    const results = `before ${describeResult(base, change)}, after ${describeResult(after, change)}`;
    return `${describeRequest(request)}, from ${describeView(view)}, ${what}, but ${wrong.join(', ')} (${results})`;
  }

  function changeOf(before: Rule | undefined, after: Rule | undefined, was: Result, is: Result): ChangedRequest | undefined {
    const parts = differingParts(was, is);
    if (parts.length === 0) return undefined;
    const [told, text] = [describeResult(was, change), describeResult(is, change)];
    const [ruleBefore, ruleAfter] = [before, after].map((rule) => (rule === undefined || others(rule) ? undefined : rule));
    return {
      view,
      port: today.table.port,
      ruleBefore,
      ruleAfter,
      before: told,
      after: told === text ? `${text}, with another ${parts.join(', ')}` : text,
      lost: moreLost(was.answer, is.answer, change),
    };
  }
}

/**
 * Our rules that do not stand right before a foreign rule which contains them, each with the rules of others that follow: there a
 * request may come to us that was another rule's.
 */
function* meetings(table: RouteTable, owner: Owner): Generator<readonly [Match, Match]> {
  for (const [index, rule] of table.rules.entries()) {
    if (!sameOwner(rule.owner, owner)) continue;
    const later = table.rules.slice(index + 1).filter(withoutOwner(owner));
    const next = later.find(isForeign);
    const loose = orEvery(rule.match).filter(
      (match) => next === undefined || !orEvery(next.match).some((wide) => matchImplies(match, wide)),
    );
    for (const match of loose) for (const other of later) for (const theirs of orEvery(other.match)) yield [match, theirs];
  }
}

/** All of a table that decides: equal for tables that do the same, the change's own rules included. */
function tableContent(decider: Decider): string {
  const { rules } = decider.table;
  const owners = rules.map(({ owner }) => (owner === 'foreign' ? owner : ownerKey(owner)));
  return JSON.stringify([owners, rules.map(decider.contentOf), decider.contentOf(undefined)]);
}

/** Stands for "no table covers it": such requests are sent on unrouted. */
function passingThrough(other: RouteTable | undefined): RouteTable {
  const view: View = other?.view ?? { plane: 'mesh', clients: {} };
  return { view, domains: ['*'], port: other?.port ?? 0, protocol: 'http', rules: [], otherwise: 'passthrough' };
}
