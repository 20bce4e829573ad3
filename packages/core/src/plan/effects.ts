import { composeIntents, joinMatches } from '../adapters/compose-intents.js';
import { describeMatches } from '../describe/describe-match.js';
import { type Change, describeService, type Intent } from '../model/change.js';
import type { Match } from '../model/match.js';
import type { Rule } from '../model/table.js';
import { viewKey } from '../model/view.js';
import { canonicalJson } from './content-hash.js';
import { groupBy } from './group-by.js';
import { matchImplies, orEvery, overlapping } from './overlap.js';
import type { ChangedRequest } from './pair-check.js';
import type { Effect } from './types.js';

/** Conditions named in one line; more are counted. */
const NAMED = 3;

/** Changed requests that are told by one match: a declared one, or where that has several outcomes those of the rules themselves. */
interface Told {
  readonly match: readonly Match[];
  readonly changed: ChangedRequest;
}

/**
 * What the change does to requests, one line per view, port and outcome: those that the check saw change. Where all that is declared of
 * some requests has one outcome, the line names that instead of each copy of it. `was`: what the owner's rules say today.
 */
export function effectsOf(change: Change, changed: readonly ChangedRequest[], was: readonly Intent[] = []): readonly Effect[] {
  const declared = { before: declaredParts(was), after: declaredParts(change.intents) };
  const places = groupBy(changed, ({ view, port }) => `${viewKey(view)} ${port}`);
  return [...places.values()].flatMap((inPlace) => {
    const regions = groupBy(inPlace, (one) => canonicalJson(regionOf(one, declared)));
    const told = [...regions.values()].flatMap((region) => tell(region, declared));
    const outcomes = [...groupBy(told, ({ changed: { before, after } }) => `${before} → ${after}`).values()];
    const lines = narrowerFirst(outcomes).flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { view, port, before, after } = first.changed;
      const isRest = outcomes.length > 1 || [...declared.before, ...declared.after].some((part) => !tells(same, part));
      return [{ view, port, requests: words(change, same, isRest), before, after }];
    });
    // What is for all others comes after what they are other than.
    const isElse = ({ requests }: Effect) => requests.startsWith('everyone ');
    return [...lines.filter((line) => !isElse(line)), ...lines.filter(isElse)];
  });
}

/** A line is read after those before it: what holds for some of its requests comes first. */
function narrowerFirst(lines: readonly (readonly Told[])[]): readonly (readonly Told[])[] {
  const matchOf = (line: readonly Told[]) => line.flatMap(({ match }) => match);
  const placed: (readonly Told[])[] = [];
  for (const line of lines) {
    const wider = placed.findIndex((other) => overlapping(matchOf(line), matchOf(other)) === 'contained');
    placed.splice(wider < 0 ? placed.length : wider, 0, line);
  }
  return placed;
}

interface Declared {
  readonly before: readonly (readonly Match[])[];
  readonly after: readonly (readonly Match[])[];
}

/** The matches of what is declared, the first of which decides. What cannot be composed has been refused elsewhere. */
function declaredParts(intents: readonly Intent[]): readonly (readonly Match[])[] {
  const composed = composeIntents(intents);
  return 'refused' in composed ? [] : composed.ok.map(({ match }) => match);
}

/** The requests that are declared before and after, as far as they are; `undefined`: nothing is known but our rules. */
function regionOf({ ruleBefore, ruleAfter }: ChangedRequest, declared: Declared): readonly Match[] | undefined {
  const before = partOf(ruleBefore, declared.before);
  const after = partOf(ruleAfter, declared.after);
  if (before === undefined || after === undefined) return before ?? after;
  const joined = before.flatMap((x) => after.map((y) => joinMatches(x, y))).filter((match) => match !== 'never');
  const sayable = joined.filter((match) => match !== 'unsayable');
  return sayable.length < joined.length ? narrower(before, after) : sayable;
}

function partOf(rule: Rule | undefined, parts: readonly (readonly Match[])[]): readonly Match[] | undefined {
  if (rule === undefined) return undefined;
  return parts.find((part) => orEvery(rule.match).every((narrow) => part.some((wide) => matchImplies(narrow, wide))));
}

function narrower(a: readonly Match[], b: readonly Match[]): readonly Match[] {
  return overlapping(a, b) === 'contains' ? b : a;
}

function tell(region: readonly ChangedRequest[], declared: Declared): readonly Told[] {
  const [first] = region;
  const outcomes = new Set(region.map(({ before, after }) => `${before} → ${after}`));
  const match = first === undefined ? undefined : regionOf(first, declared);
  return region.map((changed) => ({ changed, match: match !== undefined && outcomes.size === 1 ? match : matchOfRules(changed) }));
}

function matchOfRules({ ruleBefore, ruleAfter }: ChangedRequest): readonly Match[] {
  const [before, after] = [orEvery(ruleBefore?.match ?? []), orEvery(ruleAfter?.match ?? [])];
  return narrower(after, before);
}

/** Whether a line tells all of a declared part; one for every request tells what the narrower parts before it leave over. */
function tells(same: readonly Told[], part: readonly Match[]): boolean {
  const isEvery = (match: readonly Match[]) => overlapping(match, []) === 'equal';
  return same.some(({ match }) => (isEvery(part) || !isEvery(match)) && ['equal', 'contains'].includes(overlapping(match, part)));
}

/** `isRest`: there are others for whom the line does not hold. */
function words(change: Change, told: readonly Told[], isRest: boolean): string {
  const matches = [...new Set(told.map(({ match }) => describeMatches(match)))];
  if (matches.includes('every request')) {
    return `everyone ${isRest ? 'else ' : ''}who calls ${change.services.map(describeService).join(', ')}`;
  }
  const named = matches.slice(0, NAMED).join(', or ');
  const more = matches.length - NAMED;
  return `requests with ${named}${more > 0 ? `, or ${more} more` : ''}`;
}
