import type { OwnedRule } from '../contracts/mesh-adapter.js';
import { type ObjectRef, refKey } from '../model/object.js';
import { groupBy } from '../plan/group-by.js';

/** A rule as the record keeps it: where, and the hash as read back after the write. */
export interface RecordedHash {
  readonly ref: ObjectRef;
  readonly hash: string;
}

export interface ForeignEdits {
  /** Rules with our name whose content is not what we wrote: theirs now, to be shown beside what was recorded, and left alone. */
  readonly edited: readonly { readonly found: OwnedRule; readonly recorded: readonly RecordedHash[] }[];
  /** Recorded rules that are nowhere in their object any more, neither as written nor edited. */
  readonly missing: readonly RecordedHash[];
}

/**
 * What others did to an owner's rules, judged object by object. An object for which nothing is recorded yet holds no edited rule:
 * there the name alone counts, since the record of a write may not have been made (a crash in between).
 */
export function foreignEdits(recorded: readonly RecordedHash[], owned: readonly OwnedRule[]): ForeignEdits {
  const written = groupBy(recorded, ({ ref }) => refKey(ref));
  const live = groupBy(owned, ({ ref }) => refKey(ref));
  const edited: ForeignEdits['edited'][number][] = [];
  const missing: RecordedHash[] = [];
  for (const [key, records] of written) {
    const found = live.get(key) ?? [];
    const gone = records.filter(({ hash }) => !found.some((rule) => rule.hash === hash));
    const strange = found.filter(({ hash }) => !records.some((record) => record.hash === hash));
    edited.push(...strange.map((rule) => ({ found: rule, recorded: gone })));
    if (strange.length === 0) missing.push(...gone);
  }
  return { edited, missing };
}
