import { type MeshEnvironment, type Note, ok, type Refusal, type Result } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import type { Placed } from './arrange.js';
import { copiesOf } from './copies.js';
import { itemOf } from './delegates.js';
import { endsTheList } from './filters.js';
import { relationOf } from './relation.js';
import type { Exposed, Site } from './site.js';
import { unmatchedRules } from './unmatched.js';
import type { Wanted } from './wanted.js';

export interface Placing {
  /** Rules without names, in order. */
  readonly placed: readonly Placed[];
  readonly notes: readonly Note[];
  /** The originals of copies that decide for others as well. */
  readonly shared: readonly Raw[];
}

interface Draft extends Placed {
  readonly intent: number;
}

/**
 * One copy per intent of each foreign rule that decides requests to the service, in front of the block of such rules that it belongs to.
 * A rule that decides for others in between stays in front: behind it, a copy takes just what its original would have got.
 */
export function placeRules(
  site: Site,
  foreign: readonly Raw[],
  wanted: readonly Wanted[],
  exposed: Exposed,
  env: MeshEnvironment,
): Result<Placing> {
  const refused: Refusal[] = [];
  const notes = new Map<string, Note>();
  const drafts: Draft[] = [];
  const shared: Raw[] = [];
  let gap = 0;
  let ended = false;
  for (const [index, item] of foreign.entries()) {
    if (ended) break;
    const { rules, delegated } = itemOf(item, index, site, env);
    // Rules that copies of later ones must stay behind: they cannot, where both come from one delegate.
    const earlier: Raw[] = [];
    for (const effective of rules) {
      if (ended) break;
      const { rule } = effective;
      ended = endsTheList(rule);
      const relation = relationOf(rule, site, exposed, env);
      if (relation === 'barrier') {
        earlier.push(rule);
        continue;
      }
      for (const [intent, want] of wanted.entries()) {
        const copies = copiesOf(effective, relation.pieces, want, { site, exposed, env, earlier: delegated ? [...earlier] : [] });
        if ('refused' in copies) {
          refused.push(...copies.refused);
          continue;
        }
        drafts.push(...copies.ok.rules.map((copy) => ({ gap, rule: copy, intent })));
        for (const note of copies.ok.notes) notes.set(note.message, note);
        if (copies.ok.shared) shared.push(rule);
      }
      // It decides for other ports or another plane as well, where copies of later rules may match.
      if (relation.pieces.some((piece) => Object.keys(piece.restrict).length > 0)) earlier.push(rule);
    }
    if (earlier.length > 0) gap = index + 1;
  }
  for (const [intent, want] of wanted.entries()) {
    const unmatched = unmatchedRules(site, want, exposed);
    if ('refused' in unmatched) refused.push(...unmatched.refused);
    else drafts.push(...unmatched.ok.map((rule) => ({ gap, rule, intent })));
  }
  if (refused.length > 0) return { refused: unique(refused) };
  const placed = drafts.toSorted((a, b) => a.gap - b.gap || a.intent - b.intent);
  return ok({ placed, notes: [...notes.values()], shared });
}

/** Several intents may fail for one reason. */
const unique = (refused: readonly Refusal[]) => [...new Map(refused.map((one) => [one.code + one.message, one])).values()];
