import { type Change, type Intent, isRecord, type KubeObject, type MeshAdapter, type ObjectEdit } from '@heddle/core';
import { type Break, mapDeep, withEdits } from './spoil.js';

type Encode = MeshAdapter['encode'];

/** The adapter, asked for something else than it was where the change is of standing routes. */
const asking =
  (other: (change: Change) => Change): Break =>
  (adapter) => ({
    ...adapter,
    encode: (change, seen, env) => adapter.encode(change.owner.kind === 'route' ? other(change) : change, seen, env),
  });

const withIntents = (make: (intents: readonly Intent[]) => readonly Intent[]): Break =>
  asking((change) => ({ ...change, intents: make(change.intents) }));

/** Leaves out the last of the conditions that must all hold. */
export const widensMatches = withIntents((intents) =>
  intents.map((intent) => ({
    ...intent,
    match: intent.match.map(({ headers = [], ...match }) => ({ ...match, headers: headers.slice(0, -1) })),
  })),
);

/** Knows one thing to do. */
export const losesSecondIntent = withIntents((intents) => intents.slice(0, 1));

/** Lets faults be for everybody. */
export const faultsForEverybody = withIntents((intents) =>
  intents.map((intent) => ('fault' in intent ? { ...intent, match: [] } : intent)),
);

/** Takes the last of the intents that are for one request. */
export const lastIntentFirst = withIntents((intents) => intents.toReversed());

/** Forgets no mirror: once one was wanted, it is written for ever. */
export const keepsMirror: Break = (adapter) => {
  let last: { readonly change: Change; readonly intent: Intent } | undefined;
  const encode: Encode = (change, seen, env) => {
    if (change.owner.kind !== 'route') return adapter.encode(change, seen, env);
    const mirror = change.intents.find((intent) => 'mirror' in intent);
    if (mirror !== undefined) last = { change, intent: mirror };
    if (mirror !== undefined || last === undefined) return adapter.encode(change, seen, env);
    const versions = [...change.versions, ...last.change.versions.filter(({ id }) => !change.versions.some((one) => one.id === id))];
    return adapter.encode({ ...change, versions, intents: [...change.intents, last.intent] }, seen, env);
  };
  return { ...adapter, encode };
};

/** Copies rules of others without their mirrors. */
export const dropsForeignMirror: Break = (adapter) =>
  withEdits(adapter, (edits, change) =>
    change.owner.kind === 'session' || change.intents.some((intent) => 'mirror' in intent)
      ? edits
      : edits.map((edit) => withRules(adapter, edit, (rule) => mapDeep(rule, withoutMirror))),
  );

function withoutMirror(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !(isRecord(one) && /mirror/i.test(String(one.type))));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !/mirror/i.test(key))) : value;
}

/** Puts rules of standing routes before those of sessions, in lists that hold both. */
export const standingFirst: Break = (adapter) =>
  withEdits(adapter, (edits) =>
    edits.map((edit): ObjectEdit => {
      if (edit.op === 'delete') return edit;
      const owned = adapter.owned(edit.body);
      const kindAt = (at: string) => owned.find(({ pointer }) => pointer === at)?.owner.kind ?? 'foreign';
      const rank = (at: string) => ['route', 'session', 'foreign'].indexOf(kindAt(at));
      return { ...edit, body: sortedLists(edit.body, '', rank) as KubeObject };
    }),
  );

function sortedLists(value: unknown, at: string, rank: (pointer: string) => number): unknown {
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sortedLists(one, `${at}/${key}`, rank)]));
  if (!Array.isArray(value)) return value;
  const ranked = value.map((one, index) => [rank(`${at}/${index}`), sortedLists(one, `${at}/${index}`, rank)] as const);
  return ranked.toSorted(([a], [b]) => a - b).map(([, one]) => one);
}

/** An edit in which the rules that are heddle's are others. */
function withRules(adapter: MeshAdapter, edit: ObjectEdit, make: (rule: unknown) => unknown): ObjectEdit {
  if (edit.op === 'delete') return edit;
  const ours = new Set(adapter.owned(edit.body).map(({ pointer }) => pointer));
  const walk = (value: unknown, at: string): unknown => {
    if (ours.has(at)) return make(value);
    if (Array.isArray(value)) return value.map((one, index) => walk(one, `${at}/${index}`));
    return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, `${at}/${key}`)])) : value;
  };
  return { ...edit, body: walk(edit.body, '') as KubeObject };
}
