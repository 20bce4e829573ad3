import type { MeshEnvironment } from '../contracts/mesh-adapter.js';
import { regexCache } from '../evaluate/re2.js';
import type { Change } from '../model/change.js';
import type { RouteTable } from '../model/table.js';
import { viewHolds } from '../model/view.js';
import type { Leaving } from './leaving.js';
import { type ChangedRequest, createPairCheck, type PairCheck } from './pair-check.js';
import { tablePairs } from './table-pairs.js';
import { unwitnessed, witnessRequests } from './witness-requests.js';

/** Requests tried over all tables of one plan: beyond, large tables are tried with fewer values, and the plan says so. */
const BUDGET = 16_000;
const LEAST_PER_PAIR = 500;
/** One failure is enough to refuse; a few show the pattern. */
const SHOWN = 3;

/** What is no failure though it looks like one. */
export interface Allowed {
  readonly leaving?: Leaving;
  /** Versions for which nobody answers, as is known, and to which no more goes than does already. */
  readonly spared?: ReadonlySet<string>;
}

export interface EffectCheck {
  /** Each names a request, what is wrong with what becomes of it, and what that is before and after. */
  readonly failures: readonly string[];
  readonly changed: readonly ChangedRequest[];
  /** Requests that a rule of others decides again once an object of ours is gone; a few, told like failures. */
  readonly uncovered: readonly string[];
  readonly witnesses: number;
  readonly unwitnessed: readonly string[];
  /** Tables for which not all values could be tried within bounds. */
  readonly cut: number;
}

/**
 * Tries requests on the tables before and after: outside the change's scope the result is the same, inside it is what is declared.
 * The tables before count without the owner's own rules, so that creating, re-encoding and removing are judged alike.
 */
export function checkEffect(
  change: Change,
  before: readonly RouteTable[],
  after: readonly RouteTable[],
  env: Pick<MeshEnvironment, 'envoy'>,
  { leaving = () => false, spared = new Set() }: Allowed = {},
): EffectCheck {
  const regexes = regexCache();
  const pairs = tablePairs(before, after, (client) => change.views === 'all' || change.views.some((view) => viewHolds(view, client)));
  const checks = pairs.map((pair) => createPairCheck(pair, { change, regexes, env, leaving, spared })).filter(({ idle }) => !idle);
  const budget = Math.max(LEAST_PER_PAIR, Math.floor(BUDGET / Math.max(1, checks.length)));
  const results = checks.map((check) => tryRequests(check, budget));
  return {
    failures: results.flatMap(({ failures }) => failures).slice(0, SHOWN),
    changed: results.flatMap(({ changed }) => changed),
    uncovered: results.flatMap(({ uncovered }) => uncovered).slice(0, SHOWN),
    witnesses: results.reduce((sum, { witnesses }) => sum + witnesses, 0),
    unwitnessed: [...new Set(checks.flatMap(({ source }) => unwitnessed(source)))],
    cut: results.filter(({ cut }) => cut).length,
  };
}

function tryRequests(check: PairCheck, budget: number) {
  const failures: string[] = [];
  const uncovered: string[] = [];
  const changed = new Map<string, ChangedRequest>();
  let witnesses = 0;
  let cut = false;
  for (const request of witnessRequests(check.source)) {
    if (witnesses === budget) cut = true;
    if (cut || failures.length === SHOWN) break;
    witnesses += 1;
    const judged = check.judge(request);
    if (judged.failure !== undefined) failures.push(judged.failure);
    if (judged.uncovered !== undefined && uncovered.length === 0) uncovered.push(judged.uncovered);
    const change = judged.changed;
    if (change !== undefined)
      changed.set(JSON.stringify([change.ruleBefore?.origins, change.ruleAfter?.origins, change.before, change.after]), change);
  }
  return { failures, uncovered, changed: [...changed.values()], witnesses, cut };
}
