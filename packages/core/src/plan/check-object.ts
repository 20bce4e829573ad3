import type { MeshAdapter } from '../contracts/mesh-adapter.js';
import type { ObjectEdit } from '../model/change.js';
import { describeRef, type KubeObject } from '../model/object.js';
import { type Owner, ownerKey, sameOwner } from '../model/owner.js';
import { canonicalJson } from './content-hash.js';
import { foreignContent, isManaged, parentPointers, resolvePointer } from './foreign-content.js';

/**
 * What is wrong with an edit of one object. Of others' objects nothing but the owner's own rules (as the adapter's `owned` names
 * them) may differ; of heddle's own, the rules of other owners must stay, byte for byte and in order.
 */
export function checkObject(
  edit: ObjectEdit,
  before: KubeObject | undefined,
  owner: Owner,
  adapter: Pick<MeshAdapter, 'owned'>,
): readonly string[] {
  const name = describeRef(edit.ref);
  if (before === undefined && edit.op !== 'create') return [`${name} would be ${edit.op}d, but was not seen`];
  if (before !== undefined && edit.op === 'create') return [`${name} would be created, but exists`];
  const after = edit.op === 'delete' ? undefined : edit.body;
  if (before !== undefined && !isManaged(before)) {
    if (after === undefined) return [`${name} would be deleted, but is not heddle's`];
    return sameForeignContent(before, after, owner, adapter)
      ? []
      : [`${name} would change in parts that are not ${ownerKey(owner)}'s: ${firstDifference(before, after, owner, adapter)}`];
  }
  const [was, is] = [before, after].map((object) => (object === undefined ? [] : rulesOfOthers(object, owner, adapter)));
  return canonicalJson(was) === canonicalJson(is) ? [] : [`${name} would change rules of other owners`];
}

function rulesOfOthers(object: KubeObject, owner: Owner, adapter: Pick<MeshAdapter, 'owned'>): readonly unknown[] {
  const rules = adapter.owned(object).filter((rule) => !sameOwner(rule.owner, owner));
  return rules.map((rule) => [ownerKey(rule.owner), resolvePointer(object, rule.pointer)]);
}

function foreignParts(
  before: KubeObject,
  after: KubeObject,
  owner: Owner,
  adapter: Pick<MeshAdapter, 'owned'>,
): readonly [unknown, unknown] {
  const own = (object: KubeObject) =>
    adapter
      .owned(object)
      .filter((rule) => sameOwner(rule.owner, owner))
      .map(({ pointer }) => pointer);
  const [was, is] = [own(before), own(after)];
  const emptied = parentPointers([...was, ...is]);
  return [foreignContent(before, was, emptied), foreignContent(after, is, emptied)];
}

function sameForeignContent(...args: Parameters<typeof foreignParts>): boolean {
  const [was, is] = foreignParts(...args);
  return canonicalJson(was) === canonicalJson(is);
}

/** Where the two first differ: `/spec/http/1/rewrite`. Counted without the owner's rules. */
function firstDifference(...args: Parameters<typeof foreignParts>): string {
  const [was, is] = foreignParts(...args);
  return differenceAt(was, is, '') ?? 'nothing';
}

function differenceAt(a: unknown, b: unknown, at: string): string | undefined {
  if (canonicalJson(a) === canonicalJson(b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return at;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return `${at} (${a.length} items before, ${b.length} after)`;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
    const found = differenceAt(x[key], y[key], `${at}/${key}`);
    if (found !== undefined) return found;
  }
  return at;
}
