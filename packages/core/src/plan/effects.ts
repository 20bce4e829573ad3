import { describeMatches } from '../describe/describe-match.js';
import { type Change, describeService } from '../model/change.js';
import { viewKey } from '../model/view.js';
import { groupBy } from './group-by.js';
import type { ChangedRequest } from './pair-check.js';
import type { Effect } from './types.js';

/** Rules named in one line; more are counted. */
const NAMED = 3;

/**
 * What the change does to requests, one line per view, port and outcome: those that the check saw change. Rules with one outcome
 * are one line; where all of ours do the same, it names what is declared instead of each copy.
 */
export function effectsOf(change: Change, changed: readonly ChangedRequest[]): readonly Effect[] {
  const places = groupBy(changed, ({ view, port }) => `${viewKey(view)} ${port}`);
  return [...places.values()].flatMap((inPlace) => {
    const outcomes = [...groupBy(inPlace, ({ before, after }) => `${before} → ${after}`).values()];
    return outcomes.flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { view, port, before, after } = first;
      return [{ view, port, requests: outcomes.length === 1 ? declaredWords(change, same) : ruleWords(change, same), before, after }];
    });
  });
}

function declaredWords(change: Change, changed: readonly ChangedRequest[]): string {
  if (change.intents.length === 0) return ruleWords(change, changed);
  return words(change, [
    describeMatches(change.intents.some(({ match }) => match.length === 0) ? [] : change.intents.flatMap(({ match }) => match)),
  ]);
}

function ruleWords(change: Change, changed: readonly ChangedRequest[]): string {
  return words(change, [...new Set(changed.map(({ rule }) => describeMatches(rule?.match ?? [])))]);
}

function words(change: Change, matches: readonly string[]): string {
  if (matches.includes('every request')) return `everyone who calls ${change.services.map(describeService).join(', ')}`;
  const named = matches.slice(0, NAMED).join(', or ');
  const more = matches.length - NAMED;
  return `requests with ${named}${more > 0 ? `, or ${more} more` : ''}`;
}
