import { type Change, type Match, type Refusal, type Result, refusal } from '@heddle/core';
import { invalid, unwritable } from './write-match.js';

/** Requests, and the Services that shall get them with their weights. */
export interface Wanted {
  readonly match: Match;
  readonly to: readonly { readonly namespace: string; readonly name: string; readonly weight: number }[];
}

/** What a change declares, one entry per match, or what of it cannot be written. */
export function wantedOf({ intents, versions, views }: Change): Result<readonly Wanted[]> {
  const refused: Refusal[] = [];
  const wanted: Wanted[] = [];
  if (views !== 'all') refused.push(refusal('views', 'A route holds for all clients of a namespace', { instead: 'change all views' }));
  for (const intent of intents) {
    if (!('to' in intent)) {
      refused.push(refusal('mirror' in intent ? 'mirror' : 'fault', 'Only destinations are written, no mirrors and no faults'));
      continue;
    }
    const to = intent.to.flatMap(({ version, weight }) => {
      const found = versions.find(({ id }) => id === version);
      if (found?.realise === 'service') return [{ ...found.service, weight }];
      refused.push(refusal(`to.${found?.realise ?? 'service'}`, `Version ${version} is no Service of its own, and a backend must be one`));
      return [];
    });
    for (const match of intent.match.length === 0 ? [{}] : intent.match) {
      const feature = unwritable(match);
      const why = invalid(match);
      if (why !== undefined) refused.push(refusal('match-value', `This condition cannot be written: ${why}`));
      else if (feature === undefined) wanted.push({ match, to });
      else refused.push(refusal(feature, `A route cannot express this condition (${feature})`));
    }
  }
  return refused.length > 0 ? { refused } : { ok: wanted };
}
