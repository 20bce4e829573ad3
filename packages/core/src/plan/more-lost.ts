import type { Answer, MirrorOutcome, Outcome } from '../model/answer.js';
import type { Change } from '../model/change.js';
import { versionOf } from './outcome.js';

/** Versions to which a greater share of a request, or of its copies, goes than did, though nobody is there to answer. */
export function moreLost(was: Answer, is: Answer, change: Change): readonly string[] {
  const before = { requests: lostTo(was.outcomes, change), copies: lostTo(copiesOf(was), change) };
  const after = { requests: lostTo(is.outcomes, change), copies: lostTo(copiesOf(is), change) };
  const more = (kind: keyof typeof after) => [...after[kind]].filter(([id, share]) => share > (before[kind].get(id) ?? 0) + 1e-9);
  return [...new Set([...more('requests'), ...more('copies')].map(([id]) => id))];
}

type Lost = Pick<Outcome, 'host' | 'subset' | 'labels' | 'reason' | 'probability'>;

const copiesOf = ({ mirrors = [] }: Answer): readonly Lost[] =>
  mirrors.map(({ percent, ...mirror }: MirrorOutcome) => ({ ...mirror, probability: percent / 100 }));

/** Shares by version. */
function lostTo(outcomes: readonly Lost[], change: Change): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const outcome of outcomes) {
    const id = outcome.reason === undefined ? undefined : versionOf(outcome, change)?.id;
    if (id !== undefined) shares.set(id, (shares.get(id) ?? 0) + outcome.probability);
  }
  return shares;
}
