import { type Owner, sameOwner } from '@heddle/core';
import { type Raw, records } from '../decode/raw.js';
import { parseRuleName } from '../owned/rule-name.js';
import { isUnconditional } from './filters.js';

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
 * standing routes with a match by name, then those without (design §6). An owner's rules stay in the order of what they copy.
 */
export function arrange(foreign: readonly Raw[], placed: readonly Placed[]): readonly Raw[] {
  const unconditional = new Set(placed.flatMap(({ rule }) => (records(rule.match).every(isUnconditional) ? ownerText(rule) : [])));
  const sorted = placed.toSorted((a, b) => a.gap - b.gap || compareRank(a.rule, b.rule, unconditional));
  const inGap = (gap: number) => sorted.filter((one) => Math.min(one.gap, foreign.length) === gap).map(({ rule }) => rule);
  return [...foreign.flatMap((rule, gap) => [...inGap(gap), rule]), ...inGap(foreign.length)];
}

const ownerText = (rule: Raw): string => JSON.stringify(ownerOf(rule));

function compareRank(a: Raw, b: Raw, unconditional: ReadonlySet<string>): number {
  const [left, right] = [rank(a, unconditional), rank(b, unconditional)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? '';
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

function rank(rule: Raw, unconditional: ReadonlySet<string>): readonly (string | number)[] {
  const name = parseRuleName(rule.name);
  if (name === undefined) return [3];
  const { owner, n } = name;
  const group = owner.kind === 'session' ? 0 : unconditional.has(ownerText(rule)) ? 2 : 1;
  // Ids of sessions are time-sortable.
  return [group, owner.id, owner.namespace, n];
}
