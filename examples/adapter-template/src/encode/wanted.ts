import { type Change, type ComposedIntent, composeIntents, type Match, type Refusal, type Result, refusal } from '@heddle/core';
import { meet } from './meet.js';
import { invalid, unwritable } from './write-match.js';

/** A Service that gets requests or copies. */
export interface To {
  readonly namespace: string;
  readonly name: string;
}

/** What becomes of requests; what is not there stays as the copied rule has it. */
export interface Deed {
  readonly to?: readonly (To & { readonly weight: number })[];
  readonly mirror?: To & { readonly percent: number };
}

/** Requests, and what shall become of them. Of several that match one request the first counts. */
export interface Wanted {
  readonly match: Match;
  /** One object for all matches of an intent. */
  readonly deed: Deed;
}

/** What a change declares, one entry per match, or what of it cannot be written. */
export function wantedOf(change: Change): Result<readonly Wanted[]> {
  if (change.views !== 'all') {
    return { refused: [refusal('views', 'A route holds for all clients of a namespace', { instead: 'change all views' })] };
  }
  const composed = composeIntents(change.intents);
  if ('refused' in composed) return composed;
  const refused: Refusal[] = [];
  const wanted: Wanted[] = [];
  for (const intent of composed.ok) {
    const deed = deedOf(intent, change);
    if ('refused' in deed) {
      refused.push(...deed.refused);
      continue;
    }
    for (const declared of intent.match) {
      const match = meet({}, declared);
      if (match === 'never') continue;
      const why = match === 'unclear' ? twice() : obstacle(match);
      if (why !== undefined) refused.push(why);
      else if (match !== 'unclear') wanted.push({ match, deed: deed.ok });
    }
  }
  return refused.length > 0 ? { refused } : { ok: wanted };
}

function deedOf({ to, mirror, fault }: ComposedIntent, { versions }: Change): Result<Deed> {
  const refused: Refusal[] = [];
  const service = (version: string): To => {
    const found = versions.find(({ id }) => id === version);
    if (found?.realise === 'service') return found.service;
    refused.push(refusal(`to.${found?.realise ?? 'service'}`, `Version ${version} is no Service of its own, and a backend must be one`));
    return { namespace: '', name: '' };
  };
  if (fault !== undefined) refused.push(refusal('fault', 'A route cannot make requests fail'));
  if (mirror !== undefined && !Number.isInteger(mirror.percent)) {
    refused.push(refusal('mirror-percent', `A route mirrors whole percentages, and ${mirror.percent} is none`));
  }
  const deed: Deed = {
    ...(to === undefined ? {} : { to: to.map(({ version, weight }) => ({ ...service(version), weight })) }),
    ...(mirror === undefined ? {} : { mirror: { ...service(mirror.version), percent: mirror.percent } }),
  };
  return refused.length > 0 ? { refused } : { ok: deed };
}

function obstacle(match: Match): Refusal | undefined {
  const why = invalid(match);
  if (why !== undefined) return refusal('match-value', `This condition cannot be written: ${why}`);
  const feature = unwritable(match);
  return feature === undefined ? undefined : refusal(feature, `A route cannot express this condition (${feature})`);
}

const twice = (): Refusal =>
  refusal('two-conditions', 'A route has one condition on a header, parameter or path at most, and two are declared', {
    instead: 'match on another header',
  });
