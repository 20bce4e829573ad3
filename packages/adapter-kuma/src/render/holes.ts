import { type Match, matchImplies } from '@heddle/core';
import { nobody } from './destinations.js';
import { type Draft, NOT_FOUND, type TableContext } from './drafts.js';
import type { Entry } from './entry.js';
import { lost } from './losses.js';
import { meet } from './meet.js';
import { within } from './rewrites.js';

/** More entries than this are not written. */
const MOST = 400;

const NOT_TOLD = lost('match.not', 'The rule is left out: what it must not match cannot be told apart', 'match what is wanted instead');

/** Holes are filled with what later entries do there: these entries go in front. */
export function filled(drafts: readonly Draft[], context: TableContext): readonly Entry[] {
  let tail: readonly Entry[] = [];
  for (const { holes, ...entry } of drafts.toReversed()) {
    const inHoles = holes.map((hole) => inHole(entry, hole, tail, context));
    if (inHoles.includes('unsayable') || inHoles.flat().length + tail.length > MOST) {
      const { losses, service, table } = context;
      losses.add({ service, table, rule: entry.rule }, NOT_TOLD);
      continue;
    }
    tail = [...inHoles.flatMap((one) => (one === 'unsayable' ? [] : one)), entry, ...tail];
  }
  return tail;
}

/** What later entries do in a hole: of the entry's own requests, or where no match can say that, of all that are in the hole. */
function inHole(entry: Entry, hole: Match, tail: readonly Entry[], context: TableContext): readonly Entry[] | 'unsayable' {
  const inside = meet(entry.match, hole);
  if (inside === 'never') return [];
  const own = inside === 'unsayable' ? inside : tailWithin(inside, tail, context);
  return own === 'unsayable' ? tailWithin(hole, tail, context) : own;
}

function tailWithin(inside: Match, tail: readonly Entry[], context: TableContext): readonly Entry[] | 'unsayable' {
  const found: Entry[] = [];
  for (const later of tail) {
    const both = meet(inside, later.match);
    if (both === 'never') continue;
    const parts = both === 'unsayable' ? undefined : within(later, both);
    if (parts === undefined) return 'unsayable';
    for (const part of parts) {
      // Where a later rule would take them, requests cannot be left without one.
      const isNowhere = part.effect.to === 'nowhere';
      const told = isNowhere ? { effect: { ...part.effect, to: [nobody(context)] }, losses: [...later.losses, NOT_FOUND] } : {};
      found.push({ ...later, ...part, ...told });
    }
  }
  return withoutDead(found);
}

/** Without those of which an earlier one takes every request. */
export function withoutDead(all: readonly Entry[]): readonly Entry[] {
  const kept: Entry[] = [];
  for (const one of all) if (!kept.some(({ match }) => matchImplies(one.match, match))) kept.push(one);
  return kept;
}
