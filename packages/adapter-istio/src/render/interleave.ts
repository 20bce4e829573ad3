import { canonicalJson, type RequestSource, sourcesCover, sourcesMeet } from '@heddle/core';
import type { Raw } from '../decode/raw.js';

/** An HTTP rule before it is known for which callers it is. Without matches it is for every request: the end of a list. */
export interface Draft {
  readonly name?: string;
  readonly matches: readonly Raw[];
  readonly body: Raw;
}

/** A rule for some callers. */
export interface Item extends Draft {
  readonly sources: readonly RequestSource[];
}

/** The rules of some callers; the last is an end. */
export interface CallersRules {
  readonly sources: readonly RequestSource[];
  readonly drafts: readonly Draft[];
}

export const isEnd = ({ matches }: Draft): boolean => matches.length === 0;

/**
 * One list in which all callers find their own rules, the first section that names them counting. What a wider section says too is said
 * once: the narrower one's own rules go between.
 */
export const interleaved = (sections: readonly CallersRules[]): readonly Item[] =>
  sections.reduceRight<readonly Item[]>((items, section) => inserted(section, items), []);

/** The rules in front, unless all that these callers would meet in the list is among them, in the same order. */
function inserted({ sources, drafts }: CallersRules, items: readonly Item[]): readonly Item[] {
  const own = drafts.map((draft): Item => ({ ...draft, sources }));
  const before = new Map<number, readonly Item[]>();
  let next = 0;
  for (const [index, item] of items.entries()) {
    if (!sourcesMeet(item.sources, sources)) continue;
    const found = sourcesCover(item.sources, sources) ? own.findIndex((one, at) => at >= next && isSame(one, item)) : -1;
    if (found < 0) return [...own, ...items];
    before.set(index, own.slice(next, found));
    next = found + 1;
    if (isEnd(item)) return items.flatMap((one, at) => [...(before.get(at) ?? []), one]);
  }
  return [...own, ...items];
}

const isSame = (a: Draft, b: Draft): boolean => canonicalJson([a.name, a.matches, a.body]) === canonicalJson([b.name, b.matches, b.body]);

/** Neighbours of one name that do the same are one rule, and what the end of a list does anyway needs none before it. */
export function tidied(items: readonly Item[]): readonly Item[] {
  const out: Item[] = [];
  const asBefore = (item: Item): Item | undefined => {
    const last = out.at(-1);
    return last !== undefined && canonicalJson(last.body) === canonicalJson(item.body) ? last : undefined;
  };
  for (const item of items) {
    for (let last = asBefore(item); isEnd(item) && last !== undefined && sourcesCover(item.sources, last.sources); last = asBefore(item))
      out.pop();
    const last = asBefore(item);
    const joins = last !== undefined && !isEnd(item) && !isEnd(last) && last.name === item.name;
    if (joins && canonicalJson(last.sources) === canonicalJson(item.sources)) {
      out[out.length - 1] = { ...last, matches: [...last.matches, ...item.matches] };
    } else out.push(item);
  }
  return out;
}

/**
 * Without the ends that Istio has by itself: `notFound` for callers whom a rule is for, `own` for those whom none is for (istio
 * `pilot/pkg/networking/core/route/route.go`, BuildHTTPRoutesForVirtualService, 1.31).
 */
export function withoutNeedless(items: readonly Item[], { own, notFound }: { readonly own: Raw; readonly notFound: Raw }): readonly Item[] {
  const is = (item: Item, body: Raw) => canonicalJson(item.body) === canonicalJson(body);
  let kept = items;
  for (const item of items.toReversed().filter(isEnd)) {
    const index = kept.indexOf(item);
    const [earlier, later] = [kept.slice(0, index), kept.slice(index + 1)].map((some) =>
      some.filter((one) => sourcesMeet(one.sources, item.sources)),
    );
    if (later === undefined || earlier === undefined || later.length > 0) continue;
    const ended = (one: Item) => earlier.slice(earlier.indexOf(one)).some((end) => isEnd(end) && sourcesCover(end.sources, one.sources));
    const idle =
      (is(item, own) && earlier.every(ended)) || (is(item, notFound) && earlier.some((one) => sourcesCover(one.sources, item.sources)));
    if (idle) kept = kept.filter((one) => one !== item);
  }
  return kept;
}
