import { type Owner, sameOwner } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { parseRuleName } from '../owned/rule-name.js';

/** A rule of ours and the number of foreign rules that stay in front of it. */
export interface Placed {
  readonly gap: number;
  readonly rule: Raw;
}

export const ownerOf = (rule: Raw): Owner | undefined => parseRuleName(rule.name)?.owner;

export const isForeign = (rule: Raw): boolean => ownerOf(rule) === undefined;

export const isOf = (rule: Raw, owner: Owner): boolean => {
  const whose = ownerOf(rule);
  return whose !== undefined && sameOwner(whose, owner);
};

/** The rules of all other owners, where they stand among the foreign ones. */
export function placedOthers(http: readonly Raw[], owner: Owner): readonly Placed[] {
  let gap = 0;
  const placed: Placed[] = [];
  for (const rule of http) {
    if (isForeign(rule)) gap += 1;
    else if (!isOf(rule, owner)) placed.push({ gap, rule });
  }
  return placed;
}

/**
 * The list in its one order, whoever came first: foreign rules as they stood; in each gap between them sessions, older first, then
 * standing routes, which are each another service's, by id (design §6). An owner's rules stay in the order that it gave them.
 */
export function arrange(foreign: readonly Raw[], placed: readonly Placed[]): readonly Raw[] {
  const sorted = placed.toSorted((a, b) => a.gap - b.gap || compareRank(a.rule, b.rule));
  const inGap = (gap: number) => sorted.filter((one) => Math.min(one.gap, foreign.length) === gap).map(({ rule }) => rule);
  return [...foreign.flatMap((rule, gap) => [...inGap(gap), rule]), ...inGap(foreign.length)];
}

function compareRank(a: Raw, b: Raw): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? '';
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function rank(rule: Raw): readonly (string | number)[] {
  const name = parseRuleName(rule.name);
  if (name === undefined) return [2];
  const { owner, n } = name;
  // Ids of sessions are time-sortable.
  return [owner.kind === 'session' ? 0 : 1, owner.id, owner.namespace, n];
}
