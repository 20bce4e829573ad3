import type { Fault, Intent } from '@heddle/core';
import type { Random } from '../generate/random.ts';
import type { CaseRequest } from '../routing-case.ts';
import { type AimedMatch, aimedMatch } from './aimed-match.ts';

export interface StandingIntents {
  readonly intents: readonly Intent[];
  /** Requests of the case, made to satisfy one or two of the intents. */
  readonly requests: readonly CaseRequest[];
}

const AIMED = 6;
const WEIGHTS = [[100], [60, 40], [90, 10], [50, 30, 20], [0, 100]] as const;
const PERCENTS = [100, 10, 50, 0.1, 1.13, 33.3333] as const;

/** What the standing routes of one service may say: one to four things of any dimension, most of them for some requests only. */
export function standingIntents(random: Random, versions: readonly string[], requests: readonly CaseRequest[]): StandingIntents {
  const matches: AimedMatch[] = [];
  const matchOf = () => {
    if (random.chance(0.35)) return [];
    const some = Array.from({ length: random.chance(0.15) ? 2 : 1 }, () => aimedMatch(random, requests));
    matches.push(...some);
    return some.map(({ match }) => match);
  };
  const intents = Array.from({ length: 1 + random.below(4) }, () =>
    random.weighted<() => Intent>([
      [3, () => ({ match: matchOf(), to: sharesOf(random, versions) })],
      [2, () => ({ match: matchOf(), mirror: { version: random.pick(versions), percent: random.pick(PERCENTS) } })],
      [2, () => ({ match: matchOf(), fault: faultOf(random) })],
    ])(),
  );
  // As core orders entries: those for every request count last.
  const inOrder = [...intents.filter(({ match }) => match.length > 0), ...intents.filter(({ match }) => match.length === 0)];
  const aimed = matches.length === 0 ? [] : Array.from({ length: AIMED }, () => random.some(matches, 1, 2));
  return { intents: inOrder, requests: aimed.map((some) => some.reduce((request, { aim }) => aim(request), random.pick(requests))) };
}

function sharesOf(random: Random, versions: readonly string[]): readonly { readonly version: string; readonly weight: number }[] {
  const chosen = random.shuffled(versions);
  const weights = random.pick(WEIGHTS.filter(({ length }) => length <= chosen.length));
  return weights.map((weight, index) => ({ version: chosen[index] ?? '', weight }));
}

function faultOf(random: Random): Fault {
  const delay = { percent: random.pick(PERCENTS), ms: random.pick([7000, 250, 1001]) };
  const abort = { percent: random.pick(PERCENTS), status: random.pick([500, 503, 418]) };
  return random.pick<Fault>([{ delay }, { abort }, { delay, abort }]);
}
