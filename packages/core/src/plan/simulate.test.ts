import { describe, expect, it } from 'vitest';
import type { ObjectEdit } from '../model/change.js';
import { type KubeObject, metaOf, type ObjectQuery } from '../model/object.js';
import { observeObjects, queryKey } from '../model/observed.js';
import { allObjects, seenObject, simulate, withAssumed, withoutObjects } from './simulate.js';

const object = (name: string, namespace: string, labels: Record<string, string> = {}, spec: unknown = {}): KubeObject => ({
  apiVersion: 'x.test/v1',
  kind: 'Thing',
  metadata: { name, namespace, labels },
  spec,
});
const query = (more: Partial<ObjectQuery> = {}): ObjectQuery => ({ group: 'x.test', kind: 'Thing', ...more });
const queries = [
  query(),
  query({ namespace: 'a' }),
  query({ name: 'new' }),
  query({ labelSelector: 'app=web' }),
  { group: '', kind: 'Pod' },
];
const seen = observeObjects([object('one', 'a'), object('two', 'b', { app: 'web' })], queries);
const ref = (name: string, namespace: string) => ({ apiVersion: 'x.test/v1beta1', kind: 'Thing', namespace, name });
const at = { stage: 'rules' as const, why: 'test' };
const names = (state: typeof seen) =>
  queries.map((each) => {
    const observation = state.get(queryKey(each));
    return observation !== undefined && 'objects' in observation ? observation.objects.map((found) => metaOf(found).name) : undefined;
  });

describe('simulate', () => {
  it('shows a created object in every query that it matches, as the youngest', () => {
    const edit: ObjectEdit = { ...at, ref: ref('new', 'a'), op: 'create', body: object('new', 'a', { app: 'web' }) };
    const after = simulate(seen, [edit]);
    expect(names(after)).toEqual([['one', 'two', 'new'], ['one', 'new'], ['new'], ['two', 'new'], []]);
    expect(metaOf(seenObject(after, edit.ref)).creationTimestamp).toBe('9999-12-31T23:59:59Z');
    expect(names(seen)).toEqual([['one', 'two'], ['one'], [], ['two'], []]);
  });

  it('moves a replaced object in and out of queries by its new labels, in place', () => {
    const edit: ObjectEdit = {
      ...at,
      ref: ref('one', 'a'),
      op: 'replace',
      body: object('one', 'a', { app: 'web' }, { x: 1 }),
      uid: 'u',
      resourceVersion: '1',
    };
    expect(names(simulate(seen, [edit]))).toEqual([['one', 'two'], ['one'], [], ['two', 'one'], []]);
    expect(seenObject(simulate(seen, [edit]), edit.ref)).toMatchObject({ spec: { x: 1 } });
  });

  it('takes deleted objects out, whatever version they are named in', () => {
    const edit: ObjectEdit = { ...at, ref: ref('two', 'b'), op: 'delete', uid: 'u', resourceVersion: '1' };
    expect(names(simulate(seen, [edit]))).toEqual([['one'], ['one'], [], [], []]);
  });

  it('leaves what was not read unread', () => {
    const unread = new Map([[queryKey(query()), { unread: 'forbidden' }]]);
    expect(simulate(unread, [{ ...at, ref: ref('new', 'a'), op: 'create', body: object('new', 'a') }])).toEqual(unread);
  });
});

describe('withAssumed', () => {
  it('adds what is not there, and prefers what is', () => {
    const state = withAssumed(seen, [object('one', 'a', {}, { assumed: true }), object('three', 'b')]);
    expect(names(state)).toEqual([['one', 'two', 'three'], ['one'], [], ['two'], []]);
    expect(seenObject(state, ref('one', 'a'))).toMatchObject({ spec: {} });
    expect(allObjects(state)).toHaveLength(3);
  });
});

describe('withoutObjects', () => {
  it('leaves them out wherever they were seen, in whatever version, and keeps what was not read', () => {
    const state = withoutObjects(new Map([...seen, ['|Secret|*|*|', { unread: 'forbidden' }]]), [
      { apiVersion: 'x.test/v2', kind: 'Thing', metadata: { name: 'two', namespace: 'b' } },
      object('two', 'a'),
    ]);
    expect(names(state)).toEqual([['one'], ['one'], [], [], []]);
    expect(state.get('|Secret|*|*|')).toEqual({ unread: 'forbidden' });
    expect(withoutObjects(seen, [])).toBe(seen);
  });
});
